"""MOMO-TOK-08 to 10: what a client does about a 401 to a call that carried a token."""

from collections import Counter
from collections.abc import Iterator

from momo_conformance.calls import Call, Died
from momo_conformance.checks.token_lives import group_of
from momo_conformance.exchanges import Exchange, read_object
from momo_conformance.history import History
from momo_conformance.protocol import Fail, Ok
from momo_conformance.verdicts import Sighting

_FREE = frozenset(
    (
        *("authorization", "content-length", "transfer-encoding", "connection", "keep-alive"),
        *("cookie", "date", "user-agent", "traceparent", "tracestate", "baggage"),
        *("x-request-id", "x-correlation-id"),
    )
)
"""Headers in which a repeat may differ: the token's, and those that mean nothing to MTN."""


def renewed_once(history: History) -> Iterator[Sighting]:
    """TOK-08: one 401 is answered by one new token and one repeat, and all ends well."""
    for call, row in _refused_calls(history):
        repeat = _repeat(history, row)
        logins = _logins(history, row, repeat)
        good = [login for login in logins if login.is_success]
        if repeat is not None and repeat.status == 401 and repeat.bearer != row.bearer:
            continue  # it stays: TOK-09
        shown = (row.began, *(login.began for login in logins[:2]))
        if not logins:
            yield Sighting(shown, "no other token was asked for after a 401")
        elif not good:
            continue
        elif repeat is None:
            yield Sighting(shown, "another token was fetched, but the call was not repeated")
        else:
            shown = (*shown, repeat.began)
            yield Sighting(shown, _why_not_well(call, row, repeat, good, history))


def given_up(history: History) -> Iterator[Sighting]:
    """TOK-09: a 401 that stays is not tried a third time, and the caller hears of it."""
    for call in history.calls:
        if not (call.creates or call.op in ("status", "balance")) or not _is_alone(history, call):
            continue
        rows = _refused_rows(history, call)
        if not rows:
            continue
        until = rows[-1].began
        logins = [
            row
            for row in history.during(call)
            if row.is_token and row.is_success and row.began < until
            if group_of(row) == group_of(rows[0])
        ]
        shown = (call.asked, *(row.began for row in rows[:3]))
        if len(rows) > 2:
            yield Sighting(shown, f"a call was sent {len(rows)} times, and 401 was all that came")
        elif len(logins) > 2:
            yield Sighting(shown, f"{len(logins)} tokens were fetched for a 401 that stays")
        elif call.creates and isinstance(call.answer, Ok):
            yield Sighting(shown, "the caller was told ok, though 401 was all that came")
        elif len(rows) == 2:
            yield Sighting(shown)


def repeated_alike(history: History) -> Iterator[Sighting]:
    """TOK-10: after a 401 the same request is sent, but for its token."""
    business = history.business
    for row in business:
        if row.status != 401 or not row.is_answered or row.bearer is None:
            continue
        repeat = _same_order(history, row)
        if repeat is None:
            continue
        changed = "; ".join(_differences(row, repeat))
        told = f"the repeat after a 401 differs: {changed}" if changed else ""
        yield Sighting((row.began, repeat.began), told)


def _refused_calls(history: History) -> Iterator[tuple[Call, Exchange]]:
    """Every first 401 of the wallet's to a call with a token, and the op that it was made for."""
    for row in history.business:
        if row.status != 401 or not row.is_answered or row.layer != "wallet" or not row.bearer:
            continue
        doing = history.open_at(row.began)
        earlier = [other for other in _alike(history, row) if other.began < row.began]
        if len(doing) != 1 or (earlier and earlier[-1].status == 401):
            continue
        call = doing[0]
        if call.answered is not None and not isinstance(call.answer, Died | None):
            yield call, row


def _alike(history: History, row: Exchange) -> tuple[Exchange, ...]:
    """All that was sent to the same operation about the same payment."""
    return tuple(
        other
        for other in history.business
        if other.operation is row.operation
        and other.namespace == row.namespace
        and (
            other.reference_id == row.reference_id
            or (row.is_create and row.key is not None and row.key == other.key)
        )
    )


def _repeat(history: History, row: Exchange) -> Exchange | None:
    return next((other for other in _alike(history, row) if other.began > row.ended), None)


def _logins(history: History, row: Exchange, repeat: Exchange | None) -> tuple[Exchange, ...]:
    """The token calls of the product between a 401 and its repeat, or whatever came after."""
    until = len(history.events) if repeat is None else repeat.began
    return tuple(
        login
        for login in history.tokens
        if row.began < login.began < until and group_of(login) == group_of(row)
    )


def _why_not_well(
    call: Call, row: Exchange, repeat: Exchange, good: list[Exchange], history: History
) -> str:
    if repeat.bearer == row.bearer and good[0].received.get("access_token") != row.bearer:
        return "the call was repeated with the token that had been refused"
    within = [login for login in good if login.began < (call.answered or 0)]
    if len(within) > 1:
        return f"{len(within)} tokens were fetched because of one 401"
    during = history.during(call)
    again = [row for row in _alike(history, row) if row.is_create and row.began > repeat.began]
    again = [row for row in again if repeat.is_success and row in during]
    if again:
        return f"after one 401 the call was sent {1 + len(again)} times more"
    is_within = repeat in during
    if is_within and repeat.is_success and isinstance(call.answer, Fail):
        return f"the repeat was answered {repeat.status}, and the caller was told that it failed"
    return ""


def _is_alone(history: History, call: Call) -> bool:
    """True when nothing else was asked of the client meanwhile."""
    if call.answered is None:
        return False
    return not any(
        other is not call
        and other.asked < (call.answered or 0)
        and (other.answered is None or other.answered > call.asked)
        for other in history.calls
    )


def _refused_rows(history: History, call: Call) -> tuple[Exchange, ...]:
    """The attempts at what an op was for, when each of them was answered 401; else nothing.

    Of a create, those count that came later, too, unless the user or a restart asked for them.
    """
    rows = tuple(row for row in history.during(call) if row.is_business)
    if not rows or any(row.operation is not rows[0].operation for row in rows):
        return ()
    if any(row.reference_id != rows[0].reference_id for row in rows):
        return ()
    again = [
        other
        for other in history.calls
        if other.asked > (call.answered or 0)
        and (other.op == "configure" or (other.creates and other.key == call.key))
    ]
    if call.creates and rows[0].reference_id:
        end = again[0].asked if again else len(history.events)
        attempts = history.attempts(rows[0].reference_id)
        rows = tuple(row for row in attempts if call.asked < row.began < end)
    if not all(row.status == 401 and row.is_answered for row in rows):
        return ()
    return rows


def _same_order(history: History, row: Exchange) -> Exchange | None:
    """The first call with the next token, where it is this one again; None where it is not.

    A refusal that the caller has been told of ends the order: what follows is another one.
    """
    logins = [
        login
        for login in history.tokens
        if login.began > row.ended and login.is_success and group_of(login) == group_of(row)
    ]
    if not logins:
        return None
    value = logins[0].received.get("access_token")
    first = next((use for use in history.business if use.bearer and use.bearer == value), None)
    if first is None or first.operation is not row.operation:
        return None
    doing = history.open_at(row.began)
    if history.is_driven and (len(doing) != 1 or first not in history.during(doing[0])):
        return None
    if row.is_create:
        is_same = row.body == first.body or (row.key is not None and row.key == first.key)
    else:
        is_same = row.reference_id == first.reference_id
    return first if is_same and first.began > logins[0].ended else None


def _differences(row: Exchange, repeat: Exchange) -> Iterator[str]:
    if (row.method, row.target) != (repeat.method, repeat.target):
        yield f"{row.method} {row.target} became {repeat.method} {repeat.target}"
    if row.body != repeat.body and (
        not read_object(row.body) or read_object(row.body) != read_object(repeat.body)
    ):
        yield "its body"
    before, after = _meaningful(row), _meaningful(repeat)
    for name in sorted({name for name, _ in (before - after) | (after - before)}):
        yield f"header {name}"


def _meaningful(row: Exchange) -> Counter[tuple[str, str]]:
    return Counter(
        (name.lower(), value) for name, value in row.headers if name.lower() not in _FREE
    )
