"""One plan against a client: whatever happens, nothing is left waiting for the examiner."""

from typing import Never

import pytest

from mock_momo.testing import World
from momo_conformance.errors import DriverError
from momo_conformance.performing import Performer
from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.steps import PAYER, AwaitHeld, Begin, CloseGate, Pay, Reconcile, Single
from momo_conformance.suite import open_suite
from tests.mutants.asking import CREATE, command


def test_what_a_gate_holds_goes_on_at_once_when_an_examination_breaks_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate = CloseGate("held", "before_reply", {"operation": CREATE})
    begun = (Begin((Pay("10", PAYER),)), AwaitHeld(gate.gate))
    plan = ExamplePlan(settings=Settings(), steps=(gate, *begun, Reconcile()))
    told: list[str] = []
    perform, open_gate = Performer.perform, World.open_gate

    def tell_end(self: Performer, step: Single, number: int | None) -> None:
        perform(self, step, number)
        if isinstance(step, Pay):
            told.append("paid")

    def tell_opening(self: World, name: str) -> object:
        told.append("opened")
        return open_gate(self, name)

    def break_off(*_: object) -> Never:
        raise DriverError("enough")

    monkeypatch.setattr(Performer, "perform", tell_end)
    monkeypatch.setattr(Performer, "_reconcile", break_off)
    monkeypatch.setattr(World, "open_gate", tell_opening)
    with open_suite(command()) as suite, pytest.raises(DriverError, match="enough"):
        suite.run(plan)
    assert told == ["opened", "paid"]
