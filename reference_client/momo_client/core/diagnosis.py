"""What `doctor` finds: each finding names what was examined and, when it is wrong, the remedy."""

from collections.abc import Callable
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
    CONNECTION = "connection"
    CREDENTIALS = "credentials"
    ACCESS = "access"


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


def diagnose_access(
    merchant: Merchant, product: Product, send: Callable[[HttpRequest], Answer]
) -> tuple[Finding, ...]:
    """Ask for a token, then for the balance, which changes nothing; stop at the first trouble."""
    answer = send(requests.create_token(merchant, product))
    if isinstance(answer, NoAnswer):
        return (_unreachable(answer),)
    token = read_token(answer, 0)
    if isinstance(token, TokenUnavailable):
        return (Finding(Subject.CONNECTION, False, token.message, token.remedy),)
    reached = Finding(Subject.CONNECTION, True, "the API answers")
    if not isinstance(token, CachedToken):
        return reached, Finding(
            Subject.CREDENTIALS, False, f"{product}: {token.message}", token.remedy
        )
    accepted = Finding(Subject.CREDENTIALS, True, f"{product}: a token for {token.expires_in_s} s")
    balance = send(requests.read_balance(merchant, token.value, product))
    return reached, accepted, _read_access(product, balance)


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
