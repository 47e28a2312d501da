import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

LIMIT_S = 20.0
MOCK_MOMO = (sys.executable, "-m", "mock_momo")


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str


class Console:
    """Runs `mock-momo` in child processes, away from this process's own environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MTN_", "MOCK_MOMO_"))
        }

    def run(self, *arguments: str, **variables: str) -> Ended:
        """Run a command that ends by itself."""
        with self.start(*arguments, **variables) as child:
            out, err = child.communicate(timeout=LIMIT_S)
        return Ended(child.returncode, out, err)

    @contextmanager
    def start(self, *arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(
            [*MOCK_MOMO, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment | variables,
            cwd=self.folder,
        ) as child:
            try:
                yield child
            finally:
                child.kill()

    @contextmanager
    def serving(self, *arguments: str, **variables: str) -> Iterator["Serving"]:
        """`serve` on a free port, from its READY line on."""
        with self.start("serve", "--port", "0", *arguments, **variables) as child:
            assert child.stdout is not None
            lines = []
            for line in child.stdout:
                lines.append(line)
                if line.startswith("READY "):
                    break
            yield Serving(child, lines)


@dataclass(frozen=True, slots=True)
class Serving:
    """A fake in a child process and what it has printed."""

    child: subprocess.Popen[str]
    lines: list[str]

    @property
    def url(self) -> str:
        return self.lines[-1].split("url=")[1].split()[0]

    def stop(self, number: int = signal.SIGTERM) -> Ended:
        self.child.send_signal(number)
        self.child.wait(LIMIT_S)
        assert self.child.stdout is not None
        assert self.child.stderr is not None
        out = "".join([*self.lines, *self.child.stdout])
        return Ended(self.child.returncode, out, self.child.stderr.read())


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)
