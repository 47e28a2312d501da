"""The ledger: every payment, every booking, in one database that survives a crash.

Synchronous; safe for many threads and many processes. Every change is one transaction.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from momo_client.core.effects import Claim, Find, LedgerEffect, Record, Settle
from momo_client.core.payments import Payment, PaymentStatus, Posting, credit
from momo_client.core.settlement import Decision, apply
from momo_client.edge import schema
from momo_client.edge.database import READ_ONLY, connect, file_of, translated_errors
from momo_client.edge.rows import columns_of, money_of, payment_of
from momo_client.edge.schema import OPEN_STATUSES, PAYMENTS, POSTINGS
from momo_client.errors import InvalidRequest, LedgerError, UnknownPayment
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
    def file(self) -> Path:
        """Where the books are."""
        return file_of(self._engine.url)

    def close(self) -> None:
        self._engine.dispose()

    def perform(self, effect: LedgerEffect) -> Payment | tuple[Payment, ...] | None:
        """Do what a flow asks for."""
        match effect:
            case Record(payment):
                self.record(payment)
                return None
            case Find(reference_id):
                return self.find(reference_id)
            case Settle(reference_id, decision):
                return self.settle(reference_id, decision)
            case Claim():
                return self.claim(effect)

    def record(self, payment: Payment) -> None:
        """Write a new payment. Raises InvalidRequest if its reference id is taken."""
        with self._writing() as connection:
            # The transaction holds the write lock: nobody else can take the id in between.
            if _row(connection, payment.reference_id) is not None:
                raise InvalidRequest(
                    f"reference id {payment.reference_id} is already in the ledger",
                    remedy="Use a new one for a new payment, or check_payment_status for this one.",
                    reference_id=payment.reference_id,
                    code="REFERENCE_TAKEN",
                )
            connection.execute(insert(PAYMENTS).values(columns_of(payment)))

    def find(self, reference_id: str) -> Payment:
        """One payment. Raises UnknownPayment."""
        with self._reading() as connection:
            return self._load(connection, reference_id)

    def find_by_external_id(self, external_id: str) -> tuple[Payment, ...]:
        """The payments that were made under one name, the oldest first."""
        return self._select(PAYMENTS.c.external_id == external_id)

    def claim(self, claim: Claim) -> tuple[Payment, ...]:
        """Lease due payments to one worker, in one statement: those that are longest due."""
        columns = PAYMENTS.c
        due = (
            select(columns.reference_id)
            .where(
                columns.status.in_(OPEN_STATUSES),
                columns.next_check_at_ms <= claim.now_ms,
                or_(columns.lease_until_ms.is_(None), columns.lease_until_ms <= claim.now_ms),
            )
            .order_by(columns.next_check_at_ms, columns.reference_id)
            .limit(claim.limit)
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
        """Apply a decision and book its credit, together or not at all; frees the lease."""
        with self._writing() as connection:
            before = self._load(connection, reference_id)
            if before.is_final:
                return before
            after = apply(before, decision)
            connection.execute(
                update(PAYMENTS)
                .where(PAYMENTS.c.reference_id == reference_id)
                .values(columns_of(after) | {"lease_owner": None, "lease_until_ms": None})
            )
            if after.status is PaymentStatus.COMPLETED:
                self._book(connection, after)
        return after

    def payments(self) -> tuple[Payment, ...]:
        """All payments, the oldest first."""
        return self._select(true())

    def entries(self) -> tuple[Entry, ...]:
        """The journal."""
        statement = select(POSTINGS).order_by(POSTINGS.c.reference_id, POSTINGS.c.account)
        with self._reading() as connection:
            rows = connection.execute(statement).mappings().all()
        return tuple(
            Entry(row["reference_id"], Posting(row["account"], money_of(row))) for row in rows
        )

    def balance(self, account: str) -> Mapping[str, Money]:
        """What an account holds, by currency code."""
        columns = POSTINGS.c
        statement = (
            select(columns.currency, func.sum(columns.amount_minor).label("amount_minor"))
            .where(columns.account == account)
            .group_by(columns.currency)
        )
        with self._reading() as connection:
            rows = connection.execute(statement).mappings().all()
        return {row["currency"]: money_of(row) for row in rows}

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
    def _reading(self) -> Iterator[Connection]:
        with translated_errors(), self._reader.begin() as connection:
            yield connection

    def _select(self, condition: ColumnElement[bool]) -> tuple[Payment, ...]:
        columns = PAYMENTS.c
        statement = select(PAYMENTS).where(condition)
        statement = statement.order_by(columns.created_at_ms, columns.reference_id)
        with self._reading() as connection:
            return tuple(map(payment_of, connection.execute(statement).mappings()))

    def _load(self, connection: Connection, reference_id: str) -> Payment:
        row = _row(connection, reference_id)
        if row is None:
            raise UnknownPayment(
                f"the ledger {self.file} has no payment {reference_id[:80]!r}",
                remedy="Check the reference id and MTN_LEDGER_URL: the payment may be in another "
                "ledger, so this says nothing about its money.",
                reference_id=reference_id,
                code="UNKNOWN_REFERENCE",
            )
        return payment_of(row)

    def _book(self, connection: Connection, payment: Payment) -> None:
        rows = [
            {
                "reference_id": payment.reference_id,
                "account": posting.account,
                "amount_minor": posting.money.minor_units,
                "currency": posting.money.currency.code,
            }
            for posting in credit(payment)
        ]
        connection.execute(insert(POSTINGS), rows)


def _row(connection: Connection, reference_id: str) -> RowMapping | None:
    statement = select(PAYMENTS).where(PAYMENTS.c.reference_id == reference_id)
    return connection.execute(statement).mappings().first()
