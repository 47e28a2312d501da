"""A client's refresh margin, measured from outside, and its card."""

import shlex
import sys

import pytest

from momo_conformance.catalogue import Level
from momo_conformance.engine import Ability
from momo_conformance.margin import measure_margin
from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.profile_card import profile_of
from momo_conformance.steps import Advance, Begin, Join, Pay
from momo_conformance.suite import Suite, open_suite
from tests.conformance.checks.histories import PAYER


def command(*bugs: str) -> str:
    return shlex.join((sys.executable, "-m", "tests.mutants.client", *bugs))


@pytest.mark.parametrize(("bugs", "margin_s"), [((), 60), (("margin 0",), 0)])
def test_the_margin_is_measured_to_the_second_by_the_clients_clock(
    bugs: tuple[str, ...], margin_s: int
) -> None:
    with open_suite(command(*bugs)) as suite:
        assert measure_margin(suite) == margin_s
        assert suite.found.plans <= 12


def test_without_a_clock_the_lifetime_closes_in_on_the_margin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Suite, "ability", Ability(Level.L2))
    with open_suite(command("margin equal to lifetime")) as suite:
        suite.reduces = False
        assert measure_margin(suite) == 3600


def test_a_client_that_sends_nothing_has_no_margin() -> None:
    with open_suite(command("token path without a slash")) as suite:
        suite.reduces = False
        assert measure_margin(suite) is None


def test_the_card_shows_attempts_reads_and_logins() -> None:
    busy = {"name": "busy", "match": {"operation": "*.create"}, "fault": "server_error"}
    slow = {"name": "slow", "match": {"operation": "*.token"}, "fault": {"latency": {"ms": 100}}}
    plans = (
        ExamplePlan(
            rests=False,
            settings=Settings(rules=({**busy, "times": 2},)),
            steps=(Pay("10", PAYER), Advance(8, times=3)),
        ),
        ExamplePlan(
            rests=False,
            settings=Settings(rules=(slow,)),
            steps=(Begin(tuple(Pay("10", PAYER) for _ in range(12))), Join()),
        ),
    )
    with open_suite(command()) as suite:
        card = profile_of((suite.run(plan) for plan in plans), margin_s=60)
    assert (card.margin_s, card.most_attempts, card.attempt_gaps_s) == (60, 3, (8.0, 8.0))
    assert card.tokens_at_once == 1
    assert card.tokens_per_100_calls is not None
    assert 5 < card.tokens_per_100_calls < 20


def test_nothing_seen_is_nothing_told() -> None:
    card = profile_of(())
    assert (card.most_attempts, card.poll_gaps_s) == (0, ())
    assert (card.tokens_per_100_calls, card.tokens_at_once) == (None, None)
