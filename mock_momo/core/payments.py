"""One request to pay in the wallet's books."""

from dataclasses import replace
from decimal import Decimal

from momo_contracts.frozen import dataclass
from momo_contracts.lifecycle import State, is_final, step
from momo_contracts.plans import AfterPolls, Plan
from momo_contracts.values import Party


@dataclass(frozen=True, slots=True)
class Order:
    """What the client asked for. The party id is opaque, as in the sandbox (observed)."""

    amount: Decimal
    currency: str
    payer: Party
    external_id: str | None
    payer_message: str | None
    payee_note: str | None


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment and where it stands. `polls` counts the status reads that saw it pending."""

    reference_id: str
    order: Order
    plan: Plan
    state: State
    created_at_ms: int
    callback_url: str | None = None
    polls: int = 0

    @property
    def is_final(self) -> bool:
        return is_final(self.state)

    @property
    def reason(self) -> str | None:
        """The plan's reason, once it is true."""
        return self.plan.reason if self.is_final else None

    @property
    def has_been_polled_enough(self) -> bool:
        progression = self.plan.progression
        return isinstance(progression, AfterPolls) and self.polls >= progression.count

    def polled(self) -> "Payment":
        return replace(self, polls=self.polls + 1)

    def settled(self) -> "Payment":
        """The payment in the state its plan ends in."""
        end = State(self.plan.outcome)
        return self if end is self.state else replace(self, state=step(self.state, end))
