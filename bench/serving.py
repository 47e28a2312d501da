"""A fake in a child process of which the process matters: its memory, its end."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mock_momo.testing import Control

_SERVE = (sys.executable, "-P", "-m", "mock_momo", "serve", "--port", "0")


@dataclass(frozen=True, slots=True)
class Serving:
    """`mock-momo serve` as it runs: its control API, and its process."""

    control: Control
    child: subprocess.Popen[str]


@contextmanager
def serving(*options: str) -> Iterator[Serving]:
    """`mock-momo serve` with these options, on a free port, for as long as the block lasts."""
    with subprocess.Popen((*_SERVE, *options), stdout=subprocess.PIPE, text=True) as child:
        try:
            yield Serving(Control(_url(child)), child)
        finally:
            child.kill()


def _url(child: subprocess.Popen[str]) -> str:
    for line in child.stdout or ():
        if line.startswith("READY "):
            return line.split("url=")[1].split()[0]
    raise SystemExit("mock-momo serve ended before it was ready; its message is above")
