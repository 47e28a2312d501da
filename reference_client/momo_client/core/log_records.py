"""What a log says of each event: its name, how grave it is, its facts; no secret and no text.

`reference_id` is the one correlation id of a payment; the other party's number is masked, in the
words of others too.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from momo_client.core.events import (
    AlarmRaised,
    CallbackContradicted,
    CallbackRefused,
    CallbackTaken,
    CallbackUnconfirmed,
    CallEnded,
    Event,
    PaymentRecorded,
    PaymentSettled,
    RoundEnded,
    RoundLost,
    TokenFailed,
    TokenTaken,
)
from momo_client.core.payments import Payment, Review

Fact = str | int | float

_WORDS_OF_OTHERS = frozenset({"code", "problem", "problems", "reason", "word"})
_NUMBER = re.compile(r"\d(?:[ .-]?\d){6,14}")
"""What can be read as a phone number, however it is grouped."""


class Level(StrEnum):
    """How grave an event is, in the words of `logging`."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One line of a log. Empty facts are left out."""

    level: Level
    event: str
    facts: dict[str, Fact]


def record_of(event: Event) -> LogRecord:
    """The line that tells of an event."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(event).__name__).lower()
    facts = {key: _masked(key, fact) for key, fact in _facts(event).items() if fact != ""}
    return LogRecord(_level(event), name, facts)


def _masked(key: str, fact: Fact) -> Fact:
    if key not in _WORDS_OF_OTHERS or not isinstance(fact, str):
        return fact
    return _NUMBER.sub(lambda found: f"{found[0][:3]}***{found[0][-3:]}", fact)


def _level(event: Event) -> Level:
    match event:
        case CallEnded(status=status):
            return Level.DEBUG if 200 <= status < 400 else Level.WARNING
        case TokenTaken():
            return Level.DEBUG
        case PaymentSettled(payment) if payment.review is Review.OPEN:
            return Level.WARNING
        case TokenFailed() | CallbackRefused() | CallbackContradicted() | CallbackUnconfirmed():
            return Level.WARNING
        case RoundLost() | AlarmRaised():
            return Level.ERROR
        case _:
            return Level.INFO


def _facts(event: Event) -> dict[str, Fact]:
    match event:
        case CallEnded():
            return {
                "operation": event.operation.name,
                "reference_id": event.reference_id,
                "status": event.status or "",
                "code": event.code,
                "problem": event.problem,
                "duration_s": round(event.duration_s, 4),
            }
        case TokenTaken(product, is_cached):
            return {"product": product.value, "source": "cache" if is_cached else "fetched"}
        case TokenFailed(product, code):
            return {"product": product.value, "code": code}
        case PaymentRecorded(payment) | PaymentSettled(payment):
            return _of_payment(payment)
        case CallbackContradicted(payment, word):
            return _of_payment(payment) | {"word": word}
        case _:
            return _of_service(event)


_Service = (
    CallbackTaken | CallbackUnconfirmed | CallbackRefused | RoundLost | RoundEnded | AlarmRaised
)


def _of_service(event: _Service) -> dict[str, Fact]:
    match event:
        case CallbackTaken(reference_id, is_known, word):
            return {"reference_id": reference_id, "word": word, "is_known": is_known}
        case CallbackUnconfirmed(reference_id, problem):
            return {"reference_id": reference_id, "problem": problem}
        case CallbackRefused(problem) | RoundLost(problem):
            return {"problem": problem}
        case RoundEnded(summary, duration_s):
            counts = ("checked", "completed", "failed", "pending", "reviews")
            facts: dict[str, Fact] = {name: getattr(summary, name) for name in counts}
            return facts | {
                "problems": "; ".join(summary.problems),
                "duration_s": round(duration_s, 4),
            }
        case AlarmRaised(name, share, total, threshold):
            return {"name": name, "share": share, "total": total, "threshold": threshold}


def _of_payment(payment: Payment) -> dict[str, Fact]:
    return {
        "reference_id": payment.reference_id,
        "operation": payment.operation.name,
        "external_id": payment.external_id,
        "amount": payment.money.wire,
        "currency": payment.money.currency.code,
        "party": payment.msisdn.masked,
        "payment_status": payment.status.value,
        "cause": payment.cause.value if payment.cause else "",
        "review": payment.review.value if payment.review else "",
        "reason": payment.reason,
    }
