"""A child process that speaks lines: its streams read by threads, its end in bounded time."""

import os
import shlex
import signal
import subprocess
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO

from momo_conformance.errors import DriverError, InvalidCommand
from momo_conformance.process_group import kill_group, start_group, terminate_group

GRACE_S = 1.0
"""How long each step towards the end may take: stop, end of input, SIGTERM, SIGKILL."""

LINE_LIMIT = 1 << 20
"""The longest line that is read, in bytes; what follows counts as the next line."""

STDERR_LINES = 64
"""So many lines of it are shown when it dies."""


class Child:
    """A running child, and all that it has started, which ends with it.

    `take` is called with each line of its stdout, and with None at the end: of that, or of its
    reading. `hear` is called with each line of its stderr.
    """

    def __init__(
        self,
        command: str,
        environment: Mapping[str, str],
        take: Callable[[str | None], None],
        hear: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Start it. Raises InvalidCommand, and DriverError when it cannot be run."""
        self._take = take
        self._hear = hear
        self._unsent: SimpleQueue[str | None] = SimpleQueue()
        self._stderr: deque[str] = deque(maxlen=STDERR_LINES)
        self._process = _spawn(command, environment)
        stdin, stdout, stderr = _streams(self._process)
        self._listener = Thread(target=self._read_stderr, args=(stderr,), daemon=True)
        self._threads = (
            self._listener,  # the first to start: whoever learns of the end asks for last words
            Thread(target=self._write_stdin, args=(stdin,), daemon=True),
            Thread(target=self._read_stdout, args=(stdout,), daemon=True),
        )

    def start(self) -> None:
        """Begin to read what it says, and to write what it is told."""
        for thread in self._threads:
            thread.start()

    def write(self, line: str) -> None:
        """Have a line written as soon as it reads; this does not wait for it."""
        self._unsent.put(line)

    def stop(self) -> None:
        """Close its input, then SIGTERM, then SIGKILL; what it leaves running is killed at once."""
        self._unsent.put(None)
        for push in (None, terminate_group):
            if push is not None:
                push(self._process)
            if self._has_ended():
                break
        kill_group(self._process)
        self._has_ended()
        for thread in self._threads:
            thread.join(GRACE_S)  # who has left the session may hold the pipes open

    def kill(self) -> None:
        """SIGKILL to it and to all that it has started, and wait for its end."""
        kill_group(self._process)
        self.stop()

    def how_it_ended(self) -> str:
        """What became of it, after its stdout has ended."""
        if not self._has_ended():
            return "closed its stdout"
        code = self._process.returncode
        if code < 0:
            return f"died of signal {_signal_name(-code)}"
        return f"ended with exit code {code}"

    def last_words(self) -> str:
        """The end of its stderr, to be put behind a message."""
        self._listener.join(GRACE_S if self._process.returncode is not None else 0)
        return "; its stderr ends with:\n" + "\n".join(self.stderr) if self._stderr else ""

    @property
    def stderr(self) -> tuple[str, ...]:
        """The last lines that it wrote to stderr."""
        return tuple(line.rstrip() for line in list(self._stderr))

    def _write_stdin(self, stream: IO[bytes]) -> None:
        try:
            with stream:
                while (line := self._unsent.get()) is not None:
                    stream.write(f"{line}\n".encode())
                    stream.flush()
        except OSError:  # nobody reads it any more
            self._take(None)

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
                self._hear(text)

    def _has_ended(self) -> bool:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE_S)
        return self._process.returncode is not None


def _spawn(command: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    words = words_of(command)
    pipe = subprocess.PIPE
    try:
        return start_group(
            lambda: subprocess.Popen(  # noqa: S603  # the user's own command
                words,
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                env=dict(environment),
                start_new_session=True,
            )
        )
    except OSError as problem:
        raise DriverError(f"cannot run the driver {words[0]!r}: {problem.strerror}") from None


def _signal_name(number: int) -> str:
    """9 (SIGKILL); the number alone for one without a name, such as a real-time signal."""
    with suppress(ValueError):
        return f"{number} ({signal.Signals(number).name})"
    return str(number)


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
