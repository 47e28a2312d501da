"""What can be asked beside payments: balances, account holders, a text to the payer.

Reads are repeated while that can help. A notification is sent once: it is a message to a person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial

from momo_client.core import requests
from momo_client.core.attempts import authorised, persist
from momo_client.core.classification import Refused, Then, Undecided, read_refusal
from momo_client.core.create_answers import PERMANENT
from momo_client.core.effects import Find, Flow
from momo_client.core.http import Answer, HttpReply, HttpRequest, NoAnswer
from momo_client.core.payments import Payment
from momo_client.core.policy import Policy
from momo_client.core.remedies import TRY_LATER, refused, remedy_for_problem
from momo_client.core.requests import Merchant
from momo_client.errors import CallRefused, CallUnanswered, Fault, InvalidRequest
from momo_contracts.values import NOTIFICATION_LENGTH, Msisdn, Product

Content = dict[str, object]

_MOST_DIGITS = 30
"""Assumed: before or after the point; more is no money, and costly to write out."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What the provider says a product's account holds; may be zero or negative."""

    available: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who an account holder is, as far as the provider tells."""

    given_name: str
    family_name: str
    status: str


def read_balance(merchant: Merchant, product: Product, policy: Policy) -> Flow[Balance]:
    """A product's balance. Raises CallRefused, CallUnanswered, TokenError."""
    build = partial(requests.read_balance, merchant, product)
    content = yield from _read(policy, product, build)
    try:
        available = Decimal(str(content["availableBalance"]))
        currency = str(content["currency"])
    except (KeyError, InvalidOperation):
        raise _unanswered("the balance", Undecided("unreadable reply")) from None
    if not available.is_finite() or abs(available.adjusted()) > _MOST_DIGITS:
        raise _unanswered("the balance", Undecided("unreadable reply"))
    return Balance(available, currency)


def read_active(merchant: Merchant, product: Product, msisdn: Msisdn, policy: Policy) -> Flow[bool]:
    """Whether a number is an active account holder. Raises as `read_balance`."""
    build = partial(requests.read_active, merchant, product, msisdn)
    content = yield from _read(policy, product, build)
    return content.get("result") is True


def read_person(
    merchant: Merchant, product: Product, msisdn: Msisdn, policy: Policy
) -> Flow[Person]:
    """Who an account holder is. Raises as `read_balance`."""
    build = partial(requests.read_person, merchant, product, msisdn)
    content = yield from _read(policy, product, build)
    names = ("given_name", "family_name", "status")
    return Person(*(str(content.get(name) or "") for name in names))


def notify(merchant: Merchant, reference_id: str, message: str) -> Flow[None]:
    """Have the provider send a text to the payer of a successful request to pay, once.

    Raises InvalidRequest, UnknownPayment, CallRefused, CallUnanswered, TokenError.
    """
    if not (message.strip() and len(message) <= NOTIFICATION_LENGTH):
        raise InvalidRequest(
            f"a notification has 1 to {NOTIFICATION_LENGTH} characters, not {len(message)}",
            remedy="Pass a shorter message.",
            code="INVALID_TEXT",
        )
    payment: Payment = yield Find(reference_id)
    build = partial(requests.notify, merchant, payment, message)
    answer = yield from authorised(Product.COLLECTION, build)
    outcome = _classify(answer)
    if not isinstance(outcome, dict):
        raise _error(f"the notification about {reference_id}", outcome)


def _read(policy: Policy, product: Product, build: Callable[[str], HttpRequest]) -> Flow[Content]:
    outcome = yield from persist(policy, product, build, _classify)
    if isinstance(outcome, dict):
        return outcome
    raise _error("the call", outcome)


def _classify(answer: Answer) -> Content | Refused | Undecided:
    match answer:
        case NoAnswer(problem):
            return Undecided(problem, Then.RETRY)
        case HttpReply(200) as reply:
            return reply.json_object()
    refusal = read_refusal(answer)
    is_refused = refusal.code in PERMANENT or 400 <= answer.status < 500
    if is_refused and answer.status not in (408, 429):
        return refusal
    return Undecided(refusal.code, Then.RETRY, answer.retry_after_s)


def _error(what: str, outcome: Refused | Undecided) -> CallRefused | CallUnanswered:
    if isinstance(outcome, Refused):
        return refused(CallRefused, what, outcome)
    return _unanswered(what, outcome)


def _unanswered(what: str, outcome: Undecided) -> CallUnanswered:
    return CallUnanswered(
        f"{what} got no usable answer ({outcome.why})",
        remedy=TRY_LATER if outcome.why.isupper() else remedy_for_problem(outcome.why),
        code=outcome.why.upper().replace(" ", "_"),
        fault=Fault.PROVIDER if outcome.why.isupper() else Fault.NETWORK,
        retry_after_s=outcome.retry_after_s,
    )
