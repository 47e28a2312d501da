"""The oracle says what the law says, and knows the deadline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_momo.core.numbers import PLANS, SANDBOX_PREFIX
from momo_conformance.model import DEADLINE_MS, PAYERS, SHOWN, Course, Look, meaning_of
from momo_conformance.plans import ExamplePlan, Outlook, View
from momo_conformance.strategies import example_plans
from momo_contracts.lifecycle import State
from momo_contracts.outcomes import STATES, internal_status
from momo_contracts.plans import parse_plan
from momo_contracts.tokens import refresh_at_ms


@pytest.mark.parametrize("state", State)
def test_the_oracle_agrees_with_the_law_on_every_state_in_both_views(state: State) -> None:
    law = STATES[state]
    words: dict[View, str] = {
        "payment": law.payment_status,
        "request_to_pay": law.request_to_pay_status,
    }
    for view, word in words.items():
        assert SHOWN.get((view, state), state) == word
        assert meaning_of(word) == internal_status(word) == law.internal


@pytest.mark.parametrize("word", ["", "successful", "SUCCESSFUL ", "COMPLETED", None, 1, True, []])
def test_any_other_word_settles_nothing(word: object) -> None:
    assert meaning_of(word) == internal_status(word) == "pending"


def test_the_oracle_knows_the_test_numbers() -> None:
    plans = {SANDBOX_PREFIX + digits: plan for digits, plan in PLANS["requesttopay"].items()}
    known = {number: parse_plan(str(row)) for number, row in PAYERS.items()}

    assert known == {number: plans[number] for number in PAYERS}


@given(example_plans())
def test_every_drawn_outlook_is_a_plan_and_every_plan_reads_back(plan: ExamplePlan) -> None:
    assert parse_plan(str(plan.settings.outlook)).outcome == plan.settings.outlook.outcome
    assert ExamplePlan.from_json(plan.to_json()) == plan
    assert plan.payments


@given(st.integers(120, 10_000))
def test_the_refresh_margin_is_that_of_the_law_for_drawn_lifetimes(lifetime_s: int) -> None:
    assert refresh_at_ms(0, lifetime_s) == (lifetime_s - 60) * 1000


def look(word: str, at_ms: int, least_ms: int | None = None) -> Look:
    return Look("payment", word, at_ms if least_ms is None else least_ms, at_ms)


HOUR_MS = 3_600_000
LATE = Outlook("SUCCESSFUL", after_s=30 * 3600)


@pytest.mark.parametrize(
    ("outlook", "looks", "states"),
    [
        (Outlook("SUCCESSFUL"), (), {"completed"}),
        (Outlook("REJECTED"), (), {"failed"}),
        (Outlook("PENDING"), (), {"failed"}),
        (Outlook("SUCCESSFUL", after_s=86_399), (), {"completed"}),
        (Outlook("SUCCESSFUL", after_polls=1), (look("PENDING", 0),), {"failed"}),
        (
            Outlook("SUCCESSFUL", after_polls=1),
            (look("PENDING", 0), look("SUCCESSFUL", DEADLINE_MS - 1)),
            {"completed"},
        ),
        # Settled after the deadline: what the client saw in between decides.
        (LATE, (look("SUCCESSFUL", 31 * HOUR_MS),), {"completed", "failed"}),
        (LATE, (look("PENDING", DEADLINE_MS - 1),), {"completed", "failed"}),
        (LATE, (look("PENDING", DEADLINE_MS),), {"failed"}),
        (LATE, (look("PENDING", DEADLINE_MS, least_ms=1),), {"completed", "failed"}),
    ],
)
def test_the_end_of_a_payment(outlook: Outlook, looks: tuple[Look, ...], states: set[str]) -> None:
    assert Course(outlook, 0, looks).final_states() == states


def test_a_client_may_say_only_what_it_has_been_shown() -> None:
    course = Course(Outlook("FAILED", after_s=9), 0, (look("PENDING", 1), look("FAILED", 9_000)))
    assert course.states_after(0, 0) == {"pending"}
    assert course.states_after(1, 9_000) == {"pending"}
    assert course.states_after(2, 9_000) == {"failed"}
    assert course.states_after(1, DEADLINE_MS) == {"pending", "failed"}


def test_a_look_at_the_deadline_that_shows_it_open_ends_it_for_good() -> None:
    course = Course(LATE, 0, (look("PENDING", DEADLINE_MS), look("SUCCESSFUL", 31 * HOUR_MS)))
    assert course.states_after(1, DEADLINE_MS) == {"failed"}
    assert course.states_after(2, 31 * HOUR_MS) == {"failed"}
