from dataclasses import replace
from decimal import Decimal

import pytest

from momo_contracts.lifecycle import State
from momo_contracts.outcomes import STATES
from momo_loadtests.verdict import MEANING, Check, Ours, Theirs, Traffic, judge

AMOUNT = Decimal("12.50")
THEIRS = (
    Theirs("a", "order-1", AMOUNT, "SUCCESSFUL"),
    Theirs("b", "order-2", AMOUNT, "REJECTED"),
    Theirs("c", "order-3", AMOUNT, "PENDING"),
)
OURS = (
    Ours("a", "completed", (AMOUNT,)),
    Ours("b", "failed", ()),
    Ours("c", "pending", ()),
)
TRAFFIC = Traffic(token_calls=1, api_calls=100)

LOST = "none lost: each accepted payment is in the ledger"
INVENTED = "none invented: each completed payment was accepted"
DOUBLED = "none doubled: each order was paid once"
MEANS = "each status means what the provider's state says"
CREDITED = "each SUCCESSFUL is credited once, nothing else"
CACHED = "tokens are cached"

WRONG_BOOKS = {
    "a payment is missing from the ledger": (THEIRS, OURS[1:], {LOST, CREDITED}),
    "a completed payment was never accepted": (
        THEIRS[1:],
        OURS,
        {INVENTED, CREDITED},
    ),
    "one order was paid twice": (
        (*THEIRS, Theirs("d", "order-1", AMOUNT, "SUCCESSFUL")),
        (*OURS, Ours("d", "completed", (AMOUNT,))),
        {DOUBLED},
    ),
    "a rejected payment is still pending": (
        THEIRS,
        (OURS[0], replace(OURS[1], status="pending"), OURS[2]),
        {MEANS},
    ),
    "a credit is booked twice": (
        THEIRS,
        (replace(OURS[0], credits=(AMOUNT, AMOUNT)), *OURS[1:]),
        {CREDITED},
    ),
    "a credit has another amount": (
        THEIRS,
        (replace(OURS[0], credits=(AMOUNT + 1,)), *OURS[1:]),
        {CREDITED},
    ),
    "a failed payment is credited": (
        THEIRS,
        (OURS[0], replace(OURS[1], credits=(AMOUNT,)), OURS[2]),
        {CREDITED},
    ),
}


def test_books_that_agree_pass() -> None:
    assert _broken(judge(THEIRS, OURS, TRAFFIC, least=3)) == set()


@pytest.mark.parametrize("story", WRONG_BOOKS)
def test_books_that_differ_fail_for_their_own_reason(story: str) -> None:
    theirs, ours, broken = WRONG_BOOKS[story]

    assert _broken(judge(theirs, ours, TRAFFIC, least=1)) == broken


@pytest.mark.parametrize(
    ("traffic", "is_cached"),
    [
        (Traffic(0, 100), False),
        (Traffic(1, 3), True),
        (Traffic(5, 100), True),
        (Traffic(6, 100), False),
        (Traffic(3, 10, lifetimes=3), True),
    ],
)
def test_tokens_are_cached_when_at_most_one_call_in_twenty_is_for_one(
    traffic: Traffic, *, is_cached: bool
) -> None:
    assert (CACHED not in _broken(judge(THEIRS, OURS, traffic, least=1))) == is_cached


def test_a_run_that_made_no_payments_is_no_success() -> None:
    assert "at least 1 payments were accepted" in _broken(judge((), (), TRAFFIC, least=1))


def test_the_judges_own_table_agrees_with_the_law() -> None:
    assert {state: MEANING[state] for state in State} == {
        state: STATES[state].internal.value for state in State
    }


def _broken(checks: tuple[Check, ...]) -> set[str]:
    return {check.question for check in checks if not check.ok}
