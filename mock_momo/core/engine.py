"""The wallet: the one mutable thing. Commands and the passing of time go in, replies and effects
come out; the same commands at the same instants always give the same replies.
"""

from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Literal

from mock_momo.core.agenda import Agenda, Deliver, Due, Expire, Settle
from mock_momo.core.api_users import ApiUser, ApiUsers
from mock_momo.core.callbacks import Callbacks
from mock_momo.core.commands import (
    Command,
    CreateApiKey,
    CreateApiUser,
    IssueToken,
    ReadApiUser,
    ReadBalance,
    ReadPayment,
    ReadRequestToPay,
    RequestToPay,
)
from mock_momo.core.effects import Effect, Happened
from mock_momo.core.payments import Payment
from mock_momo.core.replies import (
    Accepted,
    ApiUserFound,
    BalanceFound,
    Created,
    PaymentFound,
    Refusal,
    Reply,
    RequestToPayFound,
)
from mock_momo.core.settings import Settings
from mock_momo.errors import InvalidSetting
from momo_contracts.events import PaymentSettled
from momo_contracts.lifecycle import State
from momo_contracts.outcomes import Outcome
from momo_contracts.plans import After, AfterPolls, Immediate, OnApproval, Sequence
from momo_contracts.wire_errors import DUPLICATE_REFERENCE, NOT_FOUND

Decision = Literal["approve", "reject", "expire"]
_DECISIONS: Mapping[Decision, Outcome] = {
    "approve": Outcome.SUCCESSFUL,
    "reject": Outcome.REJECTED,
    "expire": Outcome.TIMEOUT,
}
_EXACT = Context(prec=100)
"""Books are never rounded; the default context would round a sum at 28 digits."""


class Engine:
    """Payments, API users and the balance of one namespace."""

    def __init__(self, settings: Settings, secret: bytes) -> None:
        self.settings = settings
        self.payments: dict[str, Payment] = {}
        self.api_users = ApiUsers(secret)
        self.credited = Decimal(0)
        self.agenda = Agenda()
        self._effects: list[Effect] = []
        self.callbacks = Callbacks(self.payments, self.agenda, settings.switches)

    def configure(self, settings: Settings) -> None:
        """Put other settings in force for whatever happens from now on."""
        self.settings = settings
        self.callbacks.switches = settings.switches

    def submit(self, command: Command, now_ms: int) -> tuple[Reply, tuple[Effect, ...]]:
        """Advance to `now_ms`, then carry the command out, and what it makes due at once."""
        self._happen_due(now_ms)
        reply = self._carry_out(command, now_ms)
        self._happen_due(now_ms)
        return reply, self._take_effects()

    def advance(self, now_ms: int) -> tuple[Effect, ...]:
        """Let everything happen that is due at `now_ms`, in order of its due time."""
        self._happen_due(now_ms)
        return self._take_effects()

    def step(self, now_ms: int) -> tuple[Effect, ...]:
        """Let the one thing happen that is due first, if it is due at `now_ms`."""
        found = self.agenda.pop_due(now_ms)
        if found is not None:
            self._happen(*found, now_ms)
        return self._take_effects()

    def decide(self, reference_id: str, decision: Decision, now_ms: int) -> tuple[Effect, ...]:
        """End a payment as the payer, or nobody in time, decides. Raises InvalidSetting.

        Approving ends it as planned, a payment that would never end in SUCCESSFUL.
        """
        self._happen_due(now_ms)
        payment = self.payments.get(reference_id)
        if payment is None:
            raise InvalidSetting(f"no payment has the reference id {reference_id[:80]!r}")
        if payment.is_final:
            raise InvalidSetting(f"payment {reference_id} is final: {payment.state}")
        outcome = _DECISIONS[decision]
        if decision == "approve" and payment.plan.outcome is not Outcome.PENDING:
            outcome = payment.plan.outcome
        ended = payment if outcome is payment.plan.outcome else payment.planned(outcome)
        self._settle(ended, now_ms)
        self._happen_due(now_ms)
        return self._take_effects()

    @property
    def next_due_ms(self) -> int | None:
        """When the next thing happens by itself; None while nothing will."""
        return self.agenda.next_due_ms

    @property
    def next_wake_ms(self) -> int | None:
        """When the next thing happens that somebody outside waits for; None while nothing will."""
        return self.agenda.next_wake_ms

    @property
    def balance(self) -> Decimal:
        return _EXACT.add(self.settings.opening_balance, self.credited)

    def _carry_out(self, command: Command, now_ms: int) -> Reply:  # noqa: PLR0911  # one per command
        match command:
            case ReadRequestToPay(reference_id):
                return self._read_request_to_pay(reference_id, now_ms)
            case ReadPayment(reference_id):
                return self._read_payment(reference_id, now_ms)
            case RequestToPay():
                return self._request_to_pay(command, now_ms)
            case IssueToken(api_user):
                return self.api_users.issue_token(api_user, self.settings, now_ms)
            case ReadBalance():
                currency = self.settings.target_environment.currency.code
                return BalanceFound(self.balance, currency)
            case CreateApiUser(reference_id, callback_host):
                return self._create_api_user(reference_id, callback_host)
            case ReadApiUser(reference_id):
                return self._read_api_user(reference_id)
            case CreateApiKey(reference_id):
                return self._create_api_key(reference_id)

    def _request_to_pay(self, command: RequestToPay, now_ms: int) -> Reply:
        reference_id, plan = command.reference_id, command.plan
        if self._is_taken(reference_id):
            return _duplicate(reference_id)
        payment = Payment(
            reference_id,
            command.order,
            plan,
            plan.first_state,
            now_ms,
            command.callback,
            seed=self.settings.seed,
        )
        self.payments[reference_id] = payment
        if payment.is_told_early:
            self._effects += self.callbacks.owe(payment, now_ms)
        is_awaited = command.callback is not None
        match plan.progression:
            case Immediate():
                self._settle(payment, now_ms)
            case After(delay_ms):
                self.agenda.add(now_ms + delay_ms, Settle(reference_id), wakes=is_awaited)
            case OnApproval(expires_ms):
                self.agenda.add(now_ms + expires_ms, Expire(reference_id), wakes=is_awaited)
            case AfterPolls() | Sequence():
                pass
        return Accepted()

    def _read_request_to_pay(self, reference_id: str, now_ms: int) -> Reply:
        payment = self._look_at(reference_id, now_ms)
        if payment is None:
            return _unknown(reference_id)
        return RequestToPayFound(payment)

    def _read_payment(self, reference_id: str, now_ms: int) -> Reply:
        switches = self.settings.switches
        is_shared = switches.payment_scope == "shared"
        payment = self._look_at(reference_id, now_ms) if is_shared else None
        if payment is None:
            return _unknown(reference_id)
        return PaymentFound(payment, published=switches.payment_status == "published")

    def _look_at(self, reference_id: str, now_ms: int) -> Payment | None:
        """The payment as a status read sees it; looking is what `after_polls` counts."""
        payment = self.payments.get(reference_id)
        if payment is None or payment.is_final:
            return payment
        if payment.has_been_polled_enough:
            return self._settle(payment, now_ms)
        self.payments[reference_id] = payment.polled()
        return payment

    def _happen_due(self, now_ms: int) -> None:
        while found := self.agenda.pop_due(now_ms):
            self._happen(*found, now_ms)

    def _happen(self, due_at_ms: int, due: Due, now_ms: int) -> None:
        match due:
            case Settle(reference_id):
                self._settle(self.payments[reference_id], due_at_ms)
            case Expire(reference_id):
                payment = self.payments[reference_id]
                if not payment.is_final:
                    self._settle(payment.planned(Outcome.TIMEOUT), due_at_ms)
            case Deliver(delivery_id):
                self._effects += self.callbacks.due(delivery_id, due_at_ms, now_ms)

    def _settle(self, payment: Payment, at_ms: int) -> Payment:
        if payment.is_final:
            return payment
        settled = payment.settled()
        self.payments[payment.reference_id] = settled
        if settled.state is State.SUCCESSFUL:
            self.credited = _EXACT.add(self.credited, settled.order.amount)
        if settled.is_final:
            detail = PaymentSettled(settled.reference_id, settled.state, settled.reason)
            self._effects.append(Happened(at_ms, detail))
            if settled.callback and not any(self.callbacks.of(settled.reference_id)):
                self._effects += self.callbacks.owe(settled, at_ms)
        return settled

    def _take_effects(self) -> tuple[Effect, ...]:
        if not self._effects:
            return ()
        taken = tuple(self._effects)
        self._effects.clear()
        return taken

    def _is_taken(self, reference_id: str) -> bool:
        """Reference ids are unique over everything that is created (documented)."""
        return reference_id in self.payments or reference_id in self.api_users

    def _create_api_user(self, reference_id: str, callback_host: str) -> Reply:
        if self._is_taken(reference_id):
            return _duplicate(reference_id)
        self.api_users[reference_id] = ApiUser(callback_host)
        return Created()

    def _read_api_user(self, reference_id: str) -> Reply:
        user = self.api_users.get(reference_id)
        if user is None:
            return _unknown(reference_id)
        return ApiUserFound(user.callback_host, self.settings.target_environment.name)

    def _create_api_key(self, reference_id: str) -> Reply:
        if reference_id not in self.api_users:
            return _unknown(reference_id)
        return self.api_users.create_key(reference_id, self.settings.seed)


def _unknown(reference_id: str) -> Refusal:
    return Refusal(NOT_FOUND, f"nothing here has the reference id {reference_id}")


def _duplicate(reference_id: str) -> Refusal:
    return Refusal(
        DUPLICATE_REFERENCE,
        f"the reference id {reference_id} is already in use; ask for its status, or make a new "
        "one for a new payment",
    )
