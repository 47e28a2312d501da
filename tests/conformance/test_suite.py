"""What some more runs of one plan make of a breach."""

from pathlib import Path

import pytest

from mock_momo.testing import Control
from momo_conformance.catalogue import Level
from momo_conformance.command import CommandSuite
from momo_conformance.engine import Ability
from momo_conformance.errors import DriverError
from momo_conformance.history import History
from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.steps import PAYER, Pay
from momo_conformance.suite import Found
from tests.conformance.checks.histories import ID, Story

PLAN = ExamplePlan(settings=Settings(), steps=(Pay("10", PAYER),))
NAME = "MOMO-TOK-02"


def paid(tokens: int) -> History:
    story = Story(Settings())
    with story.call("request_to_pay", key="order-1", amount="10", currency="EUR") as call:
        for _ in range(tokens):
            bearer = story.token()
        story.create("order-1", bearer=bearer)
        call.ok(reference_id=ID, state="pending")
    return story.history()


def told(found: Found) -> str:
    verdicts = found.tally.verdicts(Ability(Level.L3))
    return next(row.told for row in verdicts if row.requirement.id == NAME)


def test_a_breach_is_new_once() -> None:
    found = Found()
    assert NAME in found.add(paid(tokens=2), PLAN)
    assert found.add(paid(tokens=2), PLAN) == ()


def test_what_breaks_it_every_time_is_a_failure() -> None:
    found = Found()
    found.add(paid(tokens=2), PLAN)
    assert found.confirm(NAME, [paid(tokens=2)] * 5, PLAN)
    assert told(found) == "FAIL"


def test_what_breaks_it_now_and_then_is_flaky_until_a_plan_does_so_every_time() -> None:
    found = Found()
    found.add(paid(tokens=2), PLAN)
    assert not found.confirm(NAME, [paid(tokens=2)] * 2 + [paid(tokens=1)] * 3, PLAN)
    assert told(found) == "FLAKY (2 of 5)"
    assert found.confirm(NAME, [paid(tokens=2)] * 5, PLAN)
    assert told(found) == "FAIL"


def test_the_world_of_a_plan_that_could_not_be_carried_out_is_gone(
    fake: Control, tmp_path: Path
) -> None:
    before = fake.names()
    with pytest.raises(DriverError):
        CommandSuite(fake, "no-such-command", tmp_path).run(PLAN)
    assert fake.names() == before
