"""What a client can be examined in, and which plans it can be put through."""

from collections.abc import Iterator

from momo_conformance.catalogue import Level
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
    needed = {
        what
        for step in (*plan.flat, *plan.steps)
        for steps, what in _NEEDED_BY
        if isinstance(step, steps)
    }
    return needed <= ability.has and plan.settings.status_view in ability.views


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
