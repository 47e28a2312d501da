"""MOMO-RTY-04 and 05: a definite no is taken for one, whatever it comes as."""

from collections.abc import Iterator

from momo_conformance.calls import Call
from momo_conformance.checks.grounds import (
    MOST_ATTEMPTS,
    PERMANENT_CODES,
    has_restarted,
    is_given_time,
    is_heard,
    is_transient,
    sender_of,
    sent_by,
)
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History, positions
from momo_conformance.protocol import Fail, Ok
from momo_conformance.verdicts import Sighting

_REFUSING = (400, 403, 404)


def takes_no(history: History) -> Iterator[Sighting]:
    """RTY-04: 400, 403 and 404 are no reason to send a create again."""
    for row in history.creates:
        if row.status in _REFUSING and _is_first_word(history, row):
            again = _repeats(history, row)
            if again:
                told = f"{row.status} was answered, and the create was sent again"
                yield Sighting(positions((row, again[0])), told)
            elif is_given_time(history, row):
                yield Sighting((row.began,))


def hands_code_on(history: History) -> Iterator[Sighting]:
    """RTY-05: a permanent error is one, though it comes as 500."""
    for row in history.creates:
        code = row.code or ""
        if row.status != 500 or code not in PERMANENT_CODES or not _is_first_word(history, row):
            continue
        again = _repeats(history, row)
        call = sender_of(history, row)
        if len(again) >= MOST_ATTEMPTS or any(
            other.reference_id != row.reference_id for other in again
        ):
            told = f"500 {code} was answered, and the create was sent {len(again)} times more"
            yield Sighting(positions((row, *again[:3])), told)
        elif call is not None and not call.has_died:
            is_told = any(code in told.upper() for told in _codes(history, row, call))
            breach = "" if is_told else f"{code} was answered, and the caller was never told so"
            yield Sighting((call.asked, row.began, *positions(again[:2])), breach)
        elif not again and call is None:
            yield Sighting((row.began,))


def _is_first_word(history: History, row: Exchange) -> bool:
    """True for an answer that was heard, and leaves no doubt about earlier attempts."""
    earlier = [
        other for other in history.attempts(row.reference_id or "") if other.began < row.began
    ]
    return is_heard(history, row) and not any(
        is_transient(other) or not other.is_answered for other in earlier
    )


def _repeats(history: History, row: Exchange) -> list[Exchange]:
    """What was sent again after a create, but for what the user has asked for again."""
    wanted = [call for call in history.calls if call.creates and call.asked > row.ended]
    return [
        other
        for other in history.creates
        if other.began > row.ended and other.namespace == row.namespace
        if other.reference_id == row.reference_id
        or (history.is_driven and row.key and other.key == row.key)
        if not has_restarted(history, row.began, other.began)
        if not any(other in sent_by(history, call) for call in wanted)
    ]


def _codes(history: History, row: Exchange, call: Call) -> Iterator[str]:
    """Every code that the caller was given for a payment."""
    for other in history.calls:
        is_about = other is call or (
            other.op == "status" and other.fields.get("reference_id") == row.reference_id
        )
        match other.answer:
            case Fail(code, _) if is_about or other.key == call.key:
                yield code
            case Ok({"code": str(code)}) if is_about or other.key == call.key:
                yield code
