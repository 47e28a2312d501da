"""The boundaries of one process's I/O, by name; at one of them it may have to die.

They are where the process meets the world, not where its code has a seam: before and after each
request, each SQL statement and each COMMIT. What follows a COMMIT is that the connection is given
back.
"""

import os
import re
import signal
import threading
from collections import Counter
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from momo_client import HttpRequest, Transport
from momo_client.core.http import Answer

_TABLE = re.compile(r"\b(payments|postings|schema_version)\b")


class Boundaries:
    """Writes the name of each boundary that is reached; kills its process at the `fatal` one.

    A name is a subject, a number and what happens. The subject is the payment that the thread has
    last sent something about: so the names are the same however the threads take turns.
    """

    def __init__(self, log: Path, fatal: str) -> None:
        self._log = log.open("a")
        self._fatal = fatal
        self._numbers: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._thread = threading.local()

    def watch_databases(self) -> None:
        """Take in every statement of every engine of this process."""
        event.listen(Engine, "before_cursor_execute", self._before_statement)
        event.listen(Engine, "after_cursor_execute", self._after_statement)
        event.listen(Engine, "commit", lambda _: self.reach("before COMMIT"))
        event.listen(Engine, "rollback", lambda _: self.reach("before ROLLBACK"))
        event.listen(Pool, "checkin", lambda *_: self.reach("connection given back"))

    def turn_to(self, subject: str) -> None:
        """What this thread does from now on is about another payment."""
        self._thread.subject = subject

    def reach(self, what: str) -> None:
        """One boundary. Does not return from the fatal one: all threads end with it."""
        subject = getattr(self._thread, "subject", "-")
        with self._lock:
            self._numbers[subject] += 1
            name = f"{subject} {self._numbers[subject]:02} {what}"
            self._log.write(f"{name}\n")
            if name == self._fatal:
                self._log.flush()
                os.kill(os.getpid(), signal.SIGKILL)

    def close(self) -> None:
        """The process ends by itself."""
        self._log.close()

    def _before_statement(self, *facts: object) -> None:
        self.reach(f"before {_short(str(facts[2]))}")

    def _after_statement(self, *facts: object) -> None:
        self.reach(f"after {_short(str(facts[2]))}")


class WatchedTransport:
    """A transport whose requests are boundaries."""

    def __init__(self, inner: Transport, boundaries: Boundaries) -> None:
        self._inner = inner
        self._boundaries = boundaries

    def send(self, request: HttpRequest) -> Answer:
        self._boundaries.turn_to(request.reference_id[-4:] or request.operation.name)
        self._boundaries.reach(f"before {request.operation.name}")
        answer = self._inner.send(request)
        self._boundaries.reach(f"after {request.operation.name}")
        return answer


def _short(statement: str) -> str:
    """The verb and the table, or how a transaction begins."""
    first, second, *_ = statement.split()
    if first == "BEGIN":
        return f"{first} {second}"
    table = _TABLE.search(statement)
    return f"{first} {table[1]}" if table else first
