"""The ledger: every payment, every booking, in one database that survives a crash.

Synchronous; safe for many threads and many processes. Every change is one transaction.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection, Engine, RowMapping, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from momo_client.core.effects import Claim, Find, LedgerEffect, Record, Settle
from momo_client.core.payments import Cause, Payment, PaymentStatus, Posting, credit
from momo_client.core.settlement import Decision, apply
from momo_client.edge import schema
from momo_client.edge.database import READ_ONLY, connect, translated_errors
from momo_client.edge.schema import OPEN_STATUSES, PAYMENTS, POSTINGS
from momo_client.errors import InvalidRequest, LedgerError, UnknownPayment
from momo_contracts.values import Currency, Money, Msisdn


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
        try:
            with self._writing() as connection:
                connection.execute(insert(PAYMENTS).values(_columns(payment)))
        except IntegrityError:
            raise InvalidRequest(
                f"reference id {payment.reference_id} is already in the ledger",
                remedy="Use a new one for a new payment, or check_payment_status for this one.",
                reference_id=payment.reference_id,
                code="REFERENCE_TAKEN",
            ) from None

    def find(self, reference_id: str) -> Payment:
        """One payment. Raises UnknownPayment."""
        with self._reading() as connection:
            return self._load(connection, reference_id)

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
        return tuple(sorted(map(_payment, rows), key=lambda payment: payment.created_at_ms))

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
                .values(_columns(after) | {"lease_owner": None, "lease_until_ms": None})
            )
            if after.status is PaymentStatus.COMPLETED:
                self._book(connection, after)
        return after

    def payments(self) -> tuple[Payment, ...]:
        """All payments, the oldest first."""
        statement = select(PAYMENTS).order_by(PAYMENTS.c.created_at_ms, PAYMENTS.c.reference_id)
        with self._reading() as connection:
            return tuple(map(_payment, connection.execute(statement).mappings()))

    def entries(self) -> tuple[Entry, ...]:
        """The journal."""
        statement = select(POSTINGS).order_by(POSTINGS.c.reference_id, POSTINGS.c.account)
        with self._reading() as connection:
            rows = connection.execute(statement).mappings().all()
        return tuple(
            Entry(row["reference_id"], Posting(row["account"], _money(row))) for row in rows
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
        return {row["currency"]: _money(row) for row in rows}

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

    def _load(self, connection: Connection, reference_id: str) -> Payment:
        statement = select(PAYMENTS).where(PAYMENTS.c.reference_id == reference_id)
        row = connection.execute(statement).mappings().first()
        if row is None:
            raise UnknownPayment(
                f"the ledger has no payment {reference_id[:80]!r}",
                remedy="Check the reference id and MTN_LEDGER_URL.",
                reference_id=reference_id,
                code="UNKNOWN_REFERENCE",
            )
        return _payment(row)

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


def _columns(payment: Payment) -> dict[str, str | int | None]:
    return {
        "reference_id": payment.reference_id,
        "external_id": payment.external_id,
        "amount_minor": payment.money.minor_units,
        "currency": payment.money.currency.code,
        "msisdn": payment.msisdn.digits,
        "payer_message": payment.payer_message,
        "payee_note": payment.payee_note,
        "created_at_ms": payment.created_at_ms,
        "deadline_at_ms": payment.deadline_at_ms,
        "next_check_at_ms": payment.next_check_at_ms,
        "status": payment.status,
        "cause": payment.cause,
        "reason": payment.reason,
        "provider_status": payment.provider_status,
        "financial_transaction_id": payment.financial_transaction_id,
        "checks": payment.checks,
    }


def _payment(row: RowMapping) -> Payment:
    return Payment(
        reference_id=row["reference_id"],
        external_id=row["external_id"],
        money=_money(row),
        msisdn=Msisdn(row["msisdn"]),
        payer_message=row["payer_message"],
        payee_note=row["payee_note"],
        created_at_ms=row["created_at_ms"],
        deadline_at_ms=row["deadline_at_ms"],
        next_check_at_ms=row["next_check_at_ms"],
        status=PaymentStatus(row["status"]),
        cause=Cause(row["cause"]) if row["cause"] else None,
        reason=row["reason"],
        provider_status=row["provider_status"],
        financial_transaction_id=row["financial_transaction_id"],
        checks=row["checks"],
    )


def _money(row: RowMapping) -> Money:
    return Money.of_minor(int(row["amount_minor"]), Currency.of(row["currency"]))
