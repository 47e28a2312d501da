"""What traffic alone can tell of MOMO-TOK-02: tokens that nobody needed, again and again.

Several processes, or tests, may each log in once. So a token is known to have been had only by who
uses the same connection later; and where there is one for each payment without that, it may be a
habit or such a suite: nobody can tell.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from momo_conformance.checks.token_lives import (
    Token,
    group_of,
    is_refused_between,
    span,
    successions,
)
from momo_conformance.history import History

_LEAST = 3
"""So many tokens, or payments, are a habit."""


@dataclass(frozen=True, slots=True)
class Habit:
    """The tokens of one API user for one product; `breach` is empty where it may be no habit."""

    tokens: tuple[Token, ...]
    breach: str


def habits(history: History, tokens: Iterable[Token]) -> Iterator[Habit]:
    """Users who have a token for every call, or as many tokens as payments at least."""
    groups: dict[tuple[str, str, str | None], list[Token]] = {}
    for token in tokens:
        group = (*group_of(token.fetched), token.fetched.header("Authorization"))
        groups.setdefault(group, []).append(token)
    for rows in map(tuple, groups.values()):
        unneeded = [pair for pair in successions(rows) if _is_unneeded(history, *pair)]
        payments = len({use.reference_id for row in rows for use in row.uses if use.is_create})
        kept = [pair for pair in unneeded if _is_one_connection(*pair)]
        if len(unneeded) + 1 >= _LEAST and _are_for_single_calls(rows, unneeded):
            yield Habit(rows, f"{len(rows)} tokens were fetched, one for every single call")
        elif len(rows) >= payments >= _LEAST:
            is_habit = len(kept) + 1 >= _LEAST
            told = f"{len(rows)} tokens were fetched for {payments} payments on one connection"
            yield Habit(rows, told if is_habit else "")


def _are_for_single_calls(rows: tuple[Token, ...], unneeded: list[tuple[Token, Token]]) -> bool:
    return len(unneeded) + 1 == len(rows) and all(len(row.uses) == 1 for row in rows)


def _is_unneeded(history: History, token: Token, following: Token) -> bool:
    """True when the first was used, had half of its life before it and was not turned down."""
    return (
        bool(token.uses)
        and token.uses[0].ended < following.fetched.began
        and span(history, token.fetched, following.fetched).most_ms < token.lifetime_ms // 2
        and not is_refused_between(history, token.fetched, following.fetched)
    )


def _is_one_connection(token: Token, following: Token) -> bool:
    """True when who fetched the second has used the first: both on one connection."""
    connection = following.fetched.connection
    return connection is not None and connection in {use.connection for use in token.uses}
