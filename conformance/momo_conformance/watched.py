"""Running a command while what it writes is passed on and remembered."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

KEPT = 1 << 24
"""So many bytes of each stream are kept to be searched: the newest."""

_PART = 1 << 16


@dataclass(frozen=True, slots=True)
class Watched:
    """How it ended, and the end of what it wrote."""

    code: int
    stdout: str
    stderr: str


def run_watched(command: Sequence[str]) -> Watched:
    """Run it to its end; its streams go where ours go. Raises OSError when it cannot be run."""
    child = subprocess.Popen(  # noqa: S603  # the user's own command
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    kept: tuple[bytearray, bytearray] = bytearray(), bytearray()
    streams = (child.stdout, sys.stdout.buffer), (child.stderr, sys.stderr.buffer)
    copiers = [
        Thread(target=_copy, args=(*pair, place), daemon=True)
        for pair, place in zip(streams, kept, strict=True)
    ]
    for copier in copiers:
        copier.start()
    code = _wait(child)
    for copier in copiers:
        copier.join(1)  # a grandchild that lives on may hold the pipes open
    stdout, stderr = (bytes(part).decode(errors="replace") for part in kept)
    return Watched(code, stdout, stderr)


def _wait(child: subprocess.Popen[bytes]) -> int:
    """Ctrl-C has reached it too, SIGTERM is passed on: it ends in its own time."""
    before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        while True:
            with suppress(KeyboardInterrupt):
                return child.wait()
    finally:
        signal.signal(signal.SIGTERM, before)


def _copy(source: IO[bytes], target: IO[bytes], kept: bytearray) -> None:
    """To its end, whatever becomes of the target: a pipe that is not emptied holds the child up."""
    while part := source.read1(_PART):  # type: ignore[attr-defined]  # a pipe is a BufferedReader
        kept += part
        del kept[:-KEPT]
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
