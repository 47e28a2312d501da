"""The steps that ask nothing of the client: what they do to its world."""

from contextlib import suppress
from typing import assert_never

from mock_momo.testing import NothingHeld, World
from momo_conformance.steps import AwaitHeld, CloseGate, Deliver, OpenGate, SetRules

HELD_S = 2.0
"""How long is waited for what a gate should hold, in wall time."""


def perform_in(world: World, step: SetRules | Deliver | CloseGate | AwaitHeld | OpenGate) -> None:
    """Take one step. What a plan names that is not there has no effect."""
    match step:
        case SetRules(rules):
            world.set_rules(rules)
        case Deliver(copies):
            for delivery in world.step_callbacks():
                for _ in range(copies - 1):
                    world.resend_callback(delivery.id)
        case CloseGate(gate, point, match, times):
            world.close_gate(gate, point, match, times)
        case AwaitHeld(gate, count) if _is_closed(world, gate):
            with suppress(NothingHeld):
                world.wait_held(gate, count, HELD_S)
        case OpenGate(gate) if _is_closed(world, gate):
            world.open_gate(gate)
        case AwaitHeld() | OpenGate():
            pass
        case _:
            assert_never(step)


def _is_closed(world: World, gate: str) -> bool:
    return any(closed.name == gate for closed in world.gates())
