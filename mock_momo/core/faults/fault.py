"""What every fault is: four hooks, of which it overrides the one that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mock_momo.errors import InvalidSetting

if TYPE_CHECKING:
    from mock_momo.core.callback_terms import CallbackTerms
    from mock_momo.core.calls import Call
    from mock_momo.core.draws import Draw
    from mock_momo.core.engine import Engine
    from mock_momo.core.rendered import Handover, Manner, Rendered
    from mock_momo.core.replies import Refusal
    from momo_contracts.plans import Plan

    Answer = Refusal | Rendered | Manner | None
    """What a fault gives instead of the API's reply, None for nothing."""

LONGEST_MS = 60_000
"""No single wait of a fault is longer."""


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Raises InvalidSetting for a parameter outside its range, or not a number."""
    if not low <= value <= high:
        raise InvalidSetting(f"{name} is {value!r:.40}; it must be from {low} to {high}")


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a fault strikes: the request, the wallet, and this strike's own draw."""

    call: Call
    engine: Engine
    draw: Draw


class Fault:
    """One misery. `name` is what rules call it, `summary` is one line for people."""

    __slots__ = ()
    name: ClassVar[str]
    summary: ClassVar[str]

    def before(self, scene: Scene) -> Answer:  # noqa: ARG002  # a hook
        """Answer instead of the API, before anything is committed; None lets the request pass."""
        return None

    def replan(self, plan: Plan) -> Plan:
        """Change what a new payment will do."""
        return plan

    def reroute(self, terms: CallbackTerms) -> CallbackTerms:
        """Change how the callback of a new payment is sent."""
        return terms

    def after(self, handover: Handover, scene: Scene) -> Handover:  # noqa: ARG002  # a hook
        """Change how the reply leaves, after everything is committed."""
        return handover
