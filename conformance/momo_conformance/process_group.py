"""A process in a session of its own, so that its children can be ended with it.

Whoever is started through a wrapper (`sh run.sh`, `npm run`, `mix run`) is a child of the process
that is known: a signal to that one alone would leave it running. A terminal's Ctrl-C does not reach
such a session either: whoever starts one has to end it.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import current_thread, main_thread
from typing import Final


class _Starts:
    """Whether the main thread is starting a process, and whether it is to be interrupted then."""

    under_way = False
    interrupted = False


_STARTS: Final = _Starts()


def start_group(
    start: Callable[[], subprocess.Popen[bytes]],
) -> subprocess.Popen[bytes]:
    """Start a process; `interrupt` meanwhile waits, and has it killed. Raises what `start` does."""
    if current_thread() is not main_thread():
        return start()
    _STARTS.under_way, _STARTS.interrupted = True, False
    try:
        process = start()
    finally:
        _STARTS.under_way = False
    if _STARTS.interrupted:
        kill_group(process)
        raise KeyboardInterrupt
    return process


def interrupt() -> None:
    """For a handler of signals: raises KeyboardInterrupt, but never lets a process get lost."""
    if not _STARTS.under_way:
        raise KeyboardInterrupt
    _STARTS.interrupted = True


def terminate_group(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM to a process that leads a session, and to its children, as far as there are any."""
    if sys.platform == "win32":
        process.terminate()
    else:
        _signal_group(process, signal.SIGTERM)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """The same with SIGKILL. The process itself may have ended long before its children."""
    if sys.platform == "win32":
        process.kill()
    else:
        _signal_group(process, signal.SIGKILL)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # the latter from some with zombies alone
        os.killpg(process.pid, number)
