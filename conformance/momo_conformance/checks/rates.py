"""MOMO-RTL: how a client behaves when the provider has had enough, or is back again."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from momo_conformance.calls import Call
from momo_conformance.checks.grounds import has_restarted
from momo_conformance.exchanges import Exchange
from momo_conformance.history import Claim, History, positions
from momo_conformance.knowledge import OPEN_WORDS
from momo_conformance.payments import DAY_MS, ROUNDS, to_decimal
from momo_conformance.verdicts import Check, Sighting

_TOO_MANY = 429
_READS_PER_S = 10
"""MTN's limit, as its community was told."""

_ROUNDING_MS = 10


def waits_as_told(history: History) -> Iterator[Sighting]:
    """RTL-01: after 429 the next attempt is no earlier than Retry-After says, and never at once."""
    for row in history.business:
        if row.status != _TOO_MANY or not row.is_answered:
            continue
        again = _own_next_attempt(history, row)
        if again is None:
            continue
        gap_ms, wait_ms = _gap_ms(history, row, again), _wait_ms(row)
        shown = row.began, again.began
        if wait_ms is not None:
            told = f"the next attempt came {gap_ms} ms after 429 with Retry-After of {wait_ms} ms"
            yield Sighting(shown, told if gap_ms < wait_ms - _ROUNDING_MS else "")
        elif not _was_asked(history, row, again, ("reconcile",)):
            told = "the next attempt came at once after 429"
            yield Sighting(shown, told if gap_ms <= 0 else "")


def later_not_failed(history: History) -> Iterator[Sighting]:
    """RTL-02: 429 to a status read leaves the payment as it was."""
    for row in history.exchanges:
        if not row.is_read or row.status != _TOO_MANY or not row.is_answered:
            continue
        claim = _next_claim(history, row)
        if claim is None or not _is_all_there_was(history, row, claim):
            continue
        call = _call_of(history, claim)
        told = f"a payment became {claim.state} after a status read that was answered 429"
        yield Sighting((row.began, call.asked), told if claim.state != "pending" else "")


def no_burst(history: History) -> Iterator[Sighting]:
    """RTL-03: after an outage the open payments are not all read at the same time."""
    for call in history.calls if history.has_clock else ():
        if call.op not in ROUNDS or not _follows_outage(history, call):
            continue
        reads = [row for row in history.during(call) if row.is_read]
        seconds = 1 + int(call.fields.get("ms", 0)) // 1000
        most = _READS_PER_S * seconds
        if not any(row.is_success for row in reads) or len(_open_at(history, call)) <= most:
            continue
        told = f"{len(reads)} status reads within {seconds} s, not {most}, when an outage was over"
        shown = (call.asked, *positions(reads[:3]))
        yield Sighting(shown, told if len(reads) > most else "")


def _own_next_attempt(history: History, row: Exchange) -> Exchange | None:
    """The same request once more, where nobody has asked the client for it; None without one."""
    again = next(
        (
            other
            for other in history.business
            if other.began > row.ended
            and (other.operation, other.reference_id) == (row.operation, row.reference_id)
        ),
        None,
    )
    if again is None or row.reference_id is None or not history.is_driven:
        return None
    callers = [call for call in history.open_at(row.began) if _is_about(call, row)]
    ended = has_restarted(history, row.ended, again.began)
    is_asked = _was_asked(history, row, again, ())
    return None if ended or is_asked or len(callers) > 1 else again


def _was_asked(history: History, row: Exchange, again: Exchange, ops: tuple[str, ...]) -> bool:
    """True when a call about the payment, or one of these ops, came in between."""
    return any(
        row.began < call.asked < again.began and (call.op in ops or _is_about(call, row))
        for call in history.calls
    )


def _is_about(call: Call, row: Exchange) -> bool:
    """True for a call that may make the client ask about the payment, or send it again."""
    if call.op == "deliver_callback":
        return call.about in (None, row.reference_id)
    return call.creates or call.fields.get("reference_id") == row.reference_id


def _gap_ms(history: History, row: Exchange, again: Exchange) -> int:
    """In the client's own time, at most: in a leap it lives through what the fake has behind it."""
    if not history.has_clock:
        return again.wall_ms - row.ended_wall_ms
    leaps = (
        int(call.fields["ms"]) for call in history.open_at(row.began) if call.op == "clock.advance"
    )
    return again.at_ms - row.ended_at_ms + sum(leaps)


def _wait_ms(row: Exchange) -> int | None:
    """What Retry-After asks for, in seconds on the wire; None where it asks for nothing."""
    text = (row.reply_header("Retry-After") or "").strip()
    seconds = to_decimal(text) if text.isascii() and text.isdigit() else None
    return None if seconds is None else int(seconds) * 1000


def _next_claim(history: History, row: Exchange) -> Claim | None:
    return next(
        (
            claim
            for claim in history.claims
            if claim.reference_id == row.reference_id and claim.position > row.ended
        ),
        None,
    )


def _call_of(history: History, claim: Claim) -> Call:
    return next(call for call in history.calls if call.answered == claim.position)


def _is_all_there_was(history: History, row: Exchange, claim: Claim) -> bool:
    """True when the client knew of the 202, and of nothing else that could end the payment."""
    reference_id = row.reference_id or ""
    attempts = history.attempts(reference_id)
    if not any(create.is_success and create.ended < row.began for create in attempts):
        return False
    past_ms = _call_of(history, claim).at_ms - attempts[0].at_ms
    reads = [read for read in history.reads(reference_id) if read.began < claim.position]
    told = any(news.source == "callback" for news in history.news(reference_id))
    return (
        past_ms < DAY_MS
        and not told
        and all(
            read.status == _TOO_MANY or (read.is_success and read.word in OPEN_WORDS)
            for read in reads
        )
    )


def _follows_outage(history: History, call: Call) -> bool:
    return any(
        row.is_read and row.ended < call.asked and (not row.is_answered or (row.status or 0) >= 500)
        for row in history.exchanges
    )


def _open_at(history: History, call: Call) -> set[str | None]:
    """The payments that the client had to ask about then."""
    made = {
        row.reference_id for row in history.creates if row.is_success and row.ended < call.asked
    }
    ended = {
        row.reference_id
        for row in history.exchanges
        if row.is_read and row.is_success and row.ended < call.asked and row.word not in OPEN_WORDS
    }
    return made - ended


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-RTL-01": waits_as_told,
        "MOMO-RTL-02": later_not_failed,
        "MOMO-RTL-03": no_burst,
    }
)
