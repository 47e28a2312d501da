"""What an answer means: the one place where replies become decisions' raw material.

Every failure is definite (it did not happen) or undecided (it may have). A timeout is unknown,
never failed. Of creates see the table in `create_answers`.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from momo_client.core.http import Answer, HttpReply, NoAnswer
from momo_contracts.wire_errors import LOGIN_FAILED, NOT_FOUND

WORD_LIMIT = 200
"""Assumed: the most characters of a provider's word that are kept."""


class Then(StrEnum):
    """What to do after an answer."""

    STOP = "stop"
    WAIT = "let the checker ask"
    RETRY = "send the same again"
    LOOK_UP = "read its status"


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
        words = f": {self.message}" if self.message else ""
        return f"{self.http_status}{code}{words}"


@dataclass(frozen=True, slots=True)
class Undecided:
    """It may have happened or not. `why` is a short phrase or the provider's code.

    `retry_after_s` is there when the provider said when to ask again.
    """

    why: str
    then: Then = Then.WAIT
    retry_after_s: int | None = None

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True, slots=True)
class Observation:
    """What a status read showed; an absent field is empty.

    An echoed field that is no text and no number is there as '<its type>', which matches nothing.
    """

    status: str
    reason: str = ""
    financial_transaction_id: str = ""
    reference_id: str = ""
    external_id: str = ""
    party: str = field(default="", repr=False)
    amount: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider does not know the reference id, at least not yet (404 after 202: observed)."""


Look = Observation | NotFound | Undecided


def classify_status(answer: Answer) -> Look:
    """What the answer to a status read shows."""
    match answer:
        case NoAnswer(problem):
            return Undecided(problem)
        case HttpReply(200) as reply:
            return _observation(reply.json_object())
        case HttpReply() as reply:
            code = read_refusal(reply).code
            is_unknown = code == NOT_FOUND.code
            return NotFound() if is_unknown else Undecided(code, retry_after_s=reply.retry_after_s)


def is_stale_token(answer: Answer) -> bool:
    """True for the wallet's 401. The gateway's 401 is about the subscription key instead."""
    return isinstance(answer, HttpReply) and answer.status == 401 and not _is_from_gateway(answer)


def read_refusal(reply: HttpReply) -> Refused:
    """Any error reply in one shape; without a code of its own it gets 'HTTP_<status>'."""
    content = reply.json_object()
    if content.get("error") == LOGIN_FAILED.message:
        return Refused(reply.status, LOGIN_FAILED.name.upper(), "")
    code = _word(content.get("code")) or f"HTTP_{reply.status}"
    return Refused(reply.status, code, _word(content.get("message")), _is_from_gateway(reply))


def _is_from_gateway(reply: HttpReply) -> bool:
    return "statusCode" in reply.json_object()


def _observation(content: dict[str, object]) -> Observation | Undecided:
    status = content.get("status")
    if not isinstance(status, str):
        return Undecided("unreadable reply")
    party = content.get("payer", content.get("payee"))
    return Observation(
        status=_word(status),
        reason=_reason(content.get("reason")),
        financial_transaction_id=_word(content.get("financialTransactionId")),
        reference_id=_echo(content.get("referenceId")),
        external_id=_echo(content.get("externalId")),
        party=_echo(party.get("partyId") if isinstance(party, dict) else party),
        amount=_echo(content.get("amount")),
        currency=_echo(content.get("currency")),
    )


def _reason(reason: object) -> str:
    """A plain string (observed) or {"code", "message"} (documented)."""
    return _word(reason.get("code") if isinstance(reason, dict) else reason)


def _echo(value: object) -> str:
    return "" if value in (None, "") else _word(value) or f"<{type(value).__name__}>"


def _word(value: object) -> str:
    """What the provider said, fit for the ledger and for a terminal: short, on one line.

    The mark of a cut is no digit, so that a number that was cut equals none of ours.
    """
    match value:
        case bool():
            return ""
        case str() | int() | Decimal():
            text = str(value)
        case _:
            return ""
    if len(text) > WORD_LIMIT:
        text = f"{text[: WORD_LIMIT - 1]}…"
    return "".join(letter if letter.isprintable() else "?" for letter in text)
