from itertools import product

import pytest

from momo_contracts.errors import InvalidStep
from momo_contracts.lifecycle import TRANSITIONS, State, is_final, step
from momo_contracts.outcomes import OUTCOMES, ROWS, STATES, InternalStatus, Outcome, internal_status

FINALS = {State.SUCCESSFUL, State.FAILED, State.TIMEOUT, State.REJECTED}
MOVES = {(State.CREATED, State.PENDING)} | set(product((State.CREATED, State.PENDING), FINALS))

OUTCOME_TABLE = (
    # outcome, v1 word, v2 word, default reason, what a client makes of it
    ("SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL", None, "completed"),
    ("FAILED", "FAILED", "FAILED", "INTERNAL_PROCESSING_ERROR", "failed"),
    ("PENDING", "PENDING", "PENDING", None, "pending"),
    ("TIMEOUT", "FAILED", "TIMEOUT", "EXPIRED", "failed"),
    ("REJECTED", "FAILED", "REJECTED", "APPROVAL_REJECTED", "failed"),
)
WAITING_WORDS = (
    "PENDING", "CREATED", "successful", "Successful", " SUCCESSFUL", "SUCCESS", "COMPLETED",
    "", "REVERSED", None, 0, True, ["SUCCESSFUL"], {"status": "SUCCESSFUL"},
)  # fmt: skip


@pytest.mark.parametrize(("current", "following"), list(product(State, State)))
def test_a_payment_moves_only_as_the_table_says(current: State, following: State) -> None:
    if (current, following) in MOVES:
        assert step(current, following) is following
    else:
        with pytest.raises(InvalidStep, match=f"{current} cannot become {following}"):
            step(current, following)


def test_exactly_the_final_states_are_absorbing() -> None:
    assert {state for state in State if is_final(state)} == FINALS
    assert set(TRANSITIONS) == set(State)


def test_the_outcome_table_is_the_designs() -> None:
    assert [
        (row.outcome, row.request_to_pay_status, row.payment_status, row.reason, row.internal)
        for row in ROWS
    ] == list(OUTCOME_TABLE)
    assert set(OUTCOMES) == set(Outcome)


def test_every_state_has_a_row_and_created_shows_only_in_v1() -> None:
    assert set(STATES) == set(State)
    created = STATES[State.CREATED]
    assert (created.request_to_pay_status, created.payment_status) == ("CREATED", "PENDING")
    assert created.internal is InternalStatus.PENDING


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.outcome)
def test_both_views_of_a_payment_mean_the_same_to_a_client(row: object) -> None:
    assert isinstance(row, type(ROWS[0]))
    assert internal_status(row.payment_status) is row.internal
    assert internal_status(row.request_to_pay_status) is row.internal


@pytest.mark.parametrize("word", WAITING_WORDS, ids=repr)
def test_whatever_is_not_exactly_a_final_word_means_wait(word: object) -> None:
    assert internal_status(word) is InternalStatus.PENDING
