"""MOMO-TOK: how a client gets tokens, keeps them and lets them go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.verdicts import Check, Sighting

_LEAST_CALLS = 3
"""So many calls must be seen before a token for each of them is called a habit."""

_SLACK_MS = 1000
_RENEWED = ("Authorization", "Content-Length", "Date", "traceparent", "User-Agent")
"""Headers in which a retry may differ: that of the token, and those that mean nothing to MTN."""


@dataclass(frozen=True, slots=True)
class _Token:
    """One token: the call that fetched it, until when it is good, and the calls that carried it."""

    fetched: Exchange
    value: str
    until_ms: int
    uses: tuple[Exchange, ...]

    @property
    def lifetime_ms(self) -> int:
        return self.until_ms - self.fetched.ended_at_ms


def own_login(history: History) -> Iterator[Sighting]:
    """TOK-01: a call with a token follows a login on the same product that was taken."""
    for row in history.business:
        before = [token for token in history.tokens if token.ended <= row.began]
        logins = [token for token in before if token.product == row.product]
        if any(token.is_success for token in logins):
            yield Sighting((logins[-1].began, row.began))
        elif logins and not any(token.faults for token in logins):
            yield Sighting(
                (logins[-1].began, row.began),
                f"the login on {row.product} was answered {logins[-1].status}, not 200: it must be "
                "Basic with the API user and the API key",
            )
        elif before and not logins:
            yield Sighting(
                (before[-1].began, row.began),
                f"{row.product} was called with a token of {before[-1].product}: no login there",
            )


def reused(history: History) -> Iterator[Sighting]:
    """TOK-02: while a token is good, no other one is fetched."""
    tokens = _tokens(history)
    if not history.is_driven and _each_used_once(tokens):
        shown = tuple(token.fetched.began for token in tokens[:2])
        yield Sighting(shown, f"{len(tokens)} tokens were fetched, one for every single call")
        return
    for token, following in _pairs(tokens):
        refused = any(row.status == 401 for row in (*token.uses, *_refused(history, token)))
        early_ms = token.until_ms - following.fetched.at_ms
        if refused or following.fetched.faults or token.lifetime_ms <= _SLACK_MS:
            continue
        if early_ms > token.lifetime_ms // 2 and not _is_side_by_side(token, following):
            if history.is_driven:
                left_s = early_ms // 1000
                shown = (token.fetched.began, following.fetched.began)
                yield Sighting(shown, f"a token was fetched {left_s} s before the last one expired")
    for token in tokens:
        if len(token.uses) > 1:
            yield Sighting((token.uses[0].began, token.uses[1].began))


def never_expired(history: History) -> Iterator[Sighting]:
    """TOK-03: no token is sent after it has expired."""
    for token in _tokens(history):
        for row in token.uses:
            if row.at_ms < token.until_ms:
                continue
            late_s = (row.at_ms - token.until_ms) // 1000
            told = f"a token was sent {late_s} s after it had expired"
            yield Sighting((token.fetched.began, row.began), told)
    for token, following in _pairs(_tokens(history)):
        if following.fetched.at_ms >= token.until_ms or token.lifetime_ms <= _SLACK_MS:
            yield Sighting((token.fetched.began, following.fetched.began))


def _tokens(history: History) -> list[_Token]:
    """Every token that was had, in order."""
    found = []
    for row in history.tokens:
        value, lifetime_s = row.received.get("access_token"), row.received.get("expires_in")
        if not row.is_success or not isinstance(value, str) or not isinstance(lifetime_s, int):
            continue
        uses = tuple(use for use in history.business if use.bearer == value)
        found.append(_Token(row, value, row.ended_at_ms + lifetime_s * 1000, uses))
    return found


def _pairs(tokens: list[_Token]) -> Iterator[tuple[_Token, _Token]]:
    """Each token and the next one of the same product and namespace."""
    for index, token in enumerate(tokens):
        for following in tokens[index + 1 :]:
            if _world(following.fetched) == _world(token.fetched):
                yield token, following
                break


def _world(row: Exchange) -> tuple[str, str]:
    return row.namespace, row.product


def _each_used_once(tokens: list[_Token]) -> bool:
    return len(tokens) >= _LEAST_CALLS and all(len(token.uses) == 1 for token in tokens)


def _is_side_by_side(token: _Token, following: _Token) -> bool:
    return following.fetched.began < token.fetched.ended


def _refused(history: History, token: _Token) -> Iterator[Exchange]:
    return (row for row in history.business if row.bearer == token.value and row.status == 401)


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-TOK-01": own_login,
        "MOMO-TOK-02": reused,
        "MOMO-TOK-03": never_expired,
    }
)
