"""What a client can be examined in, and which plans it can be put through."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from momo_conformance.catalogue import Level, load_catalogue
from momo_conformance.driver import Client
from momo_conformance.engine import Ability
from momo_conformance.plans import VIEWS, ExamplePlan
from momo_conformance.steps import (
    Advance,
    AskBalance,
    Begin,
    Crash,
    Deliver,
    Forge,
    Reconcile,
    Refund,
    Step,
    Transfer,
)

_NEEDED_BY: tuple[tuple[tuple[type[Step], ...], str], ...] = (
    ((Advance,), "clock"),
    ((Crash,), "restart"),
    ((Begin,), "concurrency"),
    ((Deliver, Forge), "callbacks"),
    ((Reconcile,), "reconcile"),
    ((Transfer,), "transfer"),
    ((Refund,), "refund"),
    ((AskBalance,), "balance"),
)


def ability_of(client: Client) -> Ability:
    """The level of a client that has a driver, and what it can do."""
    has = frozenset(_abilities(client))
    level = Level.L3 if {"clock", "restart", "ledger"} <= has else Level.L2
    return Ability(level, has, tuple(client.caps.get("status_views", VIEWS)))


def can_take(ability: Ability, plan: ExamplePlan) -> bool:
    """True when a client can be put through the plan, wholly."""
    return not _lacking(ability, plan)


def beyond(ability: Ability, plans: Iterable[ExamplePlan]) -> Mapping[str, str]:
    """By the id of a requirement whose every plan is too much for a client, what that needs."""
    least: dict[str, tuple[str, ...]] = {}
    for plan in fitted(plans, ability):
        lacking = _lacking(ability, plan)
        least[plan.made_for] = min(least.get(plan.made_for, lacking), lacking, key=len)
    return {name: f"needs {' and '.join(lacking)}" for name, lacking in least.items() if lacking}


def fitted(plans: Iterable[ExamplePlan], ability: Ability) -> Iterator[ExamplePlan]:
    """The plans, each by a status view that the client has, where its requirement shows in that.

    One that becomes what another one is already is left out.
    """
    given = tuple(plans)
    for plan in given:
        by_view = _by_view_of(ability, plan)
        if by_view is plan or not any(_is_same(by_view, other) for other in given):
            yield by_view


def _by_view_of(ability: Ability, plan: ExamplePlan) -> ExamplePlan:
    if plan.settings.status_view in ability.views:
        return plan
    made_for = load_catalogue().by_id.get(plan.made_for)
    shown_in = made_for.views if made_for else VIEWS
    view = next((view for view in ability.views if view in shown_in), None)
    return replace(plan, settings=replace(plan.settings, status_view=view)) if view else plan


def _is_same(plan: ExamplePlan, other: ExamplePlan) -> bool:
    return (plan.settings, plan.steps) == (other.settings, other.steps)


def _lacking(ability: Ability, plan: ExamplePlan) -> tuple[str, ...]:
    view = plan.settings.status_view
    needed = {
        what
        for step in (*plan.flat, *plan.steps)
        for steps, what in _NEEDED_BY
        if isinstance(step, steps)
    }
    unseen = () if view in ability.views else (f"the status view {view}",)
    return (*sorted(needed - ability.has), *unseen)


def _abilities(client: Client) -> Iterator[str]:
    if client.has_clock:
        yield "clock"
    if client.has_ledger:
        yield "ledger"
    if client.caps["restart"]:
        yield "restart"
    if client.concurrency > 1:
        yield "concurrency"
    if "deliver_callback" in client.ops:
        yield "callbacks"
    yield from client.ops & {"transfer", "refund", "balance", "reconcile"}
