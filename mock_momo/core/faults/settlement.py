"""Payments that do not settle when they should."""

from dataclasses import dataclass, replace
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, check_range
from momo_contracts.outcomes import Outcome
from momo_contracts.plans import MAX_AFTER_MS, After, Plan, plan_for


@dataclass(frozen=True, slots=True)
class StuckPending(Fault):
    """The payment stays pending for ever, whatever its plan was."""

    name: ClassVar[str] = "stuck_pending"
    summary: ClassVar[str] = "leave the payment pending for ever"

    def replan(self, plan: Plan) -> Plan:
        return plan_for(Outcome.PENDING, pending_state=plan.pending_state)


@dataclass(frozen=True, slots=True)
class LateSuccess(Fault):
    """The payment succeeds after `after_s`: by default an hour after a client's 24 h deadline."""

    name: ClassVar[str] = "late_success"
    summary: ClassVar[str] = "let the payment succeed long after the client gave it up (25 h)"

    after_s: int = 25 * 3600

    def __post_init__(self) -> None:
        check_range("after_s", self.after_s, 0, MAX_AFTER_MS // 1000)

    def replan(self, plan: Plan) -> Plan:
        late = plan_for(Outcome.SUCCESSFUL, progression=After(self.after_s * 1000))
        return replace(late, pending_state=plan.pending_state)
