"""What an answer means: the one place where replies become decisions' raw material.

Every failure is definite (it did not happen) or undecided (it may have). No answer, resets,
truncated or unreadable replies, redirects, a firewall's HTML page with 200 and a 5xx without a
known code are undecided. A timeout is unknown, never failed.
"""

from dataclasses import dataclass
from decimal import Decimal

from momo_client.core.http import Answer, HttpReply, NoAnswer
from momo_contracts.wire_errors import LOGIN_FAILED, NOT_FOUND, is_definite


@dataclass(frozen=True, slots=True)
class Accepted:
    """202: the provider has the payment."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A definite no. `from_gateway` tells the outer layer's errors from the wallet's."""

    http_status: int
    code: str
    message: str
    from_gateway: bool = False

    def __str__(self) -> str:
        code = "" if self.code.startswith("HTTP_") else f" {self.code}"
        words = f": {self.message[:200]}" if self.message else ""
        return f"{self.http_status}{code}{words}"


@dataclass(frozen=True, slots=True)
class Undecided:
    """It may have happened or not. `why` is a short phrase or the provider's code."""

    why: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What a status read showed; an absent field is empty."""

    status: str
    reason: str = ""
    financial_transaction_id: str = ""
    reference_id: str = ""
    amount: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider does not know the reference id, at least not yet (404 after 202: observed)."""


Look = Observation | NotFound | Undecided


def classify_create(answer: Answer) -> Accepted | Refused | Undecided:
    """What the answer to a create proves."""
    match answer:
        case NoAnswer(problem):
            return Undecided(problem)
        case HttpReply(202):
            return Accepted()
        case HttpReply() as reply:
            refusal = read_refusal(reply)
            if is_definite(reply.status, refusal.code):
                return refusal
            return Undecided(refusal.code)


def classify_status(answer: Answer) -> Look:
    """What the answer to a status read shows."""
    match answer:
        case NoAnswer(problem):
            return Undecided(problem)
        case HttpReply(200) as reply:
            return _observation(reply.json_object())
        case HttpReply() as reply:
            code = read_refusal(reply).code
            return NotFound() if code == NOT_FOUND.code else Undecided(code)


def is_stale_token(answer: Answer) -> bool:
    """True for the wallet's 401. The gateway's 401 is about the subscription key instead."""
    return isinstance(answer, HttpReply) and answer.status == 401 and not _is_from_gateway(answer)


def read_refusal(reply: HttpReply) -> Refused:
    """Any error reply in one shape; without a code of its own it gets 'HTTP_<status>'."""
    content = reply.json_object()
    if content.get("error") == LOGIN_FAILED.message:
        return Refused(reply.status, LOGIN_FAILED.name.upper(), "")
    code = _text(content.get("code")) or f"HTTP_{reply.status}"
    return Refused(reply.status, code, _text(content.get("message")), _is_from_gateway(reply))


def _is_from_gateway(reply: HttpReply) -> bool:
    return "statusCode" in reply.json_object()


def _observation(content: dict[str, object]) -> Observation | Undecided:
    status = content.get("status")
    if not isinstance(status, str):
        return Undecided("unreadable reply")
    return Observation(
        status=status,
        reason=_reason(content.get("reason")),
        financial_transaction_id=_text(content.get("financialTransactionId")),
        reference_id=_text(content.get("referenceId")),
        amount=_text(content.get("amount")),
        currency=_text(content.get("currency")),
    )


def _reason(reason: object) -> str:
    """A plain string (observed) or {"code", "message"} (documented)."""
    return _text(reason.get("code") if isinstance(reason, dict) else reason)


def _text(value: object) -> str:
    match value:
        case str():
            return value
        case bool():
            return ""
        case int() | Decimal():
            return str(value)
        case _:
            return ""
