"""One payment in the wallet's books, whichever way its money goes."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from mock_momo.core.callback_terms import CallbackTerms
from mock_momo.core.draws import draw_number
from momo_contracts.frozen import dataclass
from momo_contracts.lifecycle import State, is_final, step
from momo_contracts.operations import Operation
from momo_contracts.outcomes import Outcome
from momo_contracts.plans import AfterPolls, Plan, Sequence, plan_for
from momo_contracts.values import Party

_ENDS: Mapping[Outcome, State] = {outcome: State(outcome) for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Order:
    """What the client asked for, and by which operation.

    The party is the other side, the payer or the payee: None where the resource has none. Its id
    is opaque, as in the sandbox (observed). `refunds` is the reference id of what is paid back.
    """

    made_by: Operation
    amount: Decimal
    currency: str
    party: Party | None
    external_id: str | None
    payer_message: str | None
    payee_note: str | None
    refunds: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment and where it stands. `polls` counts the status reads that saw it pending.

    `seed` is that of the world when the payment was made: another one later changes nothing here.
    """

    reference_id: str
    order: Order
    plan: Plan
    state: State
    created_at_ms: int
    callback: CallbackTerms | None = None
    polls: int = 0
    seed: int = 0

    @property
    def is_final(self) -> bool:
        return is_final(self.state)

    @property
    def is_told_early(self) -> bool:
        """True where the callback is owed from the create on, whatever becomes of the payment."""
        terms, ends = self.callback, self.plan.outcome is not Outcome.PENDING
        return self.claims_to_end or (terms is not None and terms.is_early and ends)

    @property
    def claims_to_end(self) -> bool:
        """True where it never ends, and its callback says that it has."""
        terms = self.callback
        never_ends = self.plan.outcome is Outcome.PENDING
        return terms is not None and terms.says is not None and never_ends

    @property
    def reason(self) -> str | None:
        """The plan's reason, once it is true."""
        return self.plan.reason if self.is_final else None

    @property
    def financial_transaction_id(self) -> str | None:
        """Nine digits, once the money has moved (observed)."""
        if self.state is not State.SUCCESSFUL:
            return None
        purpose = "financialTransactionId", self.reference_id
        return str(10**8 + draw_number(self.seed, *purpose, below=9 * 10**8))

    @property
    def has_been_polled_enough(self) -> bool:
        match self.plan.progression:
            case AfterPolls(count):
                return self.polls >= count
            case Sequence(states):
                return self.polls >= len(states)
            case _:
                return False

    def polled(self) -> "Payment":
        """The payment after one more status read: as the next one will see it."""
        polls, progression = self.polls + 1, self.plan.progression
        if isinstance(progression, Sequence) and polls < len(progression.states):
            return self._seen(progression.states[polls], polls)
        return self._seen(self.state, polls)

    def settled(self) -> "Payment":
        """The payment in the state its plan ends in."""
        end = _ENDS[self.plan.outcome]
        return self if end is self.state else self._seen(step(self.state, end), self.polls)

    def planned(self, outcome: Outcome, reason: str | None = None) -> "Payment":
        """The payment with another outcome before it, told with that outcome's own reason."""
        return replace(self, plan=plan_for(outcome, reason=reason))

    def telling_its_end(self) -> "Payment":
        """The payment with a callback that says what is so."""
        return replace(self, callback=self.callback and CallbackTerms(self.callback.url))

    def told(self, says: Outcome | None) -> "Payment":
        """The payment as its callback tells it: ended as planned, or as the callback claims."""
        plan = self.plan if says is None else plan_for(says)
        return replace(self, plan=plan, state=_ENDS[plan.outcome])

    def _seen(self, state: State, polls: int) -> "Payment":
        """As `replace` would make it, which is four times as dear."""
        return Payment(
            self.reference_id,
            self.order,
            self.plan,
            state,
            self.created_at_ms,
            self.callback,
            polls,
            self.seed,
        )
