"""Real processes, each forked from a server that has imported everything and runs no threads."""

import os
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from threading import Lock

_SERVER = get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.crash.children"])

LIMIT_S = 60
"""How long a process may take; one that takes longer is killed, and that is a finding."""

ENDED, KILLED = 0, -9
"""Exit codes."""


_books = Lock()
"""Starting a process also notes how others have ended, and that is read but once."""


def started(work: Callable[..., None], *arguments: object) -> ForkServerProcess:
    """A process at work."""
    process = _SERVER.Process(target=_unconfigured, args=(work, *arguments), daemon=True)
    with _books:
        process.start()
    return process


def ended(work: Callable[..., None], *arguments: object) -> int | None:
    """The exit code of a process that has done its work or died; None if it had to be stopped."""
    process = started(work, *arguments)
    has_ended = bool(wait([process.sentinel], LIMIT_S))
    code = stopped(process)
    return code if has_ended else None


def stopped(process: ForkServerProcess) -> int | None:
    """The exit code of a process, which is killed unless it has ended."""
    with _books:
        if not wait([process.sentinel], 0):
            process.kill()
        process.join()
    code = process.exitcode
    process.close()
    return code


def _unconfigured(work: Callable[..., None], *arguments: object) -> None:
    """What the person who runs this has set must not configure the client."""
    for name in [name for name in os.environ if name.startswith("MTN_")]:
        del os.environ[name]
    work(*arguments)
