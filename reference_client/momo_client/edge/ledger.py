"""The ledger: every payment, every booking, in one database that survives a crash.

Synchronous; safe for many threads and many processes. Every change is one transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError

from momo_client.core.bookings import Posting, closing, opening
from momo_client.core.effects import Claim, Find, Hint, LedgerEffect, Record, Settle
from momo_client.core.payments import Payment, PaymentStatus, Review
from momo_client.core.settlement import Change, Decision, apply
from momo_client.edge import schema
from momo_client.edge.database import READ_ONLY, connect, place_of, translated_errors
from momo_client.edge.refunds import refuse_excess
from momo_client.edge.rows import (
    columns_of,
    columns_of_posting,
    money_of,
    payment_of,
    posting_of,
)
from momo_client.edge.schema import PAYMENTS, POSTINGS
from momo_client.edge.twins import is_twin, only_key, taken
from momo_client.errors import LedgerError, UnknownPayment
from momo_contracts.values import Money


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: a posting and the payment it belongs to."""

    reference_id: str
    posting: Posting


class Ledger:
    """The books of one merchant. Open an existing one with `open`, make one with `create`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**READ_ONLY)

    @classmethod
    def open(cls, url: str) -> Self:
        """Open a ledger of this version. Raises LedgerError saying how to make or migrate it."""
        return cls._prepared(url, schema.check_version)

    @classmethod
    def create(cls, url: str) -> Self:
        """Create or migrate a ledger, then open it; nothing happens to one that is up to date."""
        return cls._prepared(url, schema.migrate)

    @classmethod
    def _prepared(cls, url: str, prepare: Callable[[Engine], None]) -> Self:
        engine = connect(url)
        try:
            with translated_errors():
                prepare(engine)
        except LedgerError:
            engine.dispose()
            raise
        return cls(engine)

    @property
    def place(self) -> str:
        """Where the books are: a file, or a database without its password."""
        return place_of(self._engine.url)

    def close(self) -> None:
        self._engine.dispose()

    def perform(self, effect: LedgerEffect) -> Change | Payment | tuple[Payment, ...] | None:
        """Do what a flow asks for."""
        match effect:
            case Record(payment, again):
                self.record(payment, again=again)
                return None
            case Find(reference_id):
                return self.find(reference_id)
            case Settle(reference_id, decision):
                return self.change(reference_id, decision)
            case Hint(reference_id, due_at_ms):
                return self.hint(reference_id, due_at_ms)
            case Claim():
                return self.claim(effect)

    def record(self, payment: Payment, *, again: bool = False) -> None:
        """Write a new payment down, with what it books before it is sent.

        Raises InvalidRequest if its reference id is taken, or, unless it comes `again`, if its
        operation has a payment under this external id that is open or completed.
        """
        twins = is_twin(payment, again=again)
        columns = columns_of(payment) | {"only_key": None if again else only_key(payment)}
        with self._writing() as connection:
            twin = connection.execute(select(PAYMENTS).where(twins)).mappings().first()
            if twin is not None:
                raise taken(payment, payment_of(twin))
            refuse_excess(connection, payment)
            try:
                with connection.begin_nested():
                    connection.execute(insert(PAYMENTS).values(columns))
            except IntegrityError:
                quicker = connection.execute(select(PAYMENTS).where(twins)).mappings().first()
                if quicker is None:
                    raise
                raise taken(payment, payment_of(quicker)) from None
            _book(connection, payment.reference_id, opening(payment))

    def find(self, reference_id: str) -> Payment:
        """One payment. Raises UnknownPayment."""
        with self.reading() as connection:
            return self._load(connection, reference_id, _one(reference_id))

    def find_by_external_id(self, external_id: str) -> tuple[Payment, ...]:
        """The payments that were made under one name, the oldest first."""
        return self._select(PAYMENTS.c.external_id == external_id)

    def claim(self, claim: Claim) -> tuple[Payment, ...]:
        """Lease due payments to one worker, in one statement: those that are longest due."""
        columns = PAYMENTS.c
        due = (
            select(columns.reference_id)
            .where(
                columns.next_check_at_ms <= claim.now_ms,
                or_(columns.lease_until_ms.is_(None), columns.lease_until_ms <= claim.now_ms),
            )
            .order_by(columns.next_check_at_ms, columns.reference_id)
            .limit(claim.limit)
            .with_for_update(skip_locked=True)  # SQLite has one writer, and no such words
        )
        statement = (
            update(PAYMENTS)
            .where(columns.reference_id.in_(due))
            .values(
                lease_owner=claim.owner,
                lease_until_ms=claim.lease_until_ms,
                next_check_at_ms=claim.next_check_at_ms,
                checks=columns.checks + 1,
            )
            .returning(PAYMENTS)
        )
        with self._writing() as connection:
            rows = connection.execute(statement).mappings().all()
        return tuple(sorted(map(payment_of, rows), key=lambda payment: payment.created_at_ms))

    def settle(self, reference_id: str, decision: Decision) -> Payment:
        """The payment after `change`."""
        return self.change(reference_id, decision).after

    def change(self, reference_id: str, decision: Decision) -> Change:
        """Apply a decision and book what follows, together or not at all; frees the lease."""
        with self._writing() as connection:
            before = self._load(connection, reference_id, _one(reference_id).with_for_update())
            after = apply(before, decision)
            columns = columns_of(after) | {"lease_owner": None, "lease_until_ms": None}
            if after.status is PaymentStatus.FAILED:
                columns["only_key"] = None
            connection.execute(
                update(PAYMENTS).where(PAYMENTS.c.reference_id == reference_id).values(columns)
            )
            _book(connection, reference_id, closing(before, after))
        return Change(before, after)

    def hint(self, reference_id: str, due_at_ms: int) -> Payment | None:
        """Make a payment due, if anything is left to learn about it. None if there is none."""
        columns = PAYMENTS.c
        statement = (
            update(PAYMENTS)
            .where(columns.reference_id == reference_id, columns.next_check_at_ms > due_at_ms)
            .values(next_check_at_ms=due_at_ms, lease_until_ms=None)
        )
        with self._writing() as connection:
            connection.execute(statement)
            row = connection.execute(_one(reference_id)).mappings().first()
        return payment_of(row) if row else None

    def reviews(self) -> tuple[Payment, ...]:
        """The payments that wait for `Accept` or `Dismiss`, the oldest first."""
        return self._select(PAYMENTS.c.review == Review.OPEN)

    def payments(self) -> tuple[Payment, ...]:
        """All payments, the oldest first."""
        return self._select(true())

    def entries(self) -> tuple[Entry, ...]:
        """The journal."""
        columns = POSTINGS.c
        statement = select(POSTINGS).order_by(
            columns.reference_id, columns.step.desc(), columns.account
        )
        with self.reading() as connection:
            rows = connection.execute(statement).mappings().all()
        return tuple(Entry(row["reference_id"], posting_of(row)) for row in rows)

    def balances(self) -> Mapping[str, Mapping[str, Money]]:
        """What each account holds, by account and currency code."""
        columns = POSTINGS.c
        statement = (
            select(
                columns.account,
                columns.currency,
                func.sum(columns.amount_minor).label("amount_minor"),
            )
            .group_by(columns.account, columns.currency)
            .order_by(columns.account, columns.currency)
        )
        with self.reading() as connection:
            rows = connection.execute(statement).mappings().all()
        balances: dict[str, dict[str, Money]] = {}
        for row in rows:
            balances.setdefault(row["account"], {})[row["currency"]] = money_of(row)
        return balances

    def balance(self, account: str) -> Mapping[str, Money]:
        """What an account holds, by currency code."""
        return self.balances().get(account, {})

    def clear(self) -> None:
        """Delete every payment and booking: for test benches."""
        with self._writing() as connection:
            connection.execute(POSTINGS.delete())
            connection.execute(PAYMENTS.delete())

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with translated_errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with translated_errors(), self._reader.begin() as connection:
            yield connection

    def _select(self, condition: ColumnElement[bool]) -> tuple[Payment, ...]:
        columns = PAYMENTS.c
        statement = select(PAYMENTS).where(condition)
        statement = statement.order_by(columns.created_at_ms, columns.reference_id)
        with self.reading() as connection:
            return tuple(map(payment_of, connection.execute(statement).mappings()))

    def _load(self, connection: Connection, reference_id: str, query: Select[Any]) -> Payment:
        row = connection.execute(query).mappings().first()
        if row is None:
            raise UnknownPayment(
                f"the ledger {self.place} has no payment {reference_id[:80]!r}",
                remedy="Check the reference id and MTN_LEDGER_URL: the payment may be in another "
                "ledger, so this says nothing about its money.",
                reference_id=reference_id,
                code="UNKNOWN_REFERENCE",
            )
        return payment_of(row)


def _one(reference_id: str) -> Select[Any]:
    return select(PAYMENTS).where(PAYMENTS.c.reference_id == reference_id)


def _book(connection: Connection, reference_id: str, postings: Sequence[Posting]) -> None:
    if postings:
        connection.execute(
            insert(POSTINGS), [columns_of_posting(reference_id, one) for one in postings]
        )
