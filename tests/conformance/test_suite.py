"""What some more runs of one plan make of a breach."""

from pathlib import Path
from unittest.mock import Mock

import pytest

from mock_momo.testing import Control, World
from momo_conformance.catalogue import Level
from momo_conformance.command import CommandSuite
from momo_conformance.engine import Ability
from momo_conformance.errors import DriverError
from momo_conformance.exchanges import Event
from momo_conformance.history import History
from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.steps import PAYER, Pay
from momo_conformance.suite import RERUNS, Found, Suite
from tests.conformance.checks.histories import ID, Story

PLAN = ExamplePlan(settings=Settings(), steps=(Pay("10", PAYER),))
NAME = "MOMO-HDR-02"
LOGIN = {"Authorization": "Basic fp:aa", "Ocp-Apim-Subscription-Key": "fp:00000000000000bb"}
BREAKS, KEEPS = True, False


def paid(*, breaks: bool) -> History:
    story = Story(Settings())
    headers = {"X-Target-Environment": "elsewhere" if breaks else "sandbox"}
    with story.call("request_to_pay", key="order-1", amount="10", currency="EUR") as call:
        story.create("order-1", bearer=story.token(headers=LOGIN), headers=headers)
        call.ok(reference_id=ID, state="pending")
    return story.history()


class Scripted(Suite):
    """A suite whose client breaks one requirement in such runs, one after the other."""

    def __init__(self, *script: bool) -> None:
        super().__init__(Mock(spec=Control), reduces=False)
        self.script = list(script)

    @property
    def ability(self) -> Ability:
        return Ability(Level.L3)

    def can_take(self, plan: ExamplePlan) -> bool:
        return plan is PLAN

    def examine(self, plan: ExamplePlan, world: World) -> tuple[Event, ...]:  # noqa: ARG002  # as in any suite
        return paid(breaks=self.script.pop(0)).events


def told(found: Found) -> str:
    verdicts = found.tally.verdicts(Ability(Level.L3))
    return next(row.told for row in verdicts if row.requirement.id == NAME)


def test_a_breach_is_new_once() -> None:
    found = Found()
    assert NAME in found.add(paid(breaks=True), PLAN)
    assert found.add(paid(breaks=True), PLAN) == ()


def test_what_breaks_it_every_time_is_a_failure() -> None:
    found = Found()
    found.add(paid(breaks=True), PLAN)
    assert found.confirm(NAME, [paid(breaks=True)] * 5, PLAN)
    assert told(found) == "FAIL"


def test_what_breaks_it_now_and_then_is_flaky_until_a_plan_does_so_every_time() -> None:
    suite = Scripted(BREAKS, KEEPS, BREAKS, KEEPS, KEEPS, BREAKS)
    suite.judge(PLAN)
    assert told(suite.found) == "FLAKY (2 of 5)"
    suite.script += [BREAKS] * (1 + RERUNS + RERUNS)
    suite.judge(PLAN)
    assert told(suite.found) == "FAIL"


def test_what_stays_flaky_is_looked_at_again_with_each_plan_and_never_reduced() -> None:
    suite = Scripted(BREAKS, *[KEEPS] * RERUNS, BREAKS, *[KEEPS] * (RERUNS - 1), BREAKS)
    suite.judge(PLAN)
    suite.judge(PLAN)
    assert (told(suite.found), suite.script) == ("FLAKY (1 of 5)", [])


def test_a_search_stops_at_what_was_flaky_only_where_a_plan_breaks_it_every_time() -> None:
    suite = Scripted(BREAKS, *[KEEPS] * RERUNS)
    suite.judge(PLAN)
    suite.script += [BREAKS, *[KEEPS] * RERUNS, *[BREAKS] * (1 + RERUNS)]
    assert suite.breaks_first(PLAN) == ""
    assert suite.breaks_first(PLAN) == NAME


def test_what_one_plan_breaks_every_time_no_other_makes_flaky() -> None:
    found = Found()
    found.add(paid(breaks=True), PLAN)
    assert found.confirm(NAME, [paid(breaks=True)] * RERUNS, PLAN)
    assert not found.confirm(NAME, [paid(breaks=False)] * RERUNS, PLAN)
    assert told(found) == "FAIL"


def test_the_world_of_a_plan_that_could_not_be_carried_out_is_gone(
    fake: Control, tmp_path: Path
) -> None:
    before = fake.names()
    with pytest.raises(DriverError):
        CommandSuite(fake, "no-such-command", tmp_path).run(PLAN)
    assert fake.names() == before
