"""One run of a command to its end, which comes in bounded time; what it wrote is kept."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from momo_conformance.errors import DriverError
from momo_conformance.output import OUTPUT_LIMIT
from momo_conformance.process_group import kill_group, start_group


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code, None when it took too long; and the end of what it wrote."""

    code: int | None
    stdout: str
    stderr: str

    def __str__(self) -> str:
        how = "was killed, for it did not end" if self.code is None else f"ended with {self.code}"
        last = "\n".join(self.stderr.splitlines()[-_LAST_LINES:])
        return f"{how}; its stderr ends with:\n{last}" if last else how


STREAMS = ("stdout", "stderr")
_LAST_LINES = 20


def run_once(
    words: Sequence[str],
    variables: Mapping[str, str],
    within_s: float,
    search: Callable[[str, IO[bytes]], None] = lambda *_: None,
) -> Ended:
    """Run a command without input; its children end with it. Raises DriverError.

    `search` is given the whole of what it wrote: "stdout" or "stderr", and a file to be read.
    """
    with TemporaryFile() as stdout, TemporaryFile() as stderr:
        try:
            process = start_group(
                lambda: subprocess.Popen(  # noqa: S603  # the user's own command
                    words,
                    env={**os.environ, **variables},
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=stderr,
                    start_new_session=True,
                )
            )
        except OSError as problem:
            told = f"cannot run the command {words[0]!r}: {problem.strerror}"
            raise DriverError(told) from None
        code = None
        try:
            with suppress(subprocess.TimeoutExpired):
                code = process.wait(within_s)
        finally:
            kill_group(process)
            process.wait()
        for name, file in zip(STREAMS, (stdout, stderr), strict=True):
            file.seek(0)
            search(name, file)
        return Ended(code, _end_of(stdout), _end_of(stderr))


def _end_of(file: IO[bytes]) -> str:
    file.seek(max(0, file.seek(0, os.SEEK_END) - OUTPUT_LIMIT))
    return file.read().decode(errors="replace")
