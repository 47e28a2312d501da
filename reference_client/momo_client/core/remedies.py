"""What to do about a refusal: one table for errors, `doctor` and the people who pay."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from momo_client.core.classification import Refused
from momo_client.errors import Fault, MomoClientError
from momo_contracts import wire_errors as wire

TRY_LATER = "Try again later; the provider is having trouble."

SUBSCRIPTION_KEY = (
    "Check MTN_SUBSCRIPTION_KEY, or MTN_DISBURSEMENT_SUBSCRIPTION_KEY and the like: each product "
    "has a key of its own, from an active subscription to it."
)
API_USER = (
    "Check MTN_API_USER and MTN_API_KEY: both from the same environment, the key being the "
    "latest one made for that user."
)
TARGET_ENVIRONMENT = (
    "Check MTN_TARGET_ENVIRONMENT, and that the API user and the subscription key belong to that "
    "environment and to the product."
)
_UNKNOWN = "Compare the request with the API's documentation; `doctor` checks the configuration."

_BY_CODE: Mapping[str, str] = MappingProxyType(
    {
        wire.LOGIN_FAILED.name.upper(): API_USER,
        wire.NOT_ALLOWED_TARGET_ENVIRONMENT.code: TARGET_ENVIRONMENT,
        wire.NOT_ALLOWED.code: TARGET_ENVIRONMENT,
        wire.INVALID_CURRENCY.code: "Set MTN_CURRENCY to the target environment's currency.",
        wire.INVALID_PLAN.code: "Correct the X-Mock-Outcome that the fake was given.",
        wire.INVALID_CALLBACK_URL_HOST.code: (
            "Use a callback URL on the host that the API user was created with."
        ),
    }
)
_BY_STATUS: Mapping[int, str] = MappingProxyType(
    {
        401: API_USER,
        403: TARGET_ENVIRONMENT,
        404: "Check MTN_BASE_URL: the API does not know this address.",
    }
)

NOT_STARTED = "The payment could not be started. You have not been charged."
NOT_CHARGED = "The payment was refused. You have not been charged."
_TO_THE_PAYER: Mapping[str, str] = MappingProxyType(
    {
        "NOT_ENOUGH_FUNDS": "Your balance is too low for this payment. You have not been charged.",
        "PAYER_LIMIT_REACHED": "Your account's limit is reached. You have not been charged.",
        "PAYER_NOT_FOUND": "This number has no mobile money account. You have not been charged.",
    }
)

_BY_PROBLEM: Mapping[str, str] = MappingProxyType(
    {
        "timeout": "Check that a firewall or proxy lets this machine out, or raise MTN_TIMEOUT_S.",
        "unknown host": "Check the host in MTN_BASE_URL, and this machine's name resolution.",
        "connection refused": "Check the host and port in MTN_BASE_URL: nothing listens there.",
        "TLS failed": "Check that MTN_BASE_URL speaks https and that its certificate is trusted.",
    }
)


_THE_PAYERS = frozenset(
    {
        "APPROVAL_REJECTED",
        "EXPIRED",
        "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED",
        "NOT_ENOUGH_FUNDS",
        "PAYEE_LIMIT_REACHED",
        "PAYEE_NOT_ALLOWED_TO_RECEIVE",
        "PAYEE_NOT_FOUND",
        "PAYER_LIMIT_REACHED",
        "PAYER_NOT_FOUND",
        "PAYMENT_NOT_APPROVED",
        "SENDER_ACCOUNT_NOT_ACTIVE",
        "TRANSACTION_CANCELED",
    }
)
"""The reasons that the other party alone can do something about."""

E = TypeVar("E", bound=MomoClientError)


def refused(kind: type[E], what: str, refusal: Refused) -> E:
    """The error that tells of a refusal."""
    return kind(
        f"{what} was refused with {refusal}",
        remedy=remedy_for(refusal),
        payer_message=payer_message_for(refusal.code),
        http_status=refusal.http_status,
        code=refusal.code,
        fault=fault_of(refusal),
    )


def fault_of(refusal: Refused) -> Fault:
    """Who can do something about a refusal."""
    if refusal.code in _THE_PAYERS:
        return Fault.PAYER
    is_configured = remedy_for(refusal) in (SUBSCRIPTION_KEY, API_USER, TARGET_ENVIRONMENT)
    return Fault.CONFIGURATION if is_configured else Fault.CALLER


def remedy_for_problem(problem: str) -> str:
    """What to look at first when no answer came."""
    return _BY_PROBLEM.get(problem, "Check MTN_BASE_URL and the network.")


def remedy_for(refusal: Refused) -> str:
    """What a developer should look at first."""
    if refusal.from_gateway and refusal.http_status == 401:
        return SUBSCRIPTION_KEY
    by_status = _BY_STATUS.get(refusal.http_status, _UNKNOWN)
    return _BY_CODE.get(refusal.code, by_status)


def payer_message_for(code: str) -> str:
    """What may be shown to the person who pays after a definite refusal."""
    return _TO_THE_PAYER.get(code, NOT_CHARGED)
