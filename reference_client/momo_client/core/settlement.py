"""From a look at the provider to a change of the ledger: decide, then apply.

Three rules: a final payment never changes again; a credit needs the provider's SUCCESSFUL and no
contradiction in what it echoes; at its deadline a payment fails after one last look that showed it
open or unknown, so that neither an outage nor garbage turns a paid payment into a failed one.
"""

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from momo_client.core.classification import Look, NotFound, Observation, Undecided
from momo_client.core.payments import Cause, Payment, PaymentStatus
from momo_contracts.lifecycle import State
from momo_contracts.outcomes import InternalStatus, internal_status

NOT_FOUND = "not found"
"""The reason of a payment that the provider does not know, or not yet."""

OPEN_WORDS = frozenset({State.CREATED, State.PENDING})
"""The statuses that say, and do not merely leave open, that a payment has not ended."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is settled. `is_known` means that the provider has the payment."""

    next_check_at_ms: int
    is_known: bool = False
    reason: str = ""
    provider_status: str = ""


@dataclass(frozen=True, slots=True)
class Complete:
    """The money arrived: credit it."""

    provider_status: str
    financial_transaction_id: str


@dataclass(frozen=True, slots=True)
class Fail:
    """The payment is given up; nothing is booked."""

    cause: Cause
    reason: str
    provider_status: str = ""


Decision = Wait | Complete | Fail


def decide(payment: Payment, look: Look, now_ms: int, interval_ms: int) -> Decision:
    """What follows from one look at an open payment."""
    next_check_at_ms = now_ms + interval_ms
    match look:
        case Undecided(why):
            return Wait(next_check_at_ms, reason=why)
        case NotFound():
            return _give_up_or(Wait(next_check_at_ms, reason=NOT_FOUND), payment, now_ms)
        case Observation() if contradiction := _contradiction(payment, look):
            return Wait(next_check_at_ms, reason=contradiction)
        case Observation(status, reason) if status in OPEN_WORDS:
            return _give_up_or(Wait(next_check_at_ms, True, reason, status), payment, now_ms)
        case Observation(status):
            unknown = Wait(next_check_at_ms, reason=f"unknown status: {status[:40]!r}")
            return _end(look) or unknown


def apply(payment: Payment, decision: Decision) -> Payment:
    """The payment after the decision; a final one stays as it is."""
    if payment.is_final:
        return payment
    match decision:
        case Wait():
            return replace(
                payment,
                status=PaymentStatus.PENDING if decision.is_known else payment.status,
                next_check_at_ms=decision.next_check_at_ms,
                reason=decision.reason,
                provider_status=decision.provider_status or payment.provider_status,
            )
        case Complete():
            return replace(
                payment,
                status=PaymentStatus.COMPLETED,
                reason="",
                provider_status=decision.provider_status,
                financial_transaction_id=decision.financial_transaction_id,
            )
        case Fail():
            return replace(
                payment,
                status=PaymentStatus.FAILED,
                cause=decision.cause,
                reason=decision.reason,
                provider_status=decision.provider_status or payment.provider_status,
            )


def _end(seen: Observation) -> Complete | Fail | None:
    match internal_status(seen.status):
        case InternalStatus.COMPLETED:
            return Complete(seen.status, seen.financial_transaction_id)
        case InternalStatus.FAILED:
            return Fail(Cause.PROVIDER, seen.reason or seen.status, seen.status)
        case InternalStatus.PENDING:
            return None


def _give_up_or(wait: Wait, payment: Payment, now_ms: int) -> Decision:
    if now_ms < payment.deadline_at_ms:
        return wait
    return Fail(Cause.DEADLINE, wait.reason or "still open after 24 h", wait.provider_status)


def _contradiction(payment: Payment, seen: Observation) -> str:
    """How the echo differs from what was asked; empty when it does not, or echoes nothing."""
    if seen.reference_id and seen.reference_id.lower() != payment.reference_id:
        return "the reply is about another payment"
    if seen.external_id not in ("", payment.external_id):
        return f"external id differs: {seen.external_id[:40]!r}"
    if seen.payer not in ("", payment.msisdn.digits):
        return "payer differs"
    if seen.currency and seen.currency != payment.money.currency.code:
        return f"currency differs: {seen.currency[:10]!r}"
    if seen.amount and not _is_amount(seen.amount, payment.money.amount):
        return f"amount differs: {seen.amount[:40]!r}"
    return ""


def _is_amount(text: str, amount: Decimal) -> bool:
    """Compare as numbers: the provider drops trailing zeros (observed)."""
    try:
        return Decimal(text) == amount
    except InvalidOperation:
        return False
