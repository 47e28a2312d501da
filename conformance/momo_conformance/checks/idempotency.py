"""MOMO-IDM: one order, one payment, whatever becomes of requests, replies and processes."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

from momo_conformance.calls import Call
from momo_conformance.checks.grounds import (
    has_restarted,
    is_given_up,
    is_heard,
    sent_by,
    unfounded,
)
from momo_conformance.checks.repeats import new_id, not_again, pressed_twice, survives
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History, positions
from momo_conformance.protocol import Ok, Unknown
from momo_conformance.verdicts import Check, Sighting

_CONFLICT = 409


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
    """IDM-03: each further attempt of an order has a reference id of the order's, and its name."""
    yield from _unordered(history)
    for order in history.orders:
        known: set[str | None] = set()
        for row, following in pairwise(order.attempts):
            known.add(row.reference_id)
            shown = positions((row, following))
            if row.is_success and is_heard(history, row):
                continue  # nobody had to send it again: IDM-06 and IDM-07 look at who does
            if following.reference_id in known:
                yield Sighting(shown)
            elif not is_given_up(history, row, following.began):
                told = f"{order.key} was sent again under another reference id"
                yield Sighting(shown, f"after {_told(row)} {told}")


def _unordered(history: History) -> Iterator[Sighting]:
    """What was sent under a name that no order has."""
    if not history.is_driven:
        return
    ordered = {order.key for order in history.orders}
    for row in history.creates:
        if row.key and row.key not in ordered:
            told = f"{row.key} was sent, and nobody has ordered it: its name is no order's"
            yield Sighting((row.began,), told)


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
        yield Sighting((*shown, history.asked_at(claim.position)), told)
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


def _is_answered_within(row: Exchange, call: Call) -> bool:
    return row.is_answered and (call.answered is None or row.ended < call.answered)


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
