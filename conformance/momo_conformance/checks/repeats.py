"""MOMO-IDM-06 to 09: the same order again: by an impatient user, after a crash, after a failure."""

from collections.abc import Iterator
from itertools import pairwise

from momo_conformance.calls import Died
from momo_conformance.checks.grounds import (
    at_ms,
    endings,
    is_given_up,
    is_refusal,
    may_be_completed,
    may_be_failed,
    sent_by,
)
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History, Order, positions
from momo_conformance.knowledge import FAILURES
from momo_conformance.protocol import Ok
from momo_conformance.verdicts import Sighting

_SOON_MS = 30_000
"""A checker's round: by then a client that has been started again takes up what is open."""


def pressed_twice(history: History) -> Iterator[Sighting]:
    """IDM-06: two calls for one key side by side make one payment."""
    for order in history.orders:
        calls = [call for call in order.calls if call.creates]
        for call, other in pairwise(calls):
            end = len(history.events) if call.answered is None else call.answered
            if other.asked > end:
                continue
            taken = {
                row.reference_id: row
                for row in order.attempts
                if row.is_accepted and call.asked < row.began
            }
            first = next(iter(taken.values()), None)
            if first is None:
                continue
            more = [
                row
                for row in taken.values()
                if row is first or not may_be_failed(history, first.reference_id or "", row.began)
            ]
            told = f"{order.key} was asked for twice at once, and taken {len(more)} times"
            shown = (call.asked, other.asked, *positions(more[:2]))
            yield Sighting(shown, told if len(more) > 1 else "")
            break


def not_again(history: History) -> Iterator[Sighting]:
    """IDM-07: no second payment is started while the first one is open."""
    for order in history.orders:
        for call in [call for call in order.calls if call.creates][1:]:
            before = [row for row in order.attempts if row.began < call.asked]
            open_ones = [row for row in before if _is_open(history, row, call.asked)]
            if not open_ones:
                continue
            known = {row.reference_id for row in before}
            fresh = [row for row in sent_by(history, call) if row.reference_id not in known]
            started = [row for row in fresh if _is_open(history, open_ones[0], row.began)]
            told = f"{order.key} was open, and was sent under a second reference id"
            shown = (open_ones[0].began, call.asked, *positions(started[:1]))
            yield Sighting(shown, told if started else "")


def survives(history: History) -> Iterator[Sighting]:
    """IDM-08: what was at the provider when the client died goes on under the same id."""
    if not history.caps.get("restart"):
        return
    for order in history.orders:
        for call in order.calls:
            if not call.creates or not isinstance(call.answer, Died) or call.answered is None:
                continue
            sent = [row for row in sent_by(history, call) if row.reference_id]
            if sent and not is_refusal(sent[-1]):
                yield from _after_death(history, order, sent[-1], call.answered)


def _after_death(history: History, order: Order, row: Exchange, death: int) -> Iterator[Sighting]:
    known = {sent.reference_id for sent in order.attempts if sent.began < death}
    for other in order.attempts:
        is_new = other.began > death and other.reference_id not in known
        if is_new and not is_given_up(history, row, other.began):
            told = f"after the crash {order.key} was sent under another reference id"
            yield Sighting(positions((row, other)), told)
            return
    own = [
        other
        for other in history.exchanges
        if other.began > death and (other.is_create or other.is_read)
        if other.reference_id == row.reference_id and not _is_prompted(history, other)
    ]
    if own:
        yield Sighting(positions((row, own[0])))
    elif _has_had_its_chance(history, death):
        told = f"after the crash nothing was sent or asked for {order.key}"
        yield Sighting((row.began,), told)


def new_id(history: History) -> Iterator[Sighting]:
    """IDM-09: who pays again after a failure makes a new payment."""
    for order in history.orders:
        for call in [call for call in order.calls if call.creates][1:]:
            failed = {
                row.reference_id: row
                for row in order.attempts
                if row.reference_id and _is_known_failed(history, row.reference_id, call.asked)
            }
            sent = sent_by(history, call)
            if not failed or not sent:
                continue
            again = next((row for row in sent if row.reference_id in failed), None)
            shown = (*positions(list(failed.values())[:1]), call.asked)
            told = "the failed payment's reference id was sent again"
            row = sent[0] if again is None else again
            yield Sighting((*shown, row.began), "" if again is None else told)


def _is_open(history: History, row: Exchange, position: int) -> bool:
    """True while a payment that the provider has taken has not ended as far as can be known."""
    reference_id = row.reference_id or ""
    return (
        row.is_accepted
        and not may_be_failed(history, reference_id, position)
        and not may_be_completed(history, reference_id, position)
    )


def _is_known_failed(history: History, reference_id: str, position: int) -> bool:
    """True when a read has said so, and the client has, too."""
    return any(
        news.source == "read" and news.word in FAILURES and news.position < position
        for news in history.news(reference_id)
    ) and any(
        claim.state == "failed" and claim.position < position
        for claim in endings(history, reference_id)
    )


def _is_prompted(history: History, row: Exchange) -> bool:
    """True for a read because the examiner named the payment."""
    return row.is_read and any(
        call.op == "status" and row in history.during(call) for call in history.calls
    )


def _has_had_its_chance(history: History, position: int) -> bool:
    """True when a client that has been started again was told to check, a round later."""
    return any(
        call.op == "reconcile"
        and isinstance(call.answer, Ok)
        and call.at_ms >= at_ms(history, position) + _SOON_MS
        for call in history.calls
        if call.asked > position
    )
