"""The ledger in SQLite: payments, and the entries of their money. Safe for threads."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import NamedTuple

from tests.mutants.client.books import CREATED, Books
from tests.mutants.client.payment import FAILED, PENDING, Payment

COLUMNS = ", ".join(Payment._fields)
MARKS = ", ".join("?" for _ in Payment._fields)
SCHEMA = f"""
PRAGMA synchronous = OFF;
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS payments ({COLUMNS}, PRIMARY KEY (reference_id));
CREATE INDEX IF NOT EXISTS payments_by_key ON payments (kind, key);
CREATE INDEX IF NOT EXISTS payments_by_check ON payments (next_check_ms);
CREATE TABLE IF NOT EXISTS entries (reference_id, account, minor INTEGER, currency);
"""
"""What was committed outlives the process, if not the machine."""

AGAIN = "UPDATE payments SET hinted = 1 WHERE hinted = 2;"
"""Whoever was confirming has died: it has yet to be done."""

FRESH = "DROP TABLE IF EXISTS payments; DROP TABLE IF EXISTS entries;"
Value = str | int | None


class Ending(NamedTuple):
    """How a payment ends. `next_check_ms`: when to look at it even so; None for never again."""

    state: str
    code: str | None = None
    financial_id: str | None = None
    next_check_ms: int | None = None


class Ledger:
    """Every method is one transaction, and durable when it returns."""

    def __init__(self, url: str, *, resume: bool) -> None:
        self.books = Books()
        self.lock = RLock()
        path = url.removeprefix("sqlite:///")
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.db.executescript(SCHEMA + AGAIN if resume else FRESH + SCHEMA)

    def close(self) -> None:
        with self.lock:
            self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.lock:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def add(self, payment: Payment) -> tuple[Payment, bool]:
        """Record a payment before it is sent, unless its key has one that has not failed.

        Returns the payment that stands, and whether it is this one.
        """
        with self.transaction():
            standing = self.standing(payment)
            if standing is not None:
                return standing, False
            self.insert(payment)
            self.post(payment, CREATED)
            return payment, True

    def standing(self, payment: Payment) -> Payment | None:
        """The earlier payment of the same order, unless it failed."""
        found = self.rows("kind = ? AND key = ? AND state <> ?", payment.kind, payment.key, FAILED)
        return found[0] if found else None

    def insert(self, payment: Payment) -> None:
        self.write(f"INSERT INTO payments ({COLUMNS}) VALUES ({MARKS})", *payment)  # noqa: S608  # names of our own

    def find(self, reference_id: str) -> Payment | None:
        found = self.rows("reference_id = ?", reference_id)
        return found[0] if found else None

    def get(self, reference_id: str) -> Payment:
        """A payment that is known to be there."""
        return self.rows("reference_id = ?", reference_id)[0]

    def all(self) -> list[Payment]:
        return self.rows("TRUE ORDER BY rowid")

    def begin_attempt(self, reference_id: str) -> Payment:
        """Write down that an attempt is under way, before its first byte."""
        self.write(
            "UPDATE payments SET attempts = attempts + 1, doubtful = doubtful + 1"
            " WHERE reference_id = ?",
            reference_id,
        )
        return self.get(reference_id)

    def clear_doubt(self, reference_id: str) -> Payment:
        """An attempt turned out not to have been carried out."""
        self.write(
            "UPDATE payments SET doubtful = doubtful - 1 WHERE reference_id = ?", reference_id
        )
        return self.get(reference_id)

    def note(self, reference_id: str, **values: Value) -> None:
        """Set these columns of a payment that is not final."""
        names = ", ".join(f"{name} = ?" for name in values)
        sql = f"UPDATE payments SET {names} WHERE reference_id = ? AND state = ?"  # noqa: S608  # names of our own
        self.write(sql, *values.values(), reference_id, PENDING)

    def settle(self, payment: Payment, ending: Ending) -> bool:
        """End a payment and move its money, both or neither; False when it had ended before."""
        with self.transaction():
            if not self.claim(payment, ending):
                return False
            self.post(payment, ending.state)
            return True

    def claim(self, payment: Payment, ending: Ending) -> bool:
        """Make the payment's state final; True for the one caller who did."""
        return self.write(
            "UPDATE payments SET state = ?, code = ?, financial_id = ?, next_check_ms = ?,"
            " next_send_ms = NULL, hinted = 0, needs_review = 0"
            " WHERE reference_id = ? AND state = ?",
            *ending,
            payment.reference_id,
            PENDING,
        )

    def post(self, payment: Payment, event: str) -> None:
        for posting in self.books.postings(payment, event):
            self.write(
                "INSERT INTO entries VALUES (?, ?, ?, ?)",
                payment.reference_id,
                posting.account,
                posting.minor,
                payment.currency,
            )

    def due_for_check(self, now_ms: int, batch: int) -> list[Payment]:
        """What is to be looked at, the longest waiting first."""
        return self.rows("next_check_ms <= ? ORDER BY next_check_ms, rowid LIMIT ?", now_ms, batch)

    def move_check(self, payment: Payment, next_check_ms: int | None) -> bool:
        """Set when it is looked at next; False when another caller has just done so."""
        return self.write(
            "UPDATE payments SET next_check_ms = ? WHERE reference_id = ? AND next_check_ms IS ?",
            next_check_ms,
            payment.reference_id,
            payment.next_check_ms,
        )

    def due_for_sending(self, now_ms: int) -> list[Payment]:
        return self.rows("next_send_ms <= ? ORDER BY next_send_ms, rowid", now_ms)

    def take_sending(self, payment: Payment) -> bool:
        """Take a planned attempt off the plan; True for the one caller who is to make it."""
        return self.write(
            "UPDATE payments SET next_send_ms = NULL WHERE reference_id = ? AND next_send_ms = ?",
            payment.reference_id,
            payment.next_send_ms,
        )

    def hinted(self, now_ms: int) -> list[Payment]:
        """What a callback has come for and may be asked about."""
        return self.rows("hinted = 1 AND quiet_until_ms <= ?", now_ms)

    def hint(self, payment: Payment) -> None:
        """A callback has come for a payment that is still looked at."""
        self.write(
            "UPDATE payments SET hinted = 1 WHERE reference_id = ? AND next_check_ms IS NOT NULL",
            payment.reference_id,
        )

    def take_hint(self, payment: Payment) -> bool:
        """True for the one caller who is to confirm it."""
        return self.write(
            "UPDATE payments SET hinted = 2 WHERE reference_id = ? AND hinted = 1",
            payment.reference_id,
        )

    def drop_hint(self, payment: Payment) -> None:
        """It has been confirmed, or could not be; what has come meanwhile stays."""
        self.write(
            "UPDATE payments SET hinted = 0 WHERE reference_id = ? AND hinted = 2",
            payment.reference_id,
        )

    def review(self, payment: Payment) -> None:
        """Leave it to a person."""
        self.write(
            "UPDATE payments SET needs_review = 1 WHERE reference_id = ?", payment.reference_id
        )

    def given_back(self, reference_id: str) -> list[Payment]:
        """The refunds of a payment that have not failed."""
        return self.rows("subject = ? AND state <> ?", reference_id, FAILED)

    def entries(self) -> list[tuple[str, str, int, str]]:
        """Reference id, account, minor units and currency, in the order of booking."""
        with self.lock:
            return self.db.execute("SELECT * FROM entries ORDER BY rowid").fetchall()

    def rows(self, where: str, *values: Value) -> list[Payment]:
        with self.lock:
            found = self.db.execute(f"SELECT {COLUMNS} FROM payments WHERE {where}", values)  # noqa: S608  # texts of our own
            return [Payment(*row) for row in found]

    def write(self, sql: str, *values: Value) -> bool:
        """True when it changed something."""
        with self.lock:
            return self.db.execute(sql, values).rowcount > 0
