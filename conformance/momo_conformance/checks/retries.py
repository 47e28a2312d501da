"""MOMO-RTY: what a client does when an answer is late, lost, unreadable or a no."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from momo_conformance.calls import Call
from momo_conformance.checks.backoff import few_attempts, repeated, waits_longer
from momo_conformance.checks.grounds import (
    endings,
    has_trouble,
    is_heard,
    may_be_completed,
    may_be_failed,
    sender_of,
    unfounded,
)
from momo_conformance.checks.refusals import hands_code_on, takes_no
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History, positions
from momo_conformance.protocol import Ok, Unknown
from momo_conformance.verdicts import Check, Sighting

_GARBAGE = frozenset(
    {"waf_page", "malformed_json", "wrong_content_type", "huge_body", "truncated_body"}
)
_NOT_FOUND = 404
_SLACK_MS = 500
_A_WHILE_MS = 60_000
_LONG_MS = 3_600_000
"""Somebody who checks at all has checked again by then."""


def answers_in_time(history: History) -> Iterator[Sighting]:
    """RTY-01: a request that is never answered holds nobody up."""
    for row in history.exchanges:
        call = _asker(history, row) if "hang" in row.faults else None
        if call is None:
            continue
        took_ms = call.answered_wall_ms - call.wall_ms
        deadline_ms = call.fields.get("deadline_ms")
        breach = ""
        if call.answered is None or _has_crashed(call):
            breach = f"{call.op} had no answer: {call.answer or 'the run ended before'}"
        elif isinstance(deadline_ms, int) and took_ms > deadline_ms + _SLACK_MS:
            breach = f"{call.op} took {took_ms} ms; it was to take {deadline_ms} ms at most"
        yield Sighting((call.asked, row.began), breach)


def unknown(history: History) -> Iterator[Sighting]:
    """RTY-02: a create without a whole answer has neither failed nor succeeded."""
    for row in history.creates:
        if not row.is_accepted or row.is_answered or not row.reference_id:
            continue
        later = [other for other in history.attempts(row.reference_id) if other.began > row.began]
        end = later[0].began if later else len(history.events)
        claim = unfounded(history, row.reference_id, row.began, end)
        call = sender_of(history, row)
        if claim is not None:
            told = f"nobody answered, and the payment was called {claim.state}"
            yield Sighting((row.began, history.asked_at(claim.position)), told)
        elif call is not None and isinstance(call.answer, Ok | Unknown):
            yield Sighting((call.asked, row.began))


def reads_again(history: History) -> Iterator[Sighting]:
    """RTY-03: a status read that went wrong is repeated, and says nothing of the payment."""
    for row in history.exchanges:
        if not row.is_read or not row.faults or not row.reference_id:
            continue
        if row.is_answered and (row.status or 0) < 500:
            continue
        reference_id = row.reference_id
        if may_be_completed(history, reference_id, row.began) or may_be_failed(
            history, reference_id, row.began
        ):
            continue
        following = next(
            (read for read in history.reads(reference_id) if read.began > row.ended), None
        )
        end = len(history.events) if following is None else following.began
        claim = unfounded(history, reference_id, row.ended, end)
        missed = _missed(history, row, end)
        if claim is not None:
            told = f"a status read went wrong, and the payment was called {claim.state}"
            yield Sighting((row.began, history.asked_at(claim.position)), told)
        elif missed is not None and not has_trouble(history, row.ended, missed.asked):
            told = "a status read went wrong, and was not repeated"
            yield Sighting((row.began, missed.asked), told)
        elif following is not None:
            yield Sighting(positions((row, following)))


def survives_garbage(history: History) -> Iterator[Sighting]:
    """RTY-09: what cannot be read neither ends the client nor completes a payment."""
    for row in history.exchanges:
        if not _GARBAGE.intersection(row.faults):
            continue
        calls = [call for call in history.calls if row in history.during(call)]
        dead = next((call for call in calls if _has_crashed(call)), None)
        if dead is not None:
            told = f"an unreadable reply to {row}, and the client died: {dead.answer}"
            yield Sighting((dead.asked, row.began), told)
            continue
        reference_id = row.reference_id or ""
        claim = next(
            (
                claim
                for claim in endings(history, reference_id)
                if claim.state == "completed"
                and claim.position > row.began
                and not may_be_completed(history, reference_id, claim.position)
            ),
            None,
        )
        if claim is not None:
            told = "an unreadable reply, and the payment was called completed"
            yield Sighting((row.began, history.asked_at(claim.position)), told)
        elif _is_alive_after(history, row, calls):
            yield Sighting((row.began,))


def absent(history: History) -> Iterator[Sighting]:
    """RTY-10: 404 to a status read neither fails a payment nor starts another one."""
    for row in history.exchanges:
        if not row.is_read or row.status != _NOT_FOUND or not is_heard(history, row):
            continue
        attempts = history.attempts(row.reference_id or "")
        if not attempts or attempts[0].began > row.began:
            continue
        reference_id, first = row.reference_id or "", attempts[0]
        claim = unfounded(history, reference_id, row.ended, len(history.events))
        other = next(
            (
                other
                for other in history.creates
                if other.key == first.key and other.namespace == first.namespace
                if other.reference_id != reference_id and other.began > row.ended
                if not may_be_failed(history, reference_id, other.began)
            ),
            None,
        )
        if claim is not None:
            told = f"404 to a status read, and the payment was called {claim.state}"
            yield Sighting((first.began, row.began, history.asked_at(claim.position)), told)
        elif other is not None and first.key:
            told = f"404 to a status read, and {first.key} was sent under another reference id"
            yield Sighting(positions((first, row, other)), told)
        elif any(
            claim.reference_id == reference_id and claim.position > row.ended
            for claim in history.claims
        ):
            yield Sighting(positions((first, row)))


def _asker(history: History, row: Exchange) -> Call | None:
    """The call that a request was sent for; None where that cannot be known."""
    calls = [call for call in history.calls if row in history.during(call)]
    if len(calls) <= 1:
        return calls[0] if calls else None
    return next(
        (
            call
            for call in calls
            if (row.key and call.key == row.key)
            or (row.reference_id and call.fields.get("reference_id") == row.reference_id)
        ),
        None,
    )


def _has_crashed(call: Call) -> bool:
    """True when the client ended by itself before it answered."""
    return call.has_died and not call.is_killed


def _missed(history: History, row: Exchange, end: int) -> Call | None:
    """The call at which a client that still cares had asked again, before a position."""
    asked = 0
    for call in history.calls:
        if not row.ended < call.asked < end or call.answered is None or call.answered > end:
            continue
        if call.op == "reconcile" and call.at_ms >= row.ended_at_ms + _LONG_MS:
            return call
        if call.op == "status" and call.fields.get("reference_id") == row.reference_id:
            asked += not history.has_clock or call.at_ms >= row.ended_at_ms + _A_WHILE_MS
            if asked > 1:
                return call
    return None


def _is_alive_after(history: History, row: Exchange, calls: list[Call]) -> bool:
    if not history.is_driven:
        return any(other.began > row.ended for other in history.exchanges)
    return any(call.answered is not None for call in calls) or any(
        call.asked > row.ended and call.answered is not None for call in history.calls
    )


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-RTY-01": answers_in_time,
        "MOMO-RTY-02": unknown,
        "MOMO-RTY-03": reads_again,
        "MOMO-RTY-04": takes_no,
        "MOMO-RTY-05": hands_code_on,
        "MOMO-RTY-06": repeated,
        "MOMO-RTY-07": waits_longer,
        "MOMO-RTY-08": few_attempts,
        "MOMO-RTY-09": survives_garbage,
        "MOMO-RTY-10": absent,
    }
)
