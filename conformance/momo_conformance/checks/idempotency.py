"""MOMO-IDM: one order, one payment, whatever becomes of requests, replies and processes."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

from momo_conformance.calls import Call, Died
from momo_conformance.checks.grounds import (
    BAD_WORDS,
    GOOD_WORD,
    asked_at,
    at_ms,
    endings,
    has_restarted,
    is_heard,
    is_refusal,
    may_be_completed,
    may_be_failed,
    sent_by,
    unfounded,
)
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History, Order, positions
from momo_conformance.protocol import Ok, Unknown
from momo_conformance.verdicts import Check, Sighting

_UNAUTHORIZED = 401
_CONFLICT = 409
_SOON_MS = 30_000
"""A checker's round: by then a client that has been started again takes up what is open."""


def own_id(history: History) -> Iterator[Sighting]:
    """IDM-01: no two orders have the same reference id."""
    owners: dict[str, Exchange] = {}
    for order in history.orders:
        for row in order.attempts:
            other = owners.get(row.reference_id or "")
            if other is not None and other.key != order.key:
                told = f"{order.key} was sent under the reference id of {other.key}"
                yield Sighting(positions((other, row)), told)
                break
        else:
            if owners and order.attempts:
                last = next(reversed(owners.values()))
                yield Sighting(positions((last, order.attempts[0])))
        for row in order.attempts:
            if row.reference_id:
                owners.setdefault(row.reference_id, row)


def known_before(history: History) -> Iterator[Sighting]:
    """IDM-02: who does not know what became of a create still knows its reference id."""
    for call in history.calls:
        if not call.creates or not isinstance(call.answer, Ok | Unknown):
            continue
        for row in sent_by(history, call):
            if row.is_accepted and not _is_answered_within(row, call):
                named, sent = call.reference_id, row.reference_id
                told = f"{sent} was sent, and the answer names {named or 'no reference id'}"
                is_known = named in {row.reference_id for row in sent_by(history, call)}
                yield Sighting((call.asked, row.began), "" if is_known else told)
                break


def one_id(history: History) -> Iterator[Sighting]:
    """IDM-03: each further attempt of an order has the reference id of the last one."""
    for order in history.orders:
        for row, following in pairwise(order.attempts):
            shown = positions((row, following))
            if row.reference_id == following.reference_id:
                yield Sighting(shown)
            elif not _is_given_up(history, row, following.began):
                yield Sighting(
                    shown,
                    f"after {_told(row)} {order.key} was sent again under another reference id",
                )


def same_order(history: History) -> Iterator[Sighting]:
    """IDM-04: what is sent again under a reference id is the same order."""
    first: dict[tuple[str, str], Exchange] = {}
    for row in history.creates:
        if not row.reference_id:
            continue
        other = first.setdefault((row.namespace, row.reference_id), row)
        if other is not row:
            yield Sighting(positions((other, row)), _difference(other, row))


def exists(history: History) -> Iterator[Sighting]:
    """IDM-05: 409 to one's own repeat says that the payment exists."""
    for row in history.creates:
        if row.status != _CONFLICT or not is_heard(history, row) or not row.reference_id:
            continue
        before = [other for other in history.attempts(row.reference_id) if other.ended < row.began]
        lost = [other for other in before if other.is_accepted and not other.is_answered]
        if lost and not any(other.status == _CONFLICT for other in before):
            yield from _after_conflict(history, lost[0], row, row.reference_id)


def _after_conflict(
    history: History, lost: Exchange, row: Exchange, reference_id: str
) -> Iterator[Sighting]:
    shown = positions((lost, row))
    end = len(history.events)
    claim = unfounded(history, reference_id, row.ended, end)
    if claim is not None:
        told = f"after 409 the payment was called {claim.state}, which no status read had said"
        yield Sighting((*shown, asked_at(history, claim.position)), told)
        return
    read = next((read for read in history.reads(reference_id) if read.began > row.ended), None)
    until = end if read is None else read.began
    for other in history.creates:
        if other.key != row.key or not row.ended < other.began < until:
            continue
        if not has_restarted(history, row.began, other.began):
            told = "after 409 a create was sent again; no status read came before it"
            yield Sighting((*shown, other.began), told)
            return
    if read is not None:
        yield Sighting((*shown, read.began))
    elif any(call.op in ("reconcile", "status") for call in _later(history, row.ended)):
        yield Sighting(shown, "after 409 the payment was never asked for")


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
        if is_new and not _is_given_up(history, row, other.began):
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


def _is_answered_within(row: Exchange, call: Call) -> bool:
    return row.is_answered and (call.answered is None or row.ended < call.answered)


def _is_given_up(history: History, row: Exchange, position: int) -> bool:
    """True when the client has had, or has told, a reason by then to let a payment go.

    401 is none: it is about the token.
    """
    reference_id = row.reference_id or ""
    if any(claim.position < position for claim in endings(history, reference_id)):
        return True
    is_about_token = row.status == _UNAUTHORIZED
    return not is_about_token and may_be_failed(history, reference_id, position)


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
        news.source == "read" and news.word in BAD_WORDS and news.position < position
        for news in history.news(reference_id)
    ) and any(
        claim.state == "failed" and claim.position < position
        for claim in endings(history, reference_id)
    )


def _difference(first: Exchange, row: Exchange) -> str:
    """What differs between two bodies; empty when nothing does."""
    if first.body == row.body or (first.sent and first.sent == row.sent):
        return ""
    names = sorted(
        name for name in {*first.sent, *row.sent} if first.sent.get(name) != row.sent.get(name)
    )
    return f"sent again with another {' and '.join(names) or 'body'}"


def _told(row: Exchange) -> str:
    return f"{row.status}" if row.is_answered else "no answer"


def _later(history: History, position: int) -> Iterator[Call]:
    return (call for call in history.calls if call.asked > position and call.answered is not None)


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
        for call in _later(history, position)
    )


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-IDM-01": own_id,
        "MOMO-IDM-02": known_before,
        "MOMO-IDM-03": one_id,
        "MOMO-IDM-04": same_order,
        "MOMO-IDM-05": exists,
        "MOMO-IDM-06": pressed_twice,
        "MOMO-IDM-07": not_again,
        "MOMO-IDM-08": survives,
        "MOMO-IDM-09": new_id,
    }
)
