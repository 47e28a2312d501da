"""The driver: a client under test in a child process, asked in JSON lines on stdio.

The rules that hold whatever the child does: an answer is waited for only so long, stdout is for
protocol lines, stderr is kept but never judged, and the end comes in bounded time.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Self

from momo_conformance.child import GRACE_S, Child
from momo_conformance.errors import DriverDied, DriverError
from momo_conformance.protocol import (
    VERSION,
    Answer,
    Fields,
    Ok,
    Unsupported,
    as_answer,
    read_reply,
    write_request,
)

ANSWER_S = 15.0
"""How long an answer may take in wall time, unless the caller says otherwise."""

BOGUS_OP = "examiner.bogus"


@dataclass(frozen=True, slots=True)
class Client:
    """What a driver says about its client in `hello`."""

    name: str
    version: str
    language: str
    ops: frozenset[str]
    caps: Fields

    @property
    def has_clock(self) -> bool:
        return bool(self.caps["clock"] == "inject")

    @property
    def has_ledger(self) -> bool:
        return bool(self.caps["ledger"])

    @property
    def concurrency(self) -> int:
        """How many requests it takes at a time."""
        return int(self.caps.get("concurrency", 1))

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.language})"


@dataclass(frozen=True, slots=True)
class Question:
    """A request that is under way."""

    number: int
    op: str
    _reply: "SimpleQueue[Fields | DriverError]"


class Driver:
    """A running driver. Use it as a context manager, or call `stop` in the end.

    Any number of threads may ask; it is up to the caller to keep to the driver's `concurrency`.
    """

    def __init__(
        self,
        command: str,
        environment: Mapping[str, str] | None = None,
        hear: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Start `command`, split as a shell would, but without a shell.

        `environment` adds to this process's own; `hear` is called with each line of its stderr,
        from a thread of its own. Raises InvalidCommand, and DriverError when it cannot be run.
        """
        self._numbers = count(1)
        self._lock = Lock()
        self._open: dict[int, Question] = {}
        self._broken: DriverError | None = None
        self._child = Child(command, {**os.environ, **(environment or {})}, self._take, hear)
        self._child.start()

    def ask(self, op: str, within_s: float = ANSWER_S, /, **fields: object) -> Answer:
        """Ask for one thing and wait for the answer. Raises DriverError."""
        return self.wait(self.pose(op, **fields), within_s)

    def pose(self, op: str, /, **fields: object) -> Question:
        """Ask for one thing. Raises DriverError."""
        question = Question(next(self._numbers), op, SimpleQueue())
        line = write_request(question.number, op, fields)
        with self._lock:
            if self._broken:
                raise self._broken
            self._open[question.number] = question
        self._child.write(line)
        return question

    def wait(self, question: Question, within_s: float = ANSWER_S) -> Answer:
        """The answer to a question. Raises DriverError; DriverDied when none comes in time."""
        try:
            reply = question._reply.get(timeout=within_s)  # noqa: SLF001  # ours
        except Empty:
            raise DriverDied(
                f"the driver did not answer {question.op!r} within {within_s:g} s"
                f"{self._child.last_words()}",
                f"did not answer {question.op!r} within {within_s:g} s",
                self._last_line(),
            ) from None
        if isinstance(reply, DriverError):
            raise reply
        return as_answer(reply)

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
        value = hello.value
        client = value["client"]
        return Client(
            client["name"],
            client["version"],
            client["language"],
            frozenset(value["ops"]),
            value["caps"],
        )

    def stop(self) -> None:
        """End it in bounded time: ask it to stop, close its input, SIGTERM, SIGKILL."""
        with suppress(DriverError):
            self.ask("stop", GRACE_S)
        self._child.stop()
        self._fail(self._death())

    def kill(self) -> None:
        """End it at once, as a crash would: SIGKILL, whatever it was doing."""
        self._child.kill()
        self._fail(self._death())

    @property
    def stderr(self) -> tuple[str, ...]:
        """The last lines that it wrote to stderr."""
        return self._child.stderr

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _take(self, line: str | None) -> None:
        """A line of its stdout, or None at the end of it."""
        if line is None:
            self._fail(self._death())
            return
        with self._lock:
            asked = {number: question.op for number, question in self._open.items()}
        try:
            number, reply = read_reply(asked, line)
        except DriverError as problem:
            self._fail(problem)
            return
        with self._lock:
            question = self._open.pop(number)
        question._reply.put(reply)  # noqa: SLF001  # ours

    def _fail(self, problem: DriverError) -> None:
        """Nothing that it says from now on means anything: everybody who waits is told."""
        with self._lock:
            self._broken = self._broken or problem
            waiting, self._open = self._open, {}
        for question in waiting.values():
            question._reply.put(problem)  # noqa: SLF001  # ours

    def _death(self) -> DriverDied:
        how = self._child.how_it_ended()
        with self._lock:
            ops = [question.op for question in self._open.values()]
        asked = f" when it was asked {ops[0]!r}" if ops else ""
        message = f"the driver {how}{asked}{self._child.last_words()}"
        return DriverDied(message, how, self._last_line())

    def _last_line(self) -> str:
        return next((line for line in reversed(self.stderr) if line), "")
