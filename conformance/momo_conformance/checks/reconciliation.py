"""MOMO-REC: looking after open payments, over hours, restarts and errors."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

from momo_conformance.calls import Call
from momo_conformance.checks.deadlines import given_up_once, late_success_kept
from momo_conformance.checks.standing import stays_open
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.knowledge import NEVER, Knowledge, end_of, known_payments, meaning_of
from momo_conformance.payments import (
    COMPLETED,
    FAILED,
    PENDING,
    ROUNDS,
    Payment,
    deaths_in,
    rounds_of,
)
from momo_conformance.verdicts import Check, Sighting

_LEAST_ROUNDS = 3
_HOUR_MS = 3_600_000
_FINE_MS = 1000
"""Leaps of the clock up to this show how often a client asks by itself."""

_SLACK_MS = 2 * _FINE_MS
_LEAST_READS = 3
_LESS = 2
"""Jitter may make a gap shorter than an earlier one, but not by more than this factor."""

_MOST_A_MINUTE = 600
_MINUTE_MS = 60_000


def read_without_callback(history: History) -> Iterator[Sighting]:
    """REC-01: a payment whose callback never comes is ended by a status read."""
    for payment, known in known_payments(history):
        wants_callback = payment.created.header("X-Callback-Url") is not None
        since = known.accepted_from
        if not wants_callback or payment.callbacks or since is None:
            continue
        if known.end:
            yield from _ended_by_read(payment, known)
        elif not payment.reads:
            yield from _left_alone(payment, since, "its callback never came")


def final_is_left_alone(history: History) -> Iterator[Sighting]:
    """REC-02: once an end is known, rounds of checking leave the payment alone."""
    for payment, known in known_payments(history):
        end = known.end
        if end is None:
            continue
        rounds = rounds_of(history, end.known_from)
        since = end.known_from if not payment.callbacks else _first_end(rounds)
        heard = [call.asked for call in payment.callbacks if call.asked > end.read.began]
        until = min([known.lasts_until(end.known_from), *heard])
        again = [row for row in payment.reads if since < row.began < until]
        again = [row for row in again if not _was_asked_for(payment, row, end.known_from)]
        rounds = tuple(row for row in rounds if row.asked < until)
        if again:
            told = f"{end.read.word} was read, and then it was asked for again"
            yield Sighting((end.read.began, *(row.began for row in again[:3])), told)
        elif len(rounds) >= _LEAST_ROUNDS:
            yield Sighting((end.read.began, rounds[_LEAST_ROUNDS - 1].asked))


def polite(history: History) -> Iterator[Sighting]:
    """REC-03: reads are at least 1 s apart, less and less often, at most 600 a minute."""
    if not history.has_clock:
        return
    every: list[Exchange] = []
    for payment, _ in known_payments(history):
        reads = [row for row in payment.reads if _is_fine(history, row)]
        every += reads
        hasty = next((pair for pair in pairwise(reads) if _gap_ms(pair) < _FINE_MS), None)
        if payment.callbacks:
            continue
        if hasty:
            told = "two reads of an open payment came within a second"
            yield Sighting((hasty[0].began, hasty[1].began), told)
        elif len(reads) >= _LEAST_READS and _is_even(payment, reads):
            gaps = [_gap_ms(pair) for pair in pairwise(reads)]
            is_busier = gaps[-1] * _LESS + _SLACK_MS < gaps[0]
            told = f"the gaps between reads shrink from {gaps[0]} to {gaps[-1]} ms"
            yield Sighting(tuple(row.began for row in reads[:4]), told if is_busier else "")
    crowd = _first_crowd(sorted(every, key=lambda row: row.began))
    if crowd:
        yield Sighting(crowd, f"more than {_MOST_A_MINUTE} status reads within a minute")


def asked_after_restart(history: History) -> Iterator[Sighting]:
    """REC-06: after a restart every open payment is asked about again."""
    if not history.caps.get("restart"):
        return
    for death in deaths_in(history)[-1:]:
        for payment, known in known_payments(history):
            since = known.accepted_from
            is_open = known.told_from() > death and since is not None and since < death
            if not is_open:
                continue
            later = [row for row in payment.reads if row.began > death]
            if rounds_of(history, death):
                later = [row for row in later if not _was_asked_for(payment, row)]
            if later:
                yield Sighting((payment.created.began, later[0].began))
            elif known.told_from() == NEVER:
                yield from _left_alone(payment, death, "the client was restarted")


def error_ends_nothing(history: History) -> Iterator[Sighting]:
    """REC-07: an error to a status read, or no answer, leaves the payment's state."""
    for payment, known in known_payments(history):
        since = known.accepted_from
        if since is not None:
            failed = [row for row in payment.reads if not row.is_success and row.began > since]
            yield from stays_open(payment, known, failed)


def _ended_by_read(payment: Payment, known: Knowledge) -> Iterator[Sighting]:
    end = known.end
    if end is None:
        return
    said = [row for row in payment.said_between(end.known_from, NEVER) if row.state != PENDING]
    if any(row.state == end.state for row in said):
        yield Sighting((payment.created.began, end.read.began, said[0].asked))


def _left_alone(payment: Payment, since: int, why: str) -> Iterator[Sighting]:
    """A breach when an hour and some rounds of checking have passed without a read."""
    history = payment.history
    rounds = rounds_of(history, since, _HOUR_MS if history.has_clock else 0)
    rounds = tuple(row for row in rounds if not payment.is_overdue(row.at_ms))
    if len(rounds) >= _LEAST_ROUNDS + len(history.creates) // 2:
        told = f"{why}, and in {len(rounds)} rounds of checking it was never asked for"
        yield Sighting((payment.created.began, since, rounds[0].asked), told)


def _was_asked_for(payment: Payment, read: Exchange, since: int = 0) -> bool:
    """True when somebody wanted to know about it just then, or a call was open since before."""
    calls = payment.history.open_at(read.began)
    return any(payment.is_about(call) or call.asked < since for call in calls)


def _first_end(rounds: tuple[Call, ...]) -> int:
    """By the end of a round of checking, callbacks have been confirmed."""
    return min(map(end_of, rounds), default=NEVER)


def _is_fine(history: History, read: Exchange) -> bool:
    """True for a read of an open payment that the client made by itself within a short leap."""
    if not read.is_success or meaning_of(read.word) in (COMPLETED, FAILED) or read.faults:
        return False
    calls = history.open_at(read.began)
    return len(calls) == 1 and calls[0].op in ROUNDS and _is_short(calls[0])


def _is_short(call: Call) -> bool:
    return bool(call.fields.get("ms", NEVER) <= _FINE_MS)


def _is_even(payment: Payment, reads: list[Exchange]) -> bool:
    """True when only short leaps and the client's own reads lie between the first and the last."""
    first, last = reads[0].began, reads[-1].began
    between = [row for row in payment.reads if first <= row.began <= last]
    leaps = [c for c in payment.history.calls if c.op == ROUNDS[1] and first < c.asked < last]
    return between == reads and all(map(_is_short, leaps))


def _gap_ms(pair: tuple[Exchange, Exchange]) -> int:
    return pair[1].at_ms - pair[0].at_ms


def _first_crowd(reads: list[Exchange]) -> tuple[int, ...]:
    ends = zip(reads, reads[_MOST_A_MINUTE:], strict=False)
    return next(((a.began, b.began) for a, b in ends if b.at_ms - a.at_ms < _MINUTE_MS), ())


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-REC-01": read_without_callback,
        "MOMO-REC-02": final_is_left_alone,
        "MOMO-REC-03": polite,
        "MOMO-REC-04": given_up_once,
        "MOMO-REC-05": late_success_kept,
        "MOMO-REC-06": asked_after_restart,
        "MOMO-REC-07": error_ends_nothing,
    }
)
