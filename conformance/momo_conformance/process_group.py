"""A process in a session of its own, so that its children can be ended with it.

Whoever is started through a wrapper (`sh run.sh`, `npm run`, `mix run`) is a child of the process
that is known: a signal to that one alone would leave it running. A terminal's Ctrl-C does not reach
such a session either: whoever starts one has to end it.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress


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
