"""The examination of a server that is started by a command."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mock_momo.testing import Control
from momo_conformance.errors import ServerUnreachable
from momo_conformance.server import examining
from momo_conformance.server.examining import Wanted, probes_for
from momo_conformance.server.grounds import FakeGround
from momo_conformance.server.listener import Listener
from momo_conformance.verdicts import Verdict


def command_of(*bugs: str) -> tuple[str, ...]:
    """Starts the fake with these bugs."""
    serve = ("serve", "--port", "0", "--with-stdin", "--log", "off")
    return (sys.executable, "-m", "tests.mutants.server", *bugs, *serve)


def examine_server(command: Sequence[str], wanted: Wanted) -> tuple[Verdict, ...]:
    """A verdict for each requirement of a server. Raises ServerUnreachable, MockMomoError."""
    with _running(command) as control, Listener() as listener:
        ground = FakeGround(control, listener)
        return examining.examine_server(ground, probes_for(ground, wanted)).verdicts


@contextmanager
def _running(command: Sequence[str]) -> Iterator[Control]:
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            yield Control(_url(server))
        finally:
            server.terminate()
            server.wait(10)


def _url(server: subprocess.Popen[str]) -> str:
    for line in server.stdout or ():
        if line.startswith("READY "):
            return line.split("url=")[1].split()[0]
    raise ServerUnreachable("the server ended before it was ready; its message is above")
