"""The driver: a client under test in a child process, asked in JSON lines on stdio.

The rules that hold whatever the child does: an answer is waited for only so long, stdout is for
protocol lines, stderr is kept but never judged, and the end comes in bounded time.
"""

import os
import shlex
import signal
import subprocess
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Self

from momo_conformance.errors import DriverError, InvalidCommand
from momo_conformance.protocol import VERSION, Answer, Ok, Unsupported, read_reply, write_request

ANSWER_S = 30.0
"""How long an answer may take in wall time, unless the caller says otherwise."""

GRACE_S = 1.0
"""How long each step towards the end may take: stop, end of input, SIGTERM, SIGKILL."""

LINE_LIMIT = 1 << 20
"""The longest line that is read, in bytes; what follows counts as the next line."""

STDERR_LINES = 64
BOGUS_OP = "examiner.bogus"


@dataclass(frozen=True, slots=True)
class Client:
    """What a driver says about its client in `hello`."""

    name: str
    version: str
    language: str
    has_clock: bool
    has_ledger: bool

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.language})"


class Driver:
    """A running driver. Use it as a context manager, or call `stop` in the end."""

    def __init__(self, command: str) -> None:
        """Start `command`, split as a shell would, but without a shell.

        Raises InvalidCommand, and DriverError when it cannot be run.
        """
        self._numbers = count(1)
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._stderr: deque[str] = deque(maxlen=STDERR_LINES)
        self._child = _spawn(command)
        self._stdin, stdout, stderr = _streams(self._child)
        self._readers = (
            Thread(target=self._read_stdout, args=(stdout,), daemon=True),
            Thread(target=self._read_stderr, args=(stderr,), daemon=True),
        )
        for reader in self._readers:
            reader.start()

    def ask(self, op: str, within_s: float = ANSWER_S, /, **fields: object) -> Answer:
        """Ask for one thing and wait for the answer. Raises DriverError."""
        number = next(self._numbers)
        self._send(op, write_request(number, op, fields))
        try:
            line = self._lines.get(timeout=within_s)
        except Empty:
            raise DriverError(
                f"the driver did not answer {op!r} within {within_s:g} s{self._last_words()}"
            ) from None
        if line is None:
            raise self._death(op)
        return read_reply(number, op, line)

    def introduce(self) -> Client:
        """Prove that an unknown op is answered as unsupported, then ask who is there.

        Raises DriverError.
        """
        if not isinstance(self.ask(BOGUS_OP), Unsupported):
            raise DriverError(
                f'the driver must answer an op it does not know with "unsupported": true; it '
                f"claims to know {BOGUS_OP!r}, so none of its answers means anything"
            )
        hello = self.ask("hello", protocol=VERSION)
        if not isinstance(hello, Ok):
            raise DriverError(f"the driver must answer 'hello' with ok; it said {hello}")
        client, caps = hello.value["client"], hello.value["caps"]
        return Client(
            client["name"],
            client["version"],
            client["language"],
            has_clock=caps["clock"] == "inject",
            has_ledger=caps["ledger"],
        )

    def stop(self) -> None:
        """End it in bounded time: ask it to stop, close its input, SIGTERM, SIGKILL."""
        with suppress(DriverError):
            self.ask("stop", GRACE_S)
        with suppress(OSError):
            self._stdin.close()
        for push in (None, self._child.terminate, self._child.kill):
            if push is not None:
                push()
            if self._has_ended():
                break
        for reader in self._readers:
            reader.join(GRACE_S)  # a grandchild may hold the pipes open: it is left behind

    @property
    def stderr(self) -> tuple[str, ...]:
        """The last lines that it wrote to stderr."""
        return tuple(self._stderr)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _send(self, op: str, line: str) -> None:
        try:
            self._stdin.write(f"{line}\n".encode())
            self._stdin.flush()
        except (OSError, ValueError):  # a broken pipe, or one that `stop` has closed
            raise self._death(op) from None

    def _read_stdout(self, stream: IO[bytes]) -> None:
        with stream:
            while line := stream.readline(LINE_LIMIT):
                self._lines.put(line.decode(errors="replace"))
        self._lines.put(None)

    def _read_stderr(self, stream: IO[bytes]) -> None:
        with stream:
            while line := stream.readline(LINE_LIMIT):
                self._stderr.append(line.decode(errors="replace").rstrip())

    def _death(self, op: str) -> DriverError:
        how = _how(self._child.returncode) if self._has_ended() else "closed its stdout"
        self._readers[1].join(GRACE_S)
        return DriverError(f"the driver {how} when it was asked {op!r}{self._last_words()}")

    def _last_words(self) -> str:
        return "; its stderr ends with:\n" + "\n".join(self.stderr) if self._stderr else ""

    def _has_ended(self) -> bool:
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(GRACE_S)
        return self._child.returncode is not None


def _spawn(command: str) -> subprocess.Popen[bytes]:
    words = _words_of(command)
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe)  # noqa: S603  # the user's own command
    except OSError as problem:
        raise DriverError(f"cannot run the driver {words[0]!r}: {problem.strerror}") from None


def _words_of(command: str) -> list[str]:
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


def _how(code: int) -> str:
    if code < 0:
        return f"died of signal {-code} ({signal.Signals(-code).name})"
    return f"ended with exit code {code}"
