"""Running a command while what it writes is passed on and written down."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

from momo_conformance.one_run import STREAMS

_PART = 1 << 16


def run_watched(command: Sequence[str], folder: Path) -> int:
    """Run it to its end, and return its code; its streams go where ours go.

    All of each is in a file of the folder, too, that has its name. Raises OSError when it cannot
    be run.
    """
    child = subprocess.Popen(  # noqa: S603  # the user's own command
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    streams = (child.stdout, sys.stdout.buffer), (child.stderr, sys.stderr.buffer)
    copiers = [
        Thread(target=_copy, args=(*pair, (folder / name).open("wb", buffering=0)), daemon=True)
        for pair, name in zip(streams, STREAMS, strict=True)
    ]
    for copier in copiers:
        copier.start()
    code = _wait(child)
    for copier in copiers:
        copier.join(1)  # a grandchild that lives on may hold the pipes open
    return code


def _wait(child: subprocess.Popen[bytes]) -> int:
    """Ctrl-C has reached it too, SIGTERM is passed on: it ends in its own time."""
    before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        while True:
            with suppress(KeyboardInterrupt):
                return child.wait()
    finally:
        signal.signal(signal.SIGTERM, before)


def _copy(source: IO[bytes], target: IO[bytes], kept: IO[bytes]) -> None:
    """To its end, whatever becomes of the target: a pipe that is not emptied holds the child up."""
    with kept:
        while part := source.read1(_PART):  # type: ignore[attr-defined]  # a pipe is a BufferedReader
            with suppress(OSError):  # a full disk is no reason to hold it up either
                kept.write(part)
            try:
                target.write(part)
                target.flush()
            except BrokenPipeError:
                _lead_nowhere(target)
            except OSError:
                continue


def _lead_nowhere(target: IO[bytes]) -> None:
    """What nobody reads any more, as before `| head`, is written without complaint from now on."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), target.fileno())
