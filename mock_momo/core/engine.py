"""The wallet: the one mutable thing. Commands and the passing of time go in, replies and effects
come out; the same commands at the same instants always give the same replies.
"""

from mock_momo.core.account import Account
from mock_momo.core.agenda import Agenda, Deliver, Due, Expire, Settle
from mock_momo.core.api_users import ApiUser, ApiUsers
from mock_momo.core.callbacks import Callbacks
from mock_momo.core.commands import (
    Command,
    CreateApiKey,
    CreateApiUser,
    CreatePayment,
    IssueToken,
    Notify,
    ReadActive,
    ReadApiUser,
    ReadBalance,
    ReadPerson,
    ReadStatus,
)
from mock_momo.core.decisions import DECISIONS, Decision
from mock_momo.core.effects import Effect, Happened
from mock_momo.core.numbers import active_answer
from mock_momo.core.ongoing import with_expiry
from mock_momo.core.payments import Payment
from mock_momo.core.refunds import Refunds
from mock_momo.core.refusals import duplicate, unknown
from mock_momo.core.replies import (
    Accepted,
    ActiveFound,
    ApiUserFound,
    BalanceFound,
    Created,
    MissionFound,
    Notified,
    PersonFound,
    Refusal,
    Reply,
    StatusFound,
)
from mock_momo.core.settings import Settings
from mock_momo.errors import InvalidSetting
from momo_contracts.events import PaymentSettled
from momo_contracts.lifecycle import State
from momo_contracts.operations import Operation
from momo_contracts.outcomes import Outcome
from momo_contracts.plans import After, AfterPolls, Immediate, OnApproval, Sequence, plan_for
from momo_contracts.resources import PAYMENT, REQUEST_TO_PAY
from momo_contracts.values import Party
from momo_contracts.wire_errors import (
    NOT_SUCCESSFULLY_COMPLETED,
    NOTIFIED_ALREADY,
    SERVED,
)


class Engine:
    """Payments, API users and the balance of one namespace."""

    def __init__(self, settings: Settings, secret: bytes) -> None:
        self.settings = settings
        self.payments: dict[str, Payment] = {}
        self.api_users = ApiUsers(secret)
        self.account = Account(settings)
        self.notified: set[str] = set()
        self.refunds = Refunds(self.payments)
        self.agenda = Agenda()
        self._effects: list[Effect] = []
        self.callbacks = Callbacks(self.payments, self.agenda, settings.switches)

    def configure(self, settings: Settings) -> None:
        """Put other settings in force for whatever happens from now on."""
        self.settings = self.account.settings = settings
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
        outcome = DECISIONS[decision]
        if decision == "approve" and payment.plan.outcome is not Outcome.PENDING:
            outcome = payment.plan.outcome
        ended = payment if outcome is payment.plan.outcome else payment.planned(outcome)
        settled = self._settle(ended.telling_its_end() if payment.claims_to_end else ended, now_ms)
        if payment.claims_to_end:
            self._effects += self.callbacks.retell(settled, now_ms)
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

    def _carry_out(self, command: Command, now_ms: int) -> Reply:  # noqa: C901, PLR0911  # one a kind
        match command:
            case ReadStatus(operation, reference_id):
                return self._read_status(operation, reference_id, now_ms)
            case CreatePayment():
                return self._create_payment(command, now_ms)
            case IssueToken(api_user):
                return self.api_users.issue_token(api_user, self.settings, now_ms)
            case ReadBalance():
                currency = self.settings.target_environment.currency.code
                return BalanceFound(self.account.balance, currency)
            case ReadActive(holder):
                return self._read_active(holder)
            case ReadPerson(holder):
                return PersonFound(holder, now_ms)
            case Notify(operation, reference_id):
                return self._notify(operation, reference_id)
            case CreateApiUser(reference_id, callback_host, product):
                return self._create_api_user(reference_id, ApiUser(callback_host, product=product))
            case ReadApiUser(reference_id):
                return self._read_api_user(reference_id)
            case CreateApiKey(reference_id):
                return self._create_api_key(reference_id)

    def _create_payment(self, command: CreatePayment, now_ms: int) -> Reply:
        reference_id, order, plan = command.reference_id, command.order, command.plan
        if self._is_taken(reference_id):
            return duplicate(reference_id)
        accepted = Accepted(command.remark)
        if order.refunds is not None:
            objection = self.refunds.objection(order)
            if objection is not None:
                plan = plan_for(Outcome.FAILED, reason=objection.reason)
                accepted = Accepted(f"this refund fails (assumed): {objection.why}")
            self.refunds.begin(order)
        callback = command.callback and with_expiry(command.callback, order, plan, self.settings)
        payment = Payment(
            reference_id,
            order,
            plan,
            plan.first_state,
            now_ms,
            callback,
            seed=self.settings.seed,
        )
        self.payments[reference_id] = payment
        if payment.is_told_early:
            self._effects += self.callbacks.owe(payment, now_ms)
        self._schedule(payment, now_ms)
        return accepted

    def _schedule(self, payment: Payment, now_ms: int) -> None:
        """Let the payment's plan begin."""
        reference_id, is_awaited = payment.reference_id, payment.callback is not None
        match payment.plan.progression:
            case Immediate():
                if payment.plan.outcome is not Outcome.PENDING:  # which shows its first state
                    self._settle(payment, now_ms)
            case After(delay_ms):
                self.agenda.add(now_ms + delay_ms, Settle(reference_id), wakes=is_awaited)
            case OnApproval(expires_ms):
                self.agenda.add(now_ms + expires_ms, Expire(reference_id), wakes=is_awaited)
            case AfterPolls() | Sequence():
                pass

    def _read_status(self, operation: Operation, reference_id: str, now_ms: int) -> Reply:
        found = self.payments.get(reference_id)
        if found is None or not self._is_shown_by(operation, found):
            return unknown(reference_id, found)
        payment = self._look_at(found, now_ms)
        if operation.resource is PAYMENT and payment.order.made_by.resource is not PAYMENT:
            published = self.settings.switches.payment_status == "published"
            return MissionFound(payment, published)
        return StatusFound(payment)

    def _is_shown_by(self, operation: Operation, payment: Payment) -> bool:
        """A payment is shown by its own resource; a request to pay by v2_0/payment too, if so."""
        made_by = payment.order.made_by
        if made_by.resource is operation.resource:
            return made_by.product is operation.product
        return (
            operation.resource is PAYMENT
            and made_by.resource is REQUEST_TO_PAY
            and self.settings.switches.payment_scope == "shared"
        )

    def _look_at(self, payment: Payment, now_ms: int) -> Payment:
        """The payment as a status read sees it; looking is what `after_polls` counts."""
        if payment.is_final:
            return payment
        if payment.has_been_polled_enough:
            return self._settle(payment, now_ms)
        self.payments[payment.reference_id] = payment.polled()
        return payment

    def _notify(self, operation: Operation, reference_id: str) -> Reply:
        payment = self.payments.get(reference_id)
        if payment is None or not self._is_shown_by(operation, payment):
            return unknown(reference_id, payment)
        if payment.state is not State.SUCCESSFUL:
            return Refusal(NOT_SUCCESSFULLY_COMPLETED, f"the payment is {payment.state}")
        if reference_id in self.notified:
            return Refusal(NOTIFIED_ALREADY, "the payer has been told of this payment already")
        self.notified.add(reference_id)
        return Notified()

    def _read_active(self, holder: Party) -> Reply:
        answer = active_answer(holder.id, self.settings.target_environment.name)
        if isinstance(answer, str):
            return Refusal(SERVED[answer], f"{holder.id[:60]!r} is a test value for this answer")
        return ActiveFound(answer)

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
        settled = self.account.funded(payment).settled()
        self.payments[payment.reference_id] = settled
        if settled.is_final:
            self.account.book(settled)
            if settled.state is not State.SUCCESSFUL:
                self.refunds.fail(settled.order)
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

    def _create_api_user(self, reference_id: str, user: ApiUser) -> Reply:
        if self._is_taken(reference_id):
            return duplicate(reference_id)
        self.api_users[reference_id] = user
        return Created()

    def _read_api_user(self, reference_id: str) -> Reply:
        user = self.api_users.get(reference_id)
        if user is None:
            return unknown(reference_id)
        return ApiUserFound(user.callback_host, self.settings.target_environment.name)

    def _create_api_key(self, reference_id: str) -> Reply:
        if reference_id not in self.api_users:
            return unknown(reference_id)
        return self.api_users.create_key(reference_id, self.settings.seed)
