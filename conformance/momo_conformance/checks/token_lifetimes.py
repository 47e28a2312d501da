"""MOMO-TOK-02 to 05 and 07: how long a token is kept, and who waits for whom."""

from collections.abc import Iterator
from dataclasses import dataclass

from momo_conformance.checks.token_habits import habits
from momo_conformance.checks.token_lives import (
    Token,
    group_of,
    is_refused_between,
    is_restarted,
    span,
    successions,
    tokens_of,
    wanting,
)
from momo_conformance.history import History
from momo_conformance.verdicts import Sighting

_HOUR_MS = 3_600_000
_MOST_MARGIN_MS = 600_000
_LAST_MS = 500
_TIMEOUT_MS = 2000


@dataclass(frozen=True, slots=True)
class Flight:
    """A token that so many calls at once could share, and those that some fetched all the same."""

    first: Token
    others: tuple[Token, ...]
    calls: int


def reused(history: History) -> Iterator[Sighting]:
    """TOK-02: in the first half of a token's life no other one is fetched."""
    tokens = tokens_of(history)
    suspected: set[int] = set()
    if history.is_driven:
        yield from _early(history, tokens)
    else:
        for habit in habits(history, tokens):
            suspected.update(token.fetched.began for token in habit.tokens)
            if habit.breach:
                shown = tuple(token.fetched.began for token in habit.tokens[:3])
                yield Sighting(shown, habit.breach)
    for token in tokens:
        if token.fetched.began in suspected:
            continue
        early = [use for use in token.uses if _is_in_first_half(history, token, use.began)]
        if len(early) > 1 and early[1].began > early[0].ended:
            yield Sighting((token.fetched.began, early[0].began, early[1].began))


def never_expired(history: History) -> Iterator[Sighting]:
    """TOK-03: once a token has expired, what is sent is younger than its own expires_in."""
    ended: dict[tuple[str, str], Token] = {}
    uses = [(use, token) for token in tokens_of(history) for use in token.uses]
    for use, token in sorted(uses, key=lambda row: row[0].began):
        over_ms = span(history, token.fetched, use).least_ms - token.lifetime_ms
        earlier = ended.get(group_of(use))
        if over_ms >= 0:
            told = f"a token was sent {over_ms // 1000} s after it had expired"
            yield Sighting((token.fetched.began, use.began), told)
        elif earlier is not None and earlier is not token:
            age_ms = span(history, earlier.fetched, use).least_ms
            if age_ms >= earlier.lifetime_ms:
                yield Sighting((earlier.fetched.began, token.fetched.began, use.began))
        if earlier is None:
            ended[group_of(use)] = token


def renewed_in_time(history: History) -> Iterator[Sighting]:
    """TOK-04: a token is renewed before its end, and not before half of its life is over."""
    tokens = tokens_of(history)
    if history.is_driven:
        yield from _early(history, tokens)
        yield from _renewals(history, tokens)
    if not history.has_clock:
        return
    for token in tokens:
        for use in token.uses if token.is_long else ():
            passed = span(history, token.fetched, use)
            if token.lifetime_ms - _LAST_MS <= passed.least_ms < token.lifetime_ms:
                left_ms = token.lifetime_ms - passed.least_ms
                told = (
                    f"a token was still sent {left_ms} ms before its end: it can expire on the way"
                )
                yield Sighting((token.fetched.began, use.began), told)


def obeyed_expiry(history: History) -> Iterator[Sighting]:
    """TOK-05: a short life is not taken for an hour, nor a long one."""
    if not history.has_clock:
        return
    tokens = tokens_of(history)
    for token in tokens:
        yield from _short(history, token, tokens)
    for token, following in successions(tokens):
        age = span(history, token.fetched, following.fetched)
        if (
            age.least_ms >= _HOUR_MS - _MOST_MARGIN_MS
            and age.most_ms < token.lifetime_ms // 2
            and _is_free_choice(history, token, following)
        ):
            told = (
                f"a token for {token.lifetime_ms // 1000} s was replaced after "
                f"{age.least_ms // 1000} s: an hour is not what expires_in said"
            )
            yield Sighting((token.fetched.began, following.fetched.began), told)
    for token in tokens:
        late = [use for use in token.uses if span(history, token.fetched, use).least_ms >= _HOUR_MS]
        if late and span(history, token.fetched, late[0]).most_ms < token.lifetime_ms:
            yield Sighting((token.fetched.began, late[0].began))


def single_flight(history: History) -> Iterator[Sighting]:
    """TOK-07: calls at once that find no good token wait for one token call."""
    for flight in flights(history):
        shown = tuple(row.fetched.began for row in (flight.first, *flight.others[:3]))
        if flight.others:
            count = 1 + len(flight.others)
            yield Sighting(shown, f"{count} token calls for {flight.calls} calls at once")
        elif len(flight.first.uses) > 1:
            yield Sighting((*shown, *(use.began for use in flight.first.uses[:2])))


def flights(history: History) -> Iterator[Flight]:
    """Every time that several calls under way had use for the same new token."""
    tokens = tokens_of(history)
    told: set[int] = set()
    for token in tokens:
        had = min((use.began for use in token.uses), default=token.fetched.ended)
        calls = len(wanting(history, had))
        if calls > 1 and token.fetched.began not in told:
            others = tuple(row for row in tokens if _is_stampede(history, token, row, had))
            told.update(row.fetched.began for row in others)
            yield Flight(token, others, calls)


def _early(history: History, tokens: tuple[Token, ...]) -> Iterator[Sighting]:
    """Tokens that a client gave up early, though nothing else that it did can be the cause."""
    for token, following in successions(tokens):
        age = span(history, token.fetched, following.fetched)
        if (
            token.is_long
            and age.most_ms < token.lifetime_ms // 2
            and not _is_race(history, token, following)
            and _is_free_choice(history, token, following)
        ):
            left_s = (token.lifetime_ms - age.most_ms) // 1000
            shown = (token.fetched.began, following.fetched.began)
            yield Sighting(shown, f"a token was fetched {left_s} s before the last one expired")


def _is_race(history: History, token: Token, following: Token) -> bool:
    """True when what fetched the second may have been under way before the first had come."""
    doing = history.open_at(following.fetched.began)
    is_alone = len(doing) == 1 and len(wanting(history, following.fetched.began)) == 1
    if following.fetched.began < token.fetched.ended:
        return True
    return not is_alone and any(call.asked < token.fetched.ended for call in doing)


def _renewals(history: History, tokens: tuple[Token, ...]) -> Iterator[Sighting]:
    """Tokens that were renewed before their end, not absurdly early."""
    for token, following in successions(tokens):
        age = span(history, token.fetched, following.fetched)
        is_before = age.most_ms < token.lifetime_ms
        is_late = age.least_ms >= token.lifetime_ms // 2 or not token.is_long
        if is_before and is_late and _is_free_choice(history, token, following):
            yield Sighting((token.fetched.began, following.fetched.began))


def _short(history: History, token: Token, tokens: tuple[Token, ...]) -> Iterator[Sighting]:
    """What was sent when a token of less than an hour was over, and an hour was not."""
    if token.lifetime_ms >= _HOUR_MS:
        return
    for other in tokens:
        if group_of(other.fetched) != group_of(token.fetched):
            continue
        for use in other.uses:
            age = span(history, token.fetched, use)
            if not token.lifetime_ms <= age.least_ms <= age.most_ms < _HOUR_MS:
                continue
            shown = (token.fetched.began, use.began)
            told = (
                f"a token for {token.lifetime_ms // 1000} s was sent after "
                f"{age.least_ms // 1000} s: expires_in was not believed"
            )
            yield Sighting(shown, told if other is token else "")


def _is_free_choice(history: History, token: Token, following: Token) -> bool:
    """True when the client had the first one, was told of nothing and had not forgotten it."""
    since, until = token.fetched, following.fetched
    return (
        _has_come(history, token, until.began)
        and not is_refused_between(history, since, until)
        and not is_restarted(history, since.began, until.began)
    )


def _has_come(history: History, token: Token, position: int) -> bool:
    """True when a token is known to have reached the client: it was used, or nothing held it."""
    if any(use.ended < position for use in token.uses):
        return True
    meanwhile = history.events[token.fetched.began : position]
    return not token.fetched.faults and not any(row["kind"] == "gate_held" for row in meanwhile)


def _is_in_first_half(history: History, token: Token, position: int) -> bool:
    use = next(use for use in token.uses if use.began == position)
    return span(history, token.fetched, use).most_ms < max(token.lifetime_ms // 2, 1)


def _is_stampede(history: History, first: Token, other: Token, had: int) -> bool:
    """True when one of the calls that the first token could have served fetched another.

    `had` is where the first was seen to be used: by then it had come.
    """
    since, until = first.fetched, other.fetched
    settings = history.settings
    patience_ms = settings.request_timeout_ms if settings else _TIMEOUT_MS
    return (
        since.began < until.began
        and group_of(since) == group_of(until)
        and (until.began < had or not _has_newcomer(history, had, until.began))
        and len(wanting(history, until.began)) > 0
        and (until.wall_ms - since.wall_ms) * 2 < patience_ms
        and span(history, since, until).most_ms < first.lifetime_ms // 2
        and not is_refused_between(history, since, until)
        and not is_restarted(history, since.began, until.began)
    )


def _has_newcomer(history: History, since: int, position: int) -> bool:
    """True when a call that was asked later may be the cause."""
    return any(call.asked > since for call in wanting(history, position))
