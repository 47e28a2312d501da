"""MOMO-RTY-06 to 08: whether a create is repeated, how soon and how often."""

from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, takewhile
from statistics import median

from momo_conformance.checks.grounds import (
    MOST_ATTEMPTS,
    TRANSIENT_CODES,
    endings,
    has_trouble,
    is_given_time,
    is_heard,
    is_transient,
    may_be_failed,
)
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History, positions
from momo_conformance.verdicts import Sighting

_NOT_FOUND = 404
_LEAST_RUNS = 5
"""So many payments must have been struck before their gaps are compared."""

_MANY_RUNS = 20
"""So many before medians are compared: a good jitter is wide."""

_SHRUNK = 0.6
_GROWN = 1.1
"""What a median gap may be of the one before, and must be of the first: jitter is noise."""


def repeated(history: History) -> Iterator[Sighting]:
    """RTY-06: a create is sent again, under the same id, after an error that may pass."""
    for reference_id, rows in _by_id(history).items():
        struck = next(
            (row for row in rows if row.code in TRANSIENT_CODES and is_heard(history, row)), None
        )
        if struck is None or any(row.is_accepted for row in rows if row.began < struck.began):
            continue
        again = next((row for row in rows if row.began > struck.ended), None)
        if again is not None:
            yield Sighting(positions((struck, again)))
            continue
        for claim in endings(history, reference_id):
            if not may_be_failed(history, reference_id, claim.position):
                told = f"{struck.code} was answered once, and the payment was called {claim.state}"
                yield Sighting((struck.began, history.asked_at(claim.position)), told)
                break
        else:
            is_explained = has_trouble(history, 0, struck.began) or has_trouble(
                history, struck.ended, len(history.events)
            )
            if history.has_clock and not is_explained and is_given_time(history, struck):
                told = f"{struck.code} was answered once, and the create was never sent again"
                yield Sighting((struck.began,), told)


def waits_longer(history: History) -> Iterator[Sighting]:
    """RTY-07: each gap between attempts is longer than the last, and none is as all others."""
    streaks = [rows for rows in map(_streak, _by_id(history).values()) if len(rows) > 1]
    if len(streaks) < _LEAST_RUNS:
        return
    shown = positions(streaks[0][:5])
    runs = [_gaps(rows) for rows in streaks]
    length = min(map(len, runs))
    columns = list(zip(*(run[:length] for run in runs), strict=True))
    if all(len(set(column)) == 1 for column in columns):
        told = " ms, ".join(str(column[0]) for column in columns)
        yield Sighting(shown, f"{len(runs)} payments were all sent again after exactly {told} ms")
        return
    if len(runs) < _MANY_RUNS or length < 2:
        return
    medians = [median(column) for column in columns]
    shrinks = any(later < _SHRUNK * gap for gap, later in pairwise(medians))
    told = ", ".join(f"{gap:.0f}" for gap in medians)
    if shrinks or medians[-1] < _GROWN * medians[0]:
        yield Sighting(shown, f"the median gaps do not grow: {told} ms")
    else:
        yield Sighting(shown)


def few_attempts(history: History) -> Iterator[Sighting]:
    """RTY-08: there is an end to attempts.

    A status read that says 404 allows another one: it was not taken (RTY-10).
    """
    for reference_id, rows in _by_id(history).items():
        if _streak(rows) != rows:
            continue
        absences = [
            read.began
            for read in history.reads(reference_id)
            if read.status == _NOT_FOUND and read.is_answered
        ]
        counts = Counter(bisect(absences, row.began) for row in rows)
        run, most = counts.most_common(1)[0]
        if most > MOST_ATTEMPTS:
            in_a_row = [row for row in rows if bisect(absences, row.began) == run]
            told = f"there were {most} attempts in a row; {MOST_ATTEMPTS} are usual at most"
            yield Sighting(positions((*in_a_row[:2], in_a_row[-1])), told)
        elif is_given_time(history, rows[-1]):
            yield Sighting(positions(rows[:5]))


def _by_id(history: History) -> dict[str, list[Exchange]]:
    """The creates of each reference id that the user has asked for only once."""
    pressed = {order.key for order in history.orders if sum(c.creates for c in order.calls) > 1}
    found: dict[str, list[Exchange]] = {}
    for row in history.creates:
        if row.reference_id and row.key not in pressed:
            found.setdefault(row.reference_id, []).append(row)
    return found


def _streak(rows: list[Exchange]) -> list[Exchange]:
    """The first attempts, as long as each met an error that may pass, or no answer."""
    return list(
        takewhile(
            lambda row: not row.is_accepted and (is_transient(row) or not row.is_answered), rows
        )
    )


def _gaps(rows: list[Exchange]) -> list[int]:
    """Namespace time between attempts, in ms."""
    return [later.at_ms - row.ended_at_ms for row, later in pairwise(rows)]
