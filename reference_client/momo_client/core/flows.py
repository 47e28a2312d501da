"""The client's protocol, step by step, as generators that yield effects (see `effects`).

asyncio, gevent and plain synchronous code drive the same flows; see the shells in `edge`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from momo_client.core import requests
from momo_client.core.classification import (
    Accepted,
    Refused,
    Undecided,
    classify_create,
    classify_status,
    is_stale_token,
)
from momo_client.core.effects import (
    Claim,
    DropToken,
    Find,
    Flow,
    GetToken,
    Pause,
    Record,
    RunAll,
    Send,
    Settle,
)
from momo_client.core.http import Answer, HttpRequest
from momo_client.core.payments import Cause, Payment, PaymentStatus
from momo_client.core.remedies import payer_message_for, remedy_for
from momo_client.core.requests import Merchant
from momo_client.core.settlement import Decision, Fail, Wait, decide
from momo_client.core.token_cache import CachedToken, read_token
from momo_client.errors import MomoClientError, PaymentRefused, TokenError, TokenUnavailable

TOKEN_ATTEMPTS = 3
"""Assumed: how often a token call is made before its failure is reported."""

FIRST_PAUSE_S = 0.5
"""Assumed: the longest first pause; each further one is twice as long."""

LEASE_MS = 5 * 60 * 1000
"""Assumed: how long a worker that died keeps others from the payments it had claimed."""


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """How many payments a round asks for, and how long a payment then rests (mission: 10, 30 s)."""

    batch: int = 10
    interval_ms: int = 30_000


@dataclass(frozen=True, slots=True)
class Round:
    """The summary of one checker round. `problems` says why payments are still open, if known."""

    checked: int = 0
    completed: int = 0
    failed: int = 0
    pending: int = 0
    problems: tuple[str, ...] = ()

    @staticmethod
    def of(payments: tuple[Payment, ...]) -> "Round":
        completed = sum(payment.status is PaymentStatus.COMPLETED for payment in payments)
        failed = sum(payment.status is PaymentStatus.FAILED for payment in payments)
        problems = {payment.reason for payment in payments if not payment.is_final} - {""}
        return Round(
            checked=len(payments),
            completed=completed,
            failed=failed,
            pending=len(payments) - completed - failed,
            problems=tuple(sorted(problems)),
        )


def fetch_token(merchant: Merchant, now_ms: int) -> Flow[CachedToken | TokenError]:
    """Ask for a token; retry what may pass, never a refusal."""
    longest_s = FIRST_PAUSE_S
    for attempt in range(1, TOKEN_ATTEMPTS + 1):
        answer: Answer = yield Send(requests.create_token(merchant))
        outcome = read_token(answer, now_ms)
        if not isinstance(outcome, TokenUnavailable) or attempt == TOKEN_ATTEMPTS:
            break
        has_waited: bool = yield Pause(longest_s / 2, longest_s)
        if not has_waited:
            break
        longest_s *= 2
    return outcome


def request_to_pay(merchant: Merchant, payment: Payment) -> Flow[Payment]:
    """Write the payment down, send it, and note what came of it.

    Returns a payment that is pending, or created while undecided. Raises PaymentRefused for a
    definite no and TokenError when it could not be sent, both of which fail it, and LedgerError.
    An error without a `reference_id` came before anything was written or sent.
    """
    yield Record(payment)
    try:
        return (yield from _send_and_settle(merchant, payment))
    except MomoClientError as error:
        # Whatever happened, the caller learns which payment to look for.
        error.reference_id = payment.reference_id
        raise


def read_payment(
    merchant: Merchant, reference_id: str, now_ms: int, policy: CheckPolicy
) -> Flow[Payment]:
    """The payment as it is now; the provider is asked unless it is final. Raises TokenError."""
    payment: Payment = yield Find(reference_id)
    if payment.is_final:
        return payment
    return (yield from _check(merchant, payment, now_ms, policy))


def check_round(merchant: Merchant, owner: str, now_ms: int, policy: CheckPolicy) -> Flow[Round]:
    """Claim what is due, ask for each, settle what is final; asks for a token until one fails."""
    due: tuple[Payment, ...] = yield Claim(
        owner, policy.batch, now_ms, now_ms + policy.interval_ms, now_ms + LEASE_MS
    )
    failures: list[TokenError] = []
    checks = tuple(_check_or_note(merchant, payment, now_ms, policy, failures) for payment in due)
    checked: tuple[Payment, ...] = yield RunAll(checks)
    return Round.of(checked)


def _send_and_settle(merchant: Merchant, payment: Payment) -> Flow[Payment]:
    def build(token: str) -> HttpRequest:
        return requests.request_to_pay(merchant, token, payment)

    try:
        answer = yield from _authorised(build)
    except TokenError as error:
        yield Settle(payment.reference_id, Fail(Cause.NOT_SENT, error.code))
        raise
    # Due at once, accepted or not: the very next round asks for it.
    due_at_ms = payment.created_at_ms
    match classify_create(answer):
        case Accepted():
            decision: Decision = Wait(due_at_ms, is_known=True)
        case Undecided(why):
            decision = Wait(due_at_ms, reason=why)
        case Refused() as refusal:
            yield Settle(payment.reference_id, Fail(Cause.REFUSED, refusal.code))
            raise _payment_refused(payment, refusal)
    settled: Payment = yield Settle(payment.reference_id, decision)
    return settled


def _check(merchant: Merchant, payment: Payment, now_ms: int, policy: CheckPolicy) -> Flow[Payment]:
    def build(token: str) -> HttpRequest:
        return requests.read_status(merchant, token, payment.reference_id)

    answer = yield from _authorised(build)
    decision = decide(payment, classify_status(answer), now_ms, policy.interval_ms)
    settled: Payment = yield Settle(payment.reference_id, decision)
    return settled


def _check_or_note(
    merchant: Merchant,
    payment: Payment,
    now_ms: int,
    policy: CheckPolicy,
    failures: list[TokenError],
) -> Flow[Payment]:
    """Without a token the payment stays open and says why; the round's others do not ask again."""
    if not failures:
        try:
            return (yield from _check(merchant, payment, now_ms, policy))
        except TokenError as error:
            failures.append(error)
    wait = Wait(now_ms + policy.interval_ms, reason=f"no token: {failures[0].code}")
    noted: Payment = yield Settle(payment.reference_id, wait)
    return noted


def _authorised(build: Callable[[str], HttpRequest]) -> Flow[Answer]:
    """Send with a token; once, on the wallet's 401, drop it and send the same with a new one."""
    token: str = yield GetToken()
    answer: Answer = yield Send(build(token))
    if is_stale_token(answer):
        yield DropToken(token)
        token = yield GetToken()
        answer = yield Send(build(token))
    return answer


def _payment_refused(payment: Payment, refusal: Refused) -> PaymentRefused:
    return PaymentRefused(
        f"payment {payment.reference_id} was refused with {refusal}",
        remedy=remedy_for(refusal),
        payer_message=payer_message_for(refusal.code),
        http_status=refusal.http_status,
        code=refusal.code,
    )
