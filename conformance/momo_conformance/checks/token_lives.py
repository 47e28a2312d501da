"""Tokens over time: when each was had, until when it is good, which calls carried it.

A client's clock is not the fake's. What is told of time here are bounds: `Span.least_ms` is what
has passed at the least, whichever clock the client goes by.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from momo_conformance.calls import Call
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History

_MOST_S = 1 << 62
LONG_MS = 600_000
"""A lifetime of which five minutes, a usual margin, are no more than a half."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token: the call that fetched it, how long it is good, and the calls that carried it."""

    fetched: Exchange
    value: str
    lifetime_ms: int
    uses: tuple[Exchange, ...]

    @property
    def is_long(self) -> bool:
        """True when a client of any usual margin keeps it for more than half of its life."""
        return self.lifetime_ms >= LONG_MS


@dataclass(frozen=True, slots=True)
class Span:
    """How much time has passed, by the client's clock: between these bounds, in ms."""

    least_ms: int
    most_ms: int


def tokens_of(history: History) -> tuple[Token, ...]:
    """Every token that was handed over whole and well, in order."""
    fetched: dict[str, list[Exchange]] = {}
    for row in history.tokens:
        value = row.received.get("access_token")
        if row.is_success and isinstance(value, str) and value and lifetime_s(row) > 0:
            fetched.setdefault(value, []).append(row)
    uses: dict[int, list[Exchange]] = {}
    for use in history.business:
        source = source_of(use, fetched.get(use.bearer or "", ()))
        if source is not None:
            uses.setdefault(source.began, []).append(use)
    rows = sorted((row.began, value, row) for value, rows in fetched.items() for row in rows)
    return tuple(
        Token(row, value, lifetime_s(row) * 1000, tuple(uses.get(began, ())))
        for began, value, row in rows
    )


def lifetime_s(row: Exchange) -> int:
    """The lifetime that a token reply tells, in whole seconds; 0 where it tells none."""
    found = row.received.get("expires_in")
    if isinstance(found, bool) or not isinstance(found, int | float):
        return 0
    return int(found) if 0 < found < _MOST_S else 0


def source_of(use: Exchange, fetched: Iterable[Exchange]) -> Exchange | None:
    """Of the calls that fetched its bearer, the last one that was over when it was carried."""
    before = [row for row in fetched if row.ended < use.began and row.namespace == use.namespace]
    return before[-1] if before else None


def group_of(row: Exchange) -> tuple[str, str]:
    """What a token is kept for: one product in one world."""
    return row.namespace, row.product


def successions(tokens: Iterable[Token]) -> Iterator[tuple[Token, Token]]:
    """Each token and the next one that the same API user had for the same product."""
    last: dict[tuple[str, str, str | None], Token] = {}
    for token in tokens:
        group = (*group_of(token.fetched), token.fetched.header("Authorization"))
        if group in last:
            yield last[group], token
        last[group] = token


def span(history: History, earlier: Exchange, later: Exchange) -> Span:
    """The time from an exchange to the beginning of a later one, as the client may count it.

    With an injected clock that is the fake's time, or less while the client has not been told of
    a leap; without one it may be the fake's or the machine's.
    """
    if history.has_clock:
        return Span(
            _told_ms(history, later) - earlier.ended_at_ms,
            later.at_ms - _told_ms(history, earlier),
        )
    least = later.at_ms - earlier.ended_at_ms, later.wall_ms - earlier.ended_wall_ms
    return Span(min(least), max(later.at_ms - earlier.at_ms, later.wall_ms - earlier.wall_ms))


def wanting(history: History, position: int) -> tuple[Call, ...]:
    """Of those, the ones that are about one payment or the balance: they may want a token."""
    return tuple(
        call
        for call in history.open_at(position)
        if call.creates or call.op in ("status", "balance")
    )


def is_restarted(history: History, after: int, before: int) -> bool:
    """True when the client was configured anew in between: it has forgotten its tokens."""
    return any(call.op == "configure" and after < call.asked < before for call in history.calls)


def is_refused_between(history: History, earlier: Exchange, later: Exchange) -> bool:
    """True when a 401 to a call of the product gave reason for another token."""
    return any(
        row.status == 401
        and group_of(row) == group_of(later)
        and row.ended > earlier.began
        and row.began < later.began
        for row in history.business
    )


def _told_ms(history: History, row: Exchange) -> int:
    """The earliest that the client's clock can have shown when it sent this.

    Whatever it was doing may have looked at the clock when it was asked.
    """
    doing = [call.asked for call in history.open_at(row.began) if call.op != "clock.advance"]
    since = min((*doing, row.began))
    told = [
        call.at_ms
        for call in history.calls[1:]
        if call.op in ("clock.advance", "configure")
        and call.answered is not None
        and call.answered <= since
    ]
    first = history.calls[0].at_ms if history.calls else row.at_ms
    return min(told[-1] if told else first, row.at_ms)
