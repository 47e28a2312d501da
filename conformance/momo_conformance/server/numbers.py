"""The sandbox's test values as MTN has published them, and what was recorded: the examiner's table.

A payment's outcome is chosen by its party's number, that of a v2_0/payment by its amount.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

PREFIX = "46733123"
ORDINARY = f"{PREFIX}499"
"""Of any number that is no test number, payments succeed."""

_OPEN_WORDS = ("CREATED", "PENDING")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a first status read shows: one of the words, and a reason where one is known."""

    words: tuple[str, ...]
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """True where the payment is not final at once, and sources disagree on how it goes on."""
        return self.words == _OPEN_WORDS

    def __str__(self) -> str:
        return " ".join(filter(None, (" or ".join(self.words), self.reason)))


_SUCCESSFUL, _OPEN = Expected(("SUCCESSFUL",)), Expected(_OPEN_WORDS)


def _failed(reason: str = "") -> Expected:
    return Expected(("FAILED",), reason)


_COMMON: Mapping[str, Expected] = {
    "450": _failed("INTERNAL_PROCESSING_ERROR"),
    "451": _failed("APPROVAL_REJECTED"),
    "452": _failed("EXPIRED"),
    "453": _OPEN,
    "454": _OPEN,
    "499": _SUCCESSFUL,
}
_PAYING = (
    "PAYER_NOT_FOUND",
    "PAYEE_NOT_ALLOWED_TO_RECEIVE",
    "NOT_ALLOWED",
    "NOT_ALLOWED_TARGET_ENVIRONMENT",
    "INVALID_CALLBACK_URL_HOST",
    "INVALID_CURRENCY",
    "INTERNAL_PROCESSING_ERROR",
    "SERVICE_UNAVAILABLE",
    "COULD_NOT_PERFORM_TRANSACTION",
)
_TRANSFERRING = (
    "NOT_ENOUGH_FUNDS",
    "PAYER_LIMIT_REACHED",
    "PAYEE_NOT_FOUND",
    "NOT_ALLOWED",
    "NOT_ALLOWED_TARGET_ENVIRONMENT",
    "INVALID_CALLBACK_URL_HOST",
    "INVALID_CURRENCY",
    "INTERNAL_PROCESSING_ERROR",
    "SERVICE_UNAVAILABLE",
)


def _by_number(reasons: tuple[str, ...]) -> Mapping[str, Expected]:
    """The common ones, and from 455 on a reason each."""
    further = {str(455 + row): _failed(reason) for row, reason in enumerate(reasons)}
    return {f"{PREFIX}{digits}": answer for digits, answer in {**_COMMON, **further}.items()}


EXPECTED: Mapping[str, Mapping[str, Expected]] = MappingProxyType(
    {
        "requesttopay": _by_number(_PAYING),
        "requesttowithdraw": _by_number(_PAYING),
        "deposit": _by_number(_PAYING),
        "transfer": _by_number(_TRANSFERRING),
        "payment": {
            "1000": _SUCCESSFUL,
            "2000": _failed(),
            **dict.fromkeys(("3000", "4000", "5000", "6000"), _OPEN),
        },
    }
)
"""By resource, then by the party's number, or the amount: what becomes of the payment."""

ACTIVE: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        f"{PREFIX}450": (404, "RESOURCE_NOT_FOUND"),
        f"{PREFIX}451": (200, "false"),
        f"{PREFIX}452": (500, "NOT_ALLOWED"),
        f"{PREFIX}453": (500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
        f"{PREFIX}454": (500, "INTERNAL_PROCESSING_ERROR"),
        f"{PREFIX}455": (503, "SERVICE_UNAVAILABLE"),
        ORDINARY: (200, "true"),
    }
)
"""By account holder: status, and code or result, of the question whether it is active."""
