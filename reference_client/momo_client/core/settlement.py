"""From a look at the provider to a change of the ledger: decide, then apply.

Four rules: what is final changes by a review alone; a credit needs the provider's SUCCESSFUL and no
contradiction in what it echoes; at its deadline a payment fails after one last look that showed it
open or unknown, so that neither an outage nor garbage turns a paid payment into a failed one; what
is learned after that opens a review and books nothing. Every watch has a look; that of income ends
with one that was answered, that of money out by asking people.
"""

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from momo_client.core.classification import Look, NotFound, Observation, Undecided
from momo_client.core.payments import DAY_MS, Cause, Payment, PaymentStatus, Review
from momo_client.core.policy import Policy, next_watch_at_ms
from momo_contracts.lifecycle import State
from momo_contracts.outcomes import InternalStatus, internal_status

NOT_FOUND = "not found"
"""The reason of a payment that the provider does not know, or not yet."""

LATE_SUCCESS = "successful after it was given up"
NEVER_DECIDED = "the provider never decided"
"""The reasons of a review."""

OPEN_WORDS = frozenset({State.CREATED, State.PENDING})
"""The statuses that say, and do not merely leave open, that a payment has not ended."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is settled. `is_known` means that the provider has the payment.

    `next_check_at_ms` is None when the watch over a payment that was given up has ended.
    """

    next_check_at_ms: int | None
    is_known: bool = False
    reason: str = ""
    provider_status: str = ""


@dataclass(frozen=True, slots=True)
class Complete:
    """The provider says that the money has moved."""

    provider_status: str
    financial_transaction_id: str


@dataclass(frozen=True, slots=True)
class Fail:
    """The payment is given up. After a deadline it is watched until `watch_at_ms` and further."""

    cause: Cause
    reason: str
    provider_status: str = ""
    watch_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Accept:
    """A person's verdict on a review: the payment counts."""


@dataclass(frozen=True, slots=True)
class Dismiss:
    """A person's verdict on a review: the payment does not count."""


Decision = Wait | Complete | Fail | Accept | Dismiss


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision did to a payment; nothing, where both are equal."""

    before: Payment
    after: Payment


def decide(payment: Payment, look: Look, now_ms: int, policy: Policy) -> Wait | Complete | Fail:
    """What follows from one look at a payment that is open or watched."""
    wait = Wait(_next_look_at_ms(payment, look, now_ms, policy))
    match look:
        case Undecided(why):
            return replace(wait, reason=why)
        case NotFound():
            return _give_up_or(replace(wait, reason=NOT_FOUND), payment, now_ms)
        case Observation() if contradiction := _contradiction(payment, look):
            return decide(payment, Undecided(contradiction), now_ms, policy)
        case Observation(status, reason) if status in OPEN_WORDS:
            known = replace(wait, is_known=True, reason=reason, provider_status=status)
            return _give_up_or(known, payment, now_ms)
        case Observation(status):
            unknown = Undecided(f"unknown status: {status[:40]!r}")
            return _end(look) or decide(payment, unknown, now_ms, policy)


def apply(payment: Payment, decision: Decision) -> Payment:
    """The payment after a decision; one that has nothing to say about it leaves it as it is."""
    if payment.review is Review.OPEN:
        return _reviewed(payment, decision)
    if payment.next_check_at_ms is None:
        return payment
    return _watched(payment, decision) if payment.is_watched else _opened(payment, decision)


def _opened(payment: Payment, decision: Decision) -> Payment:
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
                next_check_at_ms=None,
                reason="",
                provider_status=decision.provider_status,
                financial_transaction_id=decision.financial_transaction_id,
            )
        case Fail(cause) if _is_ours_to_fail(payment) or cause in (Cause.PROVIDER, Cause.DEADLINE):
            return replace(
                payment,
                status=PaymentStatus.FAILED,
                cause=cause,
                next_check_at_ms=decision.watch_at_ms,
                reason=decision.reason,
                provider_status=decision.provider_status or payment.provider_status,
            )
        case _:
            return payment


def _is_ours_to_fail(payment: Payment) -> bool:
    """True while nobody but the sender can have sent it: a checker that has asked may have."""
    return payment.is_undecided and not payment.checks


def _watched(payment: Payment, decision: Decision) -> Payment:
    """News of a payment that was given up: a success asks people, a failure ends the watch."""
    match decision:
        case Wait(next_check_at_ms):
            is_lost = next_check_at_ms is None and not payment.is_income
            return replace(
                payment,
                next_check_at_ms=next_check_at_ms,
                review=Review.OPEN if is_lost else None,
                reason=NEVER_DECIDED if is_lost else decision.reason or payment.reason,
                provider_status=decision.provider_status or payment.provider_status,
            )
        case Complete():
            return replace(
                payment,
                next_check_at_ms=None,
                review=Review.OPEN,
                reason=LATE_SUCCESS,
                provider_status=decision.provider_status,
                financial_transaction_id=decision.financial_transaction_id,
            )
        case Fail(Cause.PROVIDER):
            return replace(
                payment,
                next_check_at_ms=None,
                reason=decision.reason,
                provider_status=decision.provider_status,
            )
        case _:
            return payment


def _reviewed(payment: Payment, decision: Decision) -> Payment:
    match decision:
        case Accept():
            return replace(
                payment, status=PaymentStatus.COMPLETED, cause=None, review=Review.ACCEPTED
            )
        case Dismiss():
            return replace(payment, review=Review.DISMISSED)
        case _:
            return payment


def _next_look_at_ms(payment: Payment, look: Look, now_ms: int, policy: Policy) -> int | None:
    if payment.is_watched:
        is_unseen = payment.is_income and isinstance(look, Undecided)
        return next_watch_at_ms(payment, now_ms) or (now_ms + DAY_MS if is_unseen else None)
    retry_after_s = look.retry_after_s if isinstance(look, Undecided) else None
    return policy.next_check_at_ms(payment, now_ms, retry_after_s or 0)


def _end(seen: Observation) -> Complete | Fail | None:
    match internal_status(seen.status):
        case InternalStatus.COMPLETED:
            return Complete(seen.status, seen.financial_transaction_id)
        case InternalStatus.FAILED:
            return Fail(Cause.PROVIDER, seen.reason or seen.status, seen.status)
        case InternalStatus.PENDING:
            return None


def _give_up_or(wait: Wait, payment: Payment, now_ms: int) -> Wait | Fail:
    if now_ms < payment.deadline_at_ms or payment.is_watched:
        return wait
    reason = wait.reason or "still open after 24 h"
    watch_at_ms = next_watch_at_ms(payment, now_ms) or now_ms + DAY_MS
    return Fail(Cause.DEADLINE, reason, wait.provider_status, watch_at_ms)


def _contradiction(payment: Payment, seen: Observation) -> str:
    """How the echo differs from what was asked; empty when it does not, or echoes nothing."""
    if seen.reference_id and seen.reference_id.lower() != payment.reference_id:
        return "the reply is about another payment"
    if seen.external_id not in ("", payment.external_id):
        return f"external id differs: {seen.external_id[:40]!r}"
    if seen.party not in ("", payment.msisdn.digits):
        return "the other party differs"
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
