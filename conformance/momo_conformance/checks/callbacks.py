"""MOMO-CBK: how a client answers callbacks; what it makes of them is in `hints`."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from momo_conformance.checks.handovers import (
    Handover,
    handovers,
    has_acted,
    overbooked,
    settled_after,
    turn_after,
)
from momo_conformance.checks.hints import (
    confirmed_first,
    kept_over_a_crash,
    not_lost_when_early,
    not_reversed,
)
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.verdicts import Check, Sighting

_SLOWEST_MS = 5000
_SLOW = frozenset({"latency", "hang", "slow_drip"})
_TOO_LARGE = 1 << 20
"""Characters of a body that no callback has by far."""


def both_methods(history: History) -> Iterator[Sighting]:
    """CBK-01: the same callback is taken by PUT and by POST, and has the same effect."""
    first: dict[str, Handover] = {}
    for rows in _copies(history).values():
        by_method = {row.method: row for row in reversed(rows)}
        put, post = by_method.get("PUT"), by_method.get("POST")
        if put is None or post is None:
            continue
        refused = next((row for row in (put, post) if not row.is_taken), None)
        breach = f"the callback by {refused.method} was {refused.told}" if refused else ""
        yield Sighting((put.at, post.at), breach)
        first.setdefault(rows[0].method, rows[0])
    if len(first) > 1 and not any(_is_strange(row) for row in history.exchanges):
        yield from _compared(history, first["PUT"], first["POST"])


def repeats_harmless(history: History) -> Iterator[Sighting]:
    """CBK-02: every copy of a callback is answered 2xx, and all together have one effect."""
    for rows in _copies(history).values():
        if len(rows) == 1:
            continue
        refused = next((row for row in rows[1:] if not row.is_taken), None)
        if refused is not None and rows[0].is_taken:
            told = f"a copy of a callback that had been taken was {refused.told}"
            yield Sighting((rows[0].at, refused.at), told)
            continue
        create = rows[0].create
        over = overbooked(history, create, rows[1].at) if create else None
        settled = settled_after(history, rows[0].about, rows[1].at)
        if over:
            look = history.asked_at(over[0])
            told = f"after {len(rows)} copies of one callback {over[1]} stand in the wallet for it"
            yield Sighting((rows[0].at, rows[1].at, look), told)
        elif settled and rows[0].is_taken:
            yield Sighting((rows[0].at, rows[1].at, history.asked_at(settled.position)))


def unknown_harmless(history: History) -> Iterator[Sighting]:
    """CBK-03: a callback about a payment that nobody made books nothing and breaks nothing."""
    for row in handovers(history):
        if row.create or not row.word or row.about in {"", *_told_of(history, row.at)}:
            continue
        if not any(create.is_accepted for create in history.creates if create.began < row.at):
            continue
        booked = _booked(history, row)
        if row.status is None or row.status >= 500:
            yield Sighting((row.at,), f"a callback about an unknown payment was {row.told}")
        elif booked is not None:
            told = "a callback about an unknown payment got into the books"
            yield Sighting((row.at, history.asked_at(booked)), told)
        else:
            yield Sighting((row.at,))


def answered_at_once(history: History) -> Iterator[Sighting]:
    """CBK-06: a callback is answered within 5 s while status reads are slow."""
    for row in handovers(history):
        slow = [read for read in history.reads(row.about) if _is_slow(history, row, read)]
        if not slow or not row.is_good:
            continue
        took_ms = row.call.answered_wall_ms - row.call.wall_ms
        late = took_ms > _SLOWEST_MS
        told = f"a callback was answered after {took_ms / 1000:.1f} s: it waited for a status read"
        yield Sighting((row.at, slow[0].began), told if late else "")


def malformed_refused(history: History) -> Iterator[Sighting]:
    """CBK-07: what is no callback is answered 4xx, and the next good one works."""
    rows = list(handovers(history))
    for index, row in enumerate(rows):
        wrong = _wrong_with(row.body)
        if not wrong or row.create is None:
            continue
        following = next((good for good in rows[index + 1 :] if good.is_good), None)
        if row.status is None or not 400 <= row.status < 500:
            yield Sighting((row.at,), f"a callback whose body is {wrong} was {row.told}, not 4xx")
        elif following is None:
            yield Sighting((row.at,))
        else:
            told = f"after one whose body is {wrong}, a good callback was {following.told}"
            yield Sighting((row.at, following.at), "" if following.is_taken else told)


def _copies(history: History) -> Mapping[tuple[str, str], list[Handover]]:
    """Good callbacks that are the same but for their method."""
    found: dict[tuple[str, str], list[Handover]] = defaultdict(list)
    for row in handovers(history):
        if row.is_good:
            found[row.about, row.word].append(row)
    return found


def _compared(history: History, *rows: Handover) -> Iterator[Sighting]:
    """Whether a first callback by either method makes the client look, or neither does."""
    effects = []
    for row in rows:
        turn = turn_after(history, row.end)
        if turn is None or any(read.began < row.at for read in history.reads(row.about)):
            return
        effects.append((has_acted(history, row.about, row.at, turn), row))
    (put_acts, put), (post_acts, post) = effects
    if put_acts != post_acts:
        idle = post if put_acts else put
        told = f"a callback by {idle.method} was {idle.told} and had no effect, unlike the other"
        yield Sighting((put.at, post.at), told)


def _is_strange(row: Exchange) -> bool:
    """True for what may keep a client from asking at once."""
    return bool(row.faults) or row.status in (401, 429) or (row.status or 0) >= 500


def _told_of(history: History, before: int) -> set[str]:
    return {claim.reference_id for claim in history.claims if claim.position < before}


def _booked(history: History, row: Handover) -> int | None:
    """Where a ledger first shows something that an unknown payment's callback brought in."""
    ours = {order.key for order in history.orders}
    for position, ledger in history.ledgers:
        if position < row.at:
            continue
        strange = {paid.reference_id for paid in ledger.payments if paid.key not in ours}
        entries = {entry.reference_id for entry in ledger.entries}
        if row.about in entries | strange or strange - _told_of(history, row.at):
            return position
    return None


def _is_slow(history: History, row: Handover, read: Exchange) -> bool:
    """True for a read that was under way at a callback, or that came of it, and took its time."""
    if read.ended < row.at or any(row.at < call.asked < read.began for call in history.calls):
        return False
    return bool(_SLOW.intersection(read.faults)) or any(
        history.events[position]["kind"] == "gate_held"
        and history.events[position]["reference_id"] == read.reference_id
        for position in range(read.began, min(read.ended, len(history.events)))
    )


def _wrong_with(body: str) -> str:
    """What makes a body no callback, beyond doubt; empty for one that may be one."""
    if len(body) > _TOO_LARGE:
        return "too large"
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return "not JSON"
    if not isinstance(found, dict):
        return "no JSON object"
    is_typed = isinstance(found.get("status", ""), str)
    return "" if is_typed else "of the wrong types"


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-CBK-01": both_methods,
        "MOMO-CBK-02": repeats_harmless,
        "MOMO-CBK-03": unknown_harmless,
        "MOMO-CBK-04": confirmed_first,
        "MOMO-CBK-05": not_lost_when_early,
        "MOMO-CBK-06": answered_at_once,
        "MOMO-CBK-07": malformed_refused,
        "MOMO-CBK-08": kept_over_a_crash,
        "MOMO-CBK-09": not_reversed,
    }
)
