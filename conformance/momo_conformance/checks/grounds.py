"""What a client may say of a payment: only what it was told, and what time allows.

Whoever judges says what the client knew: a reply counts only when the client must have heard it.
"""

from collections.abc import Iterator

from momo_conformance.calls import Call
from momo_conformance.exchanges import Exchange
from momo_conformance.history import Claim, History
from momo_conformance.knowledge import FAILURES, SUCCESS
from momo_conformance.payments import DAY_MS
from momo_conformance.protocol import Fail

PERMANENT_CODES = frozenset(
    {
        "NOT_ALLOWED",
        "NOT_ALLOWED_TARGET_ENVIRONMENT",
        "INVALID_CALLBACK_URL_HOST",
        "INVALID_CURRENCY",
    }
)
"""They come as 500, and no repeat changes them."""

TRANSIENT_CODES = frozenset({"SERVICE_UNAVAILABLE", "INTERNAL_PROCESSING_ERROR"})

_EARLY_MS = 60_000
"""So much before a payment's deadline nobody is blamed: clocks are not that exact."""

MOST_ATTEMPTS = 5
"""So many attempts at one create are usual at most."""

PATIENCE_MS = 60_000
"""Whoever sends again at all has done so by then."""

_UNAUTHORIZED = 401
_OPEN_STATUSES = (408, 409, 425, 429)
"""Of 4xx, those that are no refusal."""

_DISTORTING = frozenset(
    {
        "latency",
        "slow_drip",
        "malformed_json",
        "wrong_content_type",
        "altered_body",
        "huge_body",
        "waf_page",
    }
)


def is_heard(history: History, row: Exchange) -> bool:
    """True when the client must have read the reply as it was meant: plain, whole, in time."""
    return (
        row.is_answered
        and not _DISTORTING.intersection(row.faults)
        and not _is_held(history, row)
        and not has_restarted(history, row.began, row.ended)
    )


def is_refusal(row: Exchange) -> bool:
    """True for an answered create that was definitely not carried out."""
    if not row.is_answered or row.status is None:
        return False
    return row.code in PERMANENT_CODES or (
        400 <= row.status < 500 and row.status not in _OPEN_STATUSES
    )


def is_transient(row: Exchange) -> bool:
    """True for a create that was answered with an error that may pass by itself."""
    return row.status is not None and row.status >= 500 and row.code not in PERMANENT_CODES


def has_restarted(history: History, start: int, end: int) -> bool:
    """True when the client has died between two positions: it may have forgotten what it heard."""
    return any(event["kind"] == "driver_ended" for event in history.events[start:end])


def at_ms(history: History, position: int) -> int:
    """Namespace time at a position."""
    return int(history.events[min(position, len(history.events) - 1)]["at"])


def may_be_completed(history: History, reference_id: str, position: int) -> bool:
    """True when the client has been told by then that the payment succeeded."""
    return any(
        news.word == SUCCESS and news.position < position for news in history.news(reference_id)
    )


def may_be_failed(history: History, reference_id: str, position: int) -> bool:
    """True when the client has a reason by then to give the payment up."""
    if any(
        news.word in FAILURES and news.position < position for news in history.news(reference_id)
    ):
        return True
    attempts = history.attempts(reference_id)
    if any(is_refusal(row) and row.ended < position for row in attempts):
        return True
    return is_overdue(history, reference_id, position)


def is_overdue(history: History, reference_id: str, position: int) -> bool:
    """True when by then a payment has been open for 24 h."""
    attempts = history.attempts(reference_id)
    return bool(attempts) and (
        at_ms(history, position) - _ordered_at_ms(history, attempts[0]) >= DAY_MS - _EARLY_MS
    )


def endings(history: History, reference_id: str) -> Iterator[Claim]:
    """Every time that the client has said of a payment that it is completed or failed.

    A definite no to the call that sent it says so, too.
    """
    for claim in history.claims:
        if claim.reference_id == reference_id and claim.state in ("completed", "failed"):
            yield claim
    own = {row.began for row in history.attempts(reference_id)}
    for call in history.calls:
        if call.answered is None or not (call.creates and isinstance(call.answer, Fail)):
            continue
        if any(row.began in own for row in sent_by(history, call)):
            yield Claim(call.answered, reference_id, "failed", call.op)


def is_given_up(history: History, row: Exchange, position: int) -> bool:
    """True when the client has had, or has told, a reason by then to let a payment go.

    401 is none: it is about the token.
    """
    reference_id = row.reference_id or ""
    if any(claim.position < position for claim in endings(history, reference_id)):
        return True
    is_about_token = row.status == _UNAUTHORIZED
    return not is_about_token and may_be_failed(history, reference_id, position)


def unfounded(history: History, reference_id: str, start: int, end: int) -> Claim | None:
    """The first ending between two positions that nothing had told the client."""
    for claim in sorted(endings(history, reference_id), key=lambda found: found.position):
        if not start < claim.position <= end:
            continue
        allows = may_be_completed if claim.state == "completed" else may_be_failed
        if not allows(history, reference_id, claim.position):
            return claim
    return None


def sent_by(history: History, call: Call) -> tuple[Exchange, ...]:
    """The creates that began while a call for their key was open."""
    return tuple(row for row in history.during(call) if row.is_create and row.key == call.key)


def sender_of(history: History, row: Exchange) -> Call | None:
    """The call of the user that a create was sent in; None for one that was sent later."""
    return next((call for call in history.calls if row in sent_by(history, call)), None)


def _ordered_at_ms(history: History, row: Exchange) -> int:
    """When the user first asked for what a create is about; it may have been sent long after."""
    calls = (call.at_ms for call in history.calls if call.creates and call.key == row.key)
    return min(calls, default=row.at_ms)


def _is_held(history: History, row: Exchange) -> bool:
    return any(
        event["kind"] == "gate_held" and event["reference_id"] == row.reference_id
        for event in history.events[row.began : row.ended]
    )


def is_given_time(history: History, row: Exchange) -> bool:
    """True when a client that wanted to send again has had the time to.

    Without a clock of the examiner's only an answered call can say that it is done.
    """
    end = len(history.events) - 1
    if history.has_clock:
        return at_ms(history, end) >= row.ended_at_ms + PATIENCE_MS and any(
            call.op == "clock.advance" and call.asked > row.ended and call.answered is not None
            for call in history.calls
        )
    return not history.is_driven or any(
        row in sent_by(history, call) and call.answered is not None for call in history.calls
    )


def has_trouble(history: History, start: int, end: int) -> bool:
    """True when faults have struck between two positions: they explain much."""
    return any(row.faults and start < row.began < end for row in history.exchanges)
