"""A child process that speaks lines: its streams read by threads, its end in bounded time."""

import os
import shlex
import signal
import subprocess
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Lock, Thread
from typing import IO

from momo_conformance.errors import DriverError, InvalidCommand

GRACE_S = 1.0
"""How long each step towards the end may take: stop, end of input, SIGTERM, SIGKILL."""

LINE_LIMIT = 1 << 20
"""The longest line that is read, in bytes; what follows counts as the next line."""

STDERR_LINES = 64
"""So many lines of it are shown when it dies."""

OUTPUT_LIMIT = 1 << 22
"""So many characters of stderr are kept to be searched."""


class Child:
    """A running child. `take` is called with each line of its stdout, and with None at the end."""

    def __init__(
        self,
        command: str,
        environment: Mapping[str, str],
        take: Callable[[str | None], None],
    ) -> None:
        """Start it. Raises InvalidCommand, and DriverError when it cannot be run."""
        self._take = take
        self._writing = Lock()
        self._stderr: deque[str] = deque()
        self._length = 0
        self._process = _spawn(command, environment)
        self._stdin, stdout, stderr = _streams(self._process)
        self._readers = (
            Thread(target=self._read_stdout, args=(stdout,), daemon=True),
            Thread(target=self._read_stderr, args=(stderr,), daemon=True),
        )

    def start(self) -> None:
        """Begin to read what it says."""
        for reader in self._readers:
            reader.start()

    def write(self, line: str) -> bool:
        """Write a line; False when nobody reads it any more."""
        try:
            with self._writing:
                self._stdin.write(f"{line}\n".encode())
                self._stdin.flush()
        except (OSError, ValueError):  # a broken pipe, or one that `stop` has closed
            return False
        return True

    def stop(self) -> None:
        """Close its input, then SIGTERM, then SIGKILL."""
        with suppress(OSError):
            self._stdin.close()
        for push in (None, self._process.terminate, self._process.kill):
            if push is not None:
                push()
            if self._has_ended():
                break
        for reader in self._readers:
            reader.join(GRACE_S)  # a grandchild may hold the pipes open: it is left behind

    def kill(self) -> None:
        """SIGKILL, and wait for its end."""
        self._process.kill()
        self.stop()

    def how_it_ended(self) -> str:
        """What became of it, after its stdout has ended."""
        if not self._has_ended():
            return "closed its stdout"
        code = self._process.returncode
        if code < 0:
            return f"died of signal {-code} ({signal.Signals(-code).name})"
        return f"ended with exit code {code}"

    def last_words(self) -> str:
        """The end of its stderr, to be put behind a message."""
        self._readers[1].join(GRACE_S if self._process.returncode is not None else 0)
        return "; its stderr ends with:\n" + "\n".join(self.stderr) if self._stderr else ""

    @property
    def stderr(self) -> tuple[str, ...]:
        """The last lines that it wrote to stderr."""
        return tuple(line.rstrip() for line in list(self._stderr)[-STDERR_LINES:])

    @property
    def output(self) -> str:
        """The end of its stderr: as many lines as OUTPUT_LIMIT characters hold."""
        return "".join(list(self._stderr))

    def _read_stdout(self, stream: IO[bytes]) -> None:
        with stream:
            while line := stream.readline(LINE_LIMIT):
                self._take(line.decode(errors="replace"))
        self._take(None)

    def _read_stderr(self, stream: IO[bytes]) -> None:
        with stream:
            while line := stream.readline(LINE_LIMIT):
                text = line.decode(errors="replace")
                self._stderr.append(text)
                self._length += len(text)
                while self._length > OUTPUT_LIMIT:
                    self._length -= len(self._stderr.popleft())

    def _has_ended(self) -> bool:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE_S)
        return self._process.returncode is not None


def _spawn(command: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    words = words_of(command)
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(  # noqa: S603  # the user's own command
            words, stdin=pipe, stdout=pipe, stderr=pipe, env=dict(environment)
        )
    except OSError as problem:
        raise DriverError(f"cannot run the driver {words[0]!r}: {problem.strerror}") from None


def words_of(command: str) -> list[str]:
    """A command line as a shell would split it. Raises InvalidCommand."""
    try:
        words = shlex.split(command, posix=os.name != "nt")
    except ValueError as problem:  # a quote that is not closed, or a last backslash
        raise InvalidCommand(f"{command!r} is no command line: {problem}") from None
    if not words:
        raise InvalidCommand("it is empty; give a command line such as 'python -m my.driver'")
    return words


def _streams(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    if child.stdin is None or child.stdout is None or child.stderr is None:
        raise TypeError("the driver must be started with pipes")
    return child.stdin, child.stdout, child.stderr
