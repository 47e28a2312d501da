"""What `doctor` finds: each finding names what was examined and, when it is wrong, the remedy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from momo_client.core import requests
from momo_client.core.classification import read_refusal
from momo_client.core.http import Answer, HttpReply, HttpRequest, NoAnswer
from momo_client.core.remedies import TRY_LATER, remedy_for, remedy_for_problem
from momo_client.core.requests import Merchant
from momo_client.core.token_cache import CachedToken, read_token
from momo_client.errors import TokenUnavailable
from momo_contracts.errors import InvalidValue
from momo_contracts.values import Product, ReferenceId, TargetEnvironment
from momo_contracts.wire_errors import is_definite


class Subject(StrEnum):
    """What a finding is about, in the order of examination."""

    CONFIGURATION = "configuration"
    CURRENCY = "currency"
    LEDGER = "ledger"
    BOOKS = "books"
    CONNECTION = "connection"
    CLOCK = "clock"
    CREDENTIALS = "credentials"
    ACCESS = "access"
    CALLBACKS = "callbacks"


SKEW_MS = 30_000
"""Assumed: how far two clocks may be apart; half of the 60 s by which tokens are renewed early."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One result. `remedy` is empty when all is well."""

    subject: Subject
    is_ok: bool
    detail: str
    remedy: str = ""


def diagnose_settings(merchant: Merchant) -> Finding:
    """The sandbox's API users are named by who makes them, with a UUID version 4 (documented)."""
    users = (credentials.api_user for credentials in merchant.credentials.values())
    if merchant.target_environment != "sandbox" or all(map(_is_reference_id, users)):
        return Finding(Subject.CONFIGURATION, True, "every setting is there and well formed")
    return Finding(
        Subject.CONFIGURATION,
        False,
        "MTN_API_USER is not a UUID version 4, as every API user of the sandbox is",
        "Set it to the X-Reference-Id that the API user was created with.",
    )


def diagnose_currency(currency: str, target_environment: str) -> Finding:
    """Each environment has one currency (documented); another is answered INVALID_CURRENCY."""
    expected = TargetEnvironment.of(target_environment).currency.code
    if currency == expected:
        return Finding(Subject.CURRENCY, True, f"{currency} fits {target_environment}")
    return Finding(
        Subject.CURRENCY,
        False,
        f"{target_environment} pays in {expected}, not {currency}",
        f"Set MTN_CURRENCY={expected}, or correct MTN_TARGET_ENVIRONMENT.",
    )


def diagnose_books(complaints: Sequence[str]) -> tuple[Finding, ...]:
    """What an audit of the ledger complains about."""
    if not complaints:
        return (Finding(Subject.BOOKS, True, "every booking agrees with its payment"),)
    remedy = (
        "Stop the client and keep a copy of the ledger; then hold these payments, in `mock-momo "
        "client ledger entries`, against the provider's statement."
    )
    return tuple(Finding(Subject.BOOKS, False, complaint, remedy) for complaint in complaints)


def diagnose_callbacks(answer: Answer | None) -> Finding:
    """What sending a callback to our own address brought; None when there is no address."""
    match answer:
        case None:
            return Finding(Subject.CALLBACKS, True, "none asked for: the checker asks")
        case HttpReply(status) if 200 <= status < 300:
            detail = "reached from this machine, which proves nothing about MTN's side"
            return Finding(Subject.CALLBACKS, True, detail)
        case HttpReply(status):
            detail = f"the address in MTN_CALLBACK_URL answered {status}"
        case NoAnswer(problem):
            detail = f"no answer from the address in MTN_CALLBACK_URL: {problem}"
    remedy = (
        "Start `mock-momo client serve-callbacks` there, and check the proxy before it; outside "
        "the sandbox the address begins with https://."
    )
    return Finding(Subject.CALLBACKS, False, detail, remedy)


def diagnose_access(
    merchant: Merchant,
    product: Product,
    send: Callable[[HttpRequest], Answer],
    now_ms: Callable[[], int],
) -> tuple[Finding, ...]:
    """Ask for a token, then for the balance, which changes nothing; stop at the first trouble.

    `now_ms` is this machine's clock, to be held against the one that the token's reply tells.
    """
    answer = send(requests.create_token(merchant, product))
    if isinstance(answer, NoAnswer):
        return (_unreachable(answer),)
    token = read_token(answer, 0)
    if isinstance(token, TokenUnavailable):
        return (Finding(Subject.CONNECTION, False, token.message, token.remedy),)
    reached = Finding(Subject.CONNECTION, True, "the API answers")
    clock = _diagnose_clock(answer.date_ms, now_ms())
    if not isinstance(token, CachedToken):
        refused = Finding(Subject.CREDENTIALS, False, f"{product}: {token.message}", token.remedy)
        return reached, clock, refused
    accepted = Finding(Subject.CREDENTIALS, True, f"{product}: a token for {token.expires_in_s} s")
    balance = send(requests.read_balance(merchant, product, token.value))
    return reached, clock, accepted, _read_access(product, balance)


def _diagnose_clock(server_ms: int | None, now_ms: int) -> Finding:
    """Tokens are renewed by the clock: one that is wrong pays with tokens that have died."""
    if server_ms is None:
        return Finding(Subject.CLOCK, True, "the API tells no time")
    skew_ms = now_ms - server_ms
    if abs(skew_ms) <= SKEW_MS:
        return Finding(Subject.CLOCK, True, "this machine and the API agree on the time")
    word = "ahead of" if skew_ms > 0 else "behind"
    detail = f"this machine's clock is {abs(skew_ms) // 1000} s {word} the API's"
    return Finding(Subject.CLOCK, False, detail, "Set the clock by NTP: tokens are renewed by it.")


def _is_reference_id(text: str) -> bool:
    try:
        ReferenceId(text)
    except InvalidValue:
        return False
    return True


def _read_access(product: Product, answer: Answer) -> Finding:
    match answer:
        case NoAnswer():
            return _unreachable(answer)
        case HttpReply(200):
            return Finding(Subject.ACCESS, True, f"{product}: the balance can be read")
        case HttpReply() as reply:
            refusal = read_refusal(reply)
            remedy = remedy_for(refusal) if is_definite(reply.status, refusal.code) else TRY_LATER
            detail = f"{product}: reading the balance was answered {refusal}"
            return Finding(Subject.ACCESS, False, detail, remedy)


def _unreachable(answer: NoAnswer) -> Finding:
    remedy = remedy_for_problem(answer.problem)
    return Finding(Subject.CONNECTION, False, f"no answer: {answer.problem}", remedy)
