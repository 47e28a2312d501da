"""The client's protocol, step by step, as generators that yield effects (see `effects`).

asyncio, gevent and plain synchronous code drive the same flows; see the shells in `edge`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from momo_client.core import requests
from momo_client.core.attempts import authorised, persist
from momo_client.core.classification import (
    Accepted,
    Look,
    NotFound,
    Refused,
    Then,
    Undecided,
    classify_status,
)
from momo_client.core.create_answers import classify_create
from momo_client.core.effects import Claim, Find, Flow, Hint, Record, RunAll, Settle
from momo_client.core.payments import RESEND_MS, Cause, Payment, PaymentStatus, Review
from momo_client.core.policy import LEASE_MS, Policy
from momo_client.core.remedies import NOT_STARTED, refused
from momo_client.core.requests import Merchant
from momo_client.core.settlement import Decision, Fail, Wait, decide
from momo_client.errors import (
    ConfigurationError,
    InvalidRequest,
    LedgerError,
    MomoClientError,
    PaymentRefused,
    TokenError,
)
from momo_contracts.values import Product

GRACE_MS = 5_000
"""Assumed: so long after a callback its receiver may confirm it before a checker does."""


@dataclass(frozen=True, slots=True)
class Round:
    """The summary of one checker round. `problems` says why payments are still open, if known."""

    checked: int = 0
    completed: int = 0
    failed: int = 0
    pending: int = 0
    reviews: int = 0
    problems: tuple[str, ...] = ()

    @staticmethod
    def of(payments: tuple[Payment, ...]) -> "Round":
        reviews = sum(payment.review is Review.OPEN for payment in payments)
        completed = sum(payment.status is PaymentStatus.COMPLETED for payment in payments)
        failed = sum(payment.status is PaymentStatus.FAILED for payment in payments) - reviews
        problems = {payment.reason for payment in payments if not payment.is_final} - {""}
        return Round(
            checked=len(payments),
            completed=completed,
            failed=failed,
            pending=len(payments) - completed - failed - reviews,
            reviews=reviews,
            problems=tuple(sorted(problems)),
        )


def pay(merchant: Merchant, payment: Payment, policy: Policy, *, again: bool) -> Flow[Payment]:
    """Write the payment down, send it, and note what came of it.

    Returns a payment that is pending, or created while undecided, or final where a look-up told.
    Raises PaymentRefused for a definite no and TokenError when it could not be sent, both of which
    fail it, and LedgerError. An error without a `reference_id` came before anything was written or
    sent.
    """
    merchant.credentials_for(product_of(payment))
    try:
        yield Record(payment, again)
    except LedgerError as error:
        error.reference_id = payment.reference_id  # its commit may have been done all the same
        raise
    try:
        return (yield from _send_and_settle(merchant, payment, policy))
    except MomoClientError as error:
        # Whatever happened, the caller learns which payment to look for.
        error.reference_id = payment.reference_id
        raise


def refund(
    merchant: Merchant,
    original_id: str,
    build: Callable[[Payment], Payment],
    policy: Policy,
    *,
    again: bool,
) -> Flow[Payment]:
    """Give a completed payment back, or a part of it. Raises as `pay`, and UnknownPayment."""
    original: Payment = yield Find(original_id)
    if not (original.is_income and original.status is PaymentStatus.COMPLETED):
        raise InvalidRequest(
            f"payment {original_id} is {original.status}: only a completed request to pay or to "
            "withdraw can be refunded",
            remedy="Refund it once it is completed; one that failed has moved no money.",
            reference_id=original_id,
            code="NOT_REFUNDABLE",
        )
    return (yield from pay(merchant, build(original), policy, again=again))


def read_payment(
    merchant: Merchant, reference_id: str, now_ms: int, policy: Policy
) -> Flow[Payment]:
    """The payment as it is now; the provider is asked unless it is final. Raises TokenError."""
    payment: Payment = yield Find(reference_id)
    if payment.is_final:
        return payment
    return (yield from _check(merchant, payment, now_ms, policy))


def take_hint(reference_id: str, now_ms: int) -> Flow[Payment | None]:
    """Note durably that a payment may have ended; None when it is not ours."""
    payment: Payment | None = yield Hint(reference_id, now_ms + GRACE_MS)
    return payment


def confirm(merchant: Merchant, reference_id: str, now_ms: int, policy: Policy) -> Flow[Payment]:
    """Ask about a payment that a callback has named, unless nothing is left to learn about it."""
    payment: Payment = yield Find(reference_id)
    if payment.next_check_at_ms is None:
        return payment
    return (yield from _check(merchant, payment, now_ms, policy))


def check_round(merchant: Merchant, owner: str, now_ms: int, policy: Policy) -> Flow[Round]:
    """Claim what is due, ask for each, settle what is final; asks for a token until one fails.

    A payment that nobody has confirmed and the provider does not know is sent once more, as it was.
    """
    due: tuple[Payment, ...] = yield Claim(
        owner, policy.batch, now_ms, now_ms + policy.interval_ms, now_ms + LEASE_MS
    )
    failures: dict[Product, MomoClientError] = {}
    checks = tuple(_check_or_note(merchant, payment, now_ms, policy, failures) for payment in due)
    checked: tuple[Payment, ...] = yield RunAll(checks)
    return Round.of(checked)


def product_of(payment: Payment) -> Product:
    """The product that a payment belongs to."""
    product = payment.operation.product
    assert product is not None  # noqa: S101  # only provisioning has none, and it moves no money
    return product


def _send_and_settle(merchant: Merchant, payment: Payment, policy: Policy) -> Flow[Payment]:
    build = partial(requests.create, merchant, payment)
    # Due at once, accepted or not: the very next round asks for it.
    due_at_ms = payment.created_at_ms
    try:
        outcome = yield from persist(
            policy, product_of(payment), build, classify_create, partial(_is_final, payment)
        )
    except TokenError as error:
        unsent: Payment = yield Settle(payment.reference_id, Fail(Cause.NOT_SENT, error.code))
        if unsent.status is PaymentStatus.FAILED:
            error.payer_message = NOT_STARTED
            raise
        return unsent  # a checker has sent it meanwhile
    match outcome:
        case Accepted():
            wait = Wait(due_at_ms, is_known=True)
        case Undecided(then=Then.LOOK_UP):
            return (yield from _look_up(merchant, payment, outcome, policy))
        case Undecided(why, _, retry_after_s):
            wait = Wait(due_at_ms + (retry_after_s or 0) * 1000, reason=why)
        case Refused() as refusal:
            fail = Fail(Cause.REFUSED, refusal.code)
            failed: Payment = yield Settle(payment.reference_id, fail)
            if failed.status is PaymentStatus.FAILED:
                raise refused(PaymentRefused, f"payment {payment.reference_id}", refusal)
            return failed  # a checker or a callback knows better
    settled: Payment = yield Settle(payment.reference_id, wait)
    return settled


def _is_final(payment: Payment) -> Flow[bool]:
    now: Payment = yield Find(payment.reference_id)
    return now.is_final


def _look_up(
    merchant: Merchant, payment: Payment, outcome: Undecided, policy: Policy
) -> Flow[Payment]:
    """An attempt may have arrived before: the status tells. Nothing fails here but the look."""
    try:
        return (yield from _check(merchant, payment, payment.created_at_ms, policy))
    except TokenError:
        wait = Wait(payment.created_at_ms, reason=outcome.why)
        settled: Payment = yield Settle(payment.reference_id, wait)
        return settled


def _check(merchant: Merchant, payment: Payment, now_ms: int, policy: Policy) -> Flow[Payment]:
    look = yield from _look(merchant, payment)
    decision: Decision = decide(payment, look, now_ms, policy)
    if not _is_told_to_wait(look):
        decision = _not_later(payment, decision)
    settled: Payment = yield Settle(payment.reference_id, decision)
    return settled


def _is_told_to_wait(look: Look) -> bool:
    return isinstance(look, Undecided) and look.retry_after_s is not None


def _not_later(payment: Payment, decision: Decision) -> Decision:
    """Whoever asks beside the checker and learns nothing does not keep it waiting."""
    match payment.next_check_at_ms, decision:
        case int(due_at_ms), Wait(int(next_check_at_ms), is_known=False):
            return replace(decision, next_check_at_ms=min(due_at_ms, next_check_at_ms))
    return decision


def _look(merchant: Merchant, payment: Payment) -> Flow[Look]:
    build = partial(requests.read_status, merchant, payment)
    return classify_status((yield from authorised(product_of(payment), build)))


def _check_or_note(
    merchant: Merchant,
    payment: Payment,
    now_ms: int,
    policy: Policy,
    failures: dict[Product, MomoClientError],
) -> Flow[Payment]:
    """Without a token the payment stays open and says why; the round's others do not ask again."""
    product = product_of(payment)
    if product not in failures:
        try:
            return (yield from _check_or_resend(merchant, payment, now_ms, policy))
        except (TokenError, ConfigurationError) as error:
            failures[product] = error
    undecided = Undecided(f"no token: {failures[product].code}")
    noted: Payment = yield Settle(payment.reference_id, decide(payment, undecided, now_ms, policy))
    return noted


def _check_or_resend(
    merchant: Merchant, payment: Payment, now_ms: int, policy: Policy
) -> Flow[Payment]:
    look = yield from _look(merchant, payment)
    if isinstance(look, NotFound) and _may_resend(payment, now_ms):
        decision: Decision = yield from _resend(merchant, payment, now_ms, policy)
    else:
        decision = decide(payment, look, now_ms, policy)
    settled: Payment = yield Settle(payment.reference_id, decision)
    return settled


def _resend(merchant: Merchant, payment: Payment, now_ms: int, policy: Policy) -> Flow[Wait]:
    """Whatever the answer, an earlier attempt may still show up: nothing is refused here."""
    build = partial(requests.create, merchant, payment)
    outcome = classify_create((yield from authorised(product_of(payment), build)))
    retry_after_s = outcome.retry_after_s if isinstance(outcome, Undecided) else None
    next_check_at_ms = policy.next_check_at_ms(payment, now_ms, retry_after_s or 0)
    if isinstance(outcome, Accepted):
        return Wait(next_check_at_ms, is_known=True)
    return Wait(next_check_at_ms, reason=f"sent again: {outcome}")


def _may_resend(payment: Payment, now_ms: int) -> bool:
    return payment.is_undecided and now_ms < payment.created_at_ms + RESEND_MS
