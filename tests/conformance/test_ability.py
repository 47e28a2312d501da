"""Which plans a client is put through, and by which status view."""

from dataclasses import replace

from momo_conformance.ability import beyond, can_take, fitted
from momo_conformance.catalogue import Level
from momo_conformance.engine import Ability
from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.scenarios import SCENARIOS
from momo_conformance.steps import Advance, AskStatus, Crash, Pay

BOTH = Ability(Level.L2)
OLD_VIEW = replace(BOTH, views=("request_to_pay",))


def plan(name: str, view: str = "payment") -> ExamplePlan:
    settings = Settings(status_view=view)  # type: ignore[arg-type]  # one of the two
    return ExamplePlan(name=name, settings=settings, steps=(Pay("10", "46733123499"), AskStatus(1)))


def views(plans: list[ExamplePlan], ability: Ability) -> list[tuple[str, str]]:
    return [(row.name, row.settings.status_view) for row in fitted(plans, ability)]


def test_a_plan_stays_as_it_is_for_a_client_that_has_its_view() -> None:
    assert [*fitted(SCENARIOS, BOTH)] == [*SCENARIOS]


def test_a_plan_is_taken_by_the_view_that_the_client_has() -> None:
    assert views([plan("IDM-07 again")], OLD_VIEW) == [("IDM-07 again", "request_to_pay")]


def test_what_only_another_view_shows_is_left_as_it_is_and_not_taken() -> None:
    (timeout,) = fitted([plan("STS-04 TIMEOUT")], OLD_VIEW)

    assert timeout.settings.status_view == "payment"
    assert not can_take(OLD_VIEW, timeout)


def test_a_plan_that_is_there_by_both_views_is_taken_once() -> None:
    twins = [plan("STS-01 by payment"), plan("STS-01 by request_to_pay", "request_to_pay")]

    assert views(twins, OLD_VIEW) == [("STS-01 by request_to_pay", "request_to_pay")]


def test_a_client_with_one_view_misses_only_what_that_cannot_show() -> None:
    missed = {row.name[:6] for row in fitted(SCENARIOS, OLD_VIEW) if not _has_view(row)}

    assert missed == {"STS-04", "STS-05"}


def _has_view(row: ExamplePlan) -> bool:
    return row.settings.status_view in OLD_VIEW.views


def test_what_every_plan_of_a_requirement_needs_and_a_client_lacks_is_named() -> None:
    plans = [
        ExamplePlan(name="RTL-02 later", settings=Settings(), steps=(Advance(31),)),
        ExamplePlan(name="RTL-01 later", settings=Settings(), steps=(Advance(31), Crash())),
        ExamplePlan(name="RTL-01 killed", settings=Settings(), steps=(Crash(),)),
        ExamplePlan(name="STS-01 later", settings=Settings(), steps=(Advance(31),)),
        plan("STS-01 asked"),
    ]

    assert beyond(BOTH, plans) == {"MOMO-RTL-02": "needs clock", "MOMO-RTL-01": "needs restart"}
    assert beyond(OLD_VIEW, [plan("STS-04 TIMEOUT")]) == {
        "MOMO-STS-04": "needs the status view payment"
    }
