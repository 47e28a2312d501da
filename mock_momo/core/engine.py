"""The wallet: the one mutable thing. Commands and the passing of time go in, replies and effects
come out; the same commands at the same instants always give the same replies.
"""

from decimal import Context, Decimal
from functools import lru_cache
from hashlib import blake2b

from mock_momo.core import tokens
from mock_momo.core.agenda import Agenda
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
from mock_momo.core.draws import draw_hex, draw_number, draw_uuid
from mock_momo.core.payments import Payment
from mock_momo.core.replies import (
    Accepted,
    ApiKeyIssued,
    ApiUserFound,
    BalanceFound,
    Created,
    PaymentFound,
    Refusal,
    Reply,
    RequestToPayFound,
    TokenIssued,
)
from mock_momo.core.settings import Settings
from momo_contracts.events import PaymentSettled
from momo_contracts.frozen import dataclass
from momo_contracts.lifecycle import State
from momo_contracts.plans import After, AfterPolls, Immediate
from momo_contracts.tokens import expires_at_ms
from momo_contracts.wire_errors import DUPLICATE_REFERENCE, NOT_FOUND

_EXACT = Context(prec=100)
"""Books are never rounded; the default context would round a sum at 28 digits."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What must become known after the reply is handed over, and when it happened."""

    at_ms: int
    detail: PaymentSettled


@dataclass(slots=True)
class ApiUser:
    """A provisioned API user. Raising `epoch` revokes every token issued before."""

    callback_host: str
    api_keys: tuple[str, ...] = ()
    epoch: int = 0
    tokens_issued: int = 0


class Engine:
    """Payments, API users and the balance of one namespace."""

    def __init__(self, settings: Settings, secret: bytes) -> None:
        self.settings = settings
        self.payments: dict[str, Payment] = {}
        self.api_users: dict[str, ApiUser] = {}
        self.credited = Decimal(0)
        self._secret = secret
        self._agenda = Agenda()
        self._effects: list[Effect] = []

    def submit(self, command: Command, now_ms: int) -> tuple[Reply, tuple[Effect, ...]]:
        """Advance to `now_ms`, then carry the command out."""
        self._settle_due(now_ms)
        reply = self._carry_out(command, now_ms)
        return reply, self._take_effects()

    def advance(self, now_ms: int) -> tuple[Effect, ...]:
        """Let everything happen that is due at `now_ms`, in order of its due time."""
        self._settle_due(now_ms)
        return self._take_effects()

    @property
    def next_due_ms(self) -> int | None:
        """When the next thing happens by itself; None while nothing will."""
        return self._agenda.next_due_ms

    @property
    def balance(self) -> Decimal:
        return _EXACT.add(self.settings.opening_balance, self.credited)

    def signing_secret(self, api_user: str) -> bytes:
        """The secret that the API user's tokens are signed with, at its present epoch."""
        return _signing_secret(self._secret, api_user, self.api_users[api_user].epoch)

    def revoke_tokens(self, api_user: str) -> None:
        """Let every token that was issued to this API user die at once."""
        user = self.api_users.get(api_user)
        if user is not None:
            user.epoch += 1

    def _carry_out(self, command: Command, now_ms: int) -> Reply:  # noqa: PLR0911  # one per command
        match command:
            case ReadRequestToPay(reference_id):
                return self._read_request_to_pay(reference_id, now_ms)
            case ReadPayment(reference_id):
                return self._read_payment(reference_id, now_ms)
            case RequestToPay():
                return self._request_to_pay(command, now_ms)
            case IssueToken(api_user):
                return self._issue_token(api_user, now_ms)
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
            reference_id, command.order, plan, plan.pending_state, now_ms, command.callback_url
        )
        self.payments[reference_id] = payment
        match plan.progression:
            case Immediate():
                self._settle(payment, now_ms)
            case After(delay_ms):
                self._agenda.add(now_ms + delay_ms, reference_id)
            case AfterPolls():
                pass
        return Accepted()

    def _read_request_to_pay(self, reference_id: str, now_ms: int) -> Reply:
        payment = self._look_at(reference_id, now_ms)
        if payment is None:
            return _unknown(reference_id)
        return RequestToPayFound(payment, self._financial_transaction_id(payment))

    def _read_payment(self, reference_id: str, now_ms: int) -> Reply:
        switches = self.settings.switches
        is_shared = switches.payment_scope == "shared"
        payment = self._look_at(reference_id, now_ms) if is_shared else None
        if payment is None:
            return _unknown(reference_id)
        return PaymentFound(
            payment,
            self._financial_transaction_id(payment),
            published=switches.payment_status == "published",
        )

    def _look_at(self, reference_id: str, now_ms: int) -> Payment | None:
        """The payment as a status read sees it; looking is what `after_polls` counts."""
        payment = self.payments.get(reference_id)
        if payment is None or payment.is_final:
            return payment
        if payment.has_been_polled_enough:
            return self._settle(payment, now_ms)
        self.payments[reference_id] = payment.polled()
        return payment

    def _settle_due(self, now_ms: int) -> None:
        while (due := self._agenda.pop_due(now_ms)) is not None:
            due_at_ms, reference_id = due
            self._settle(self.payments[reference_id], due_at_ms)

    def _settle(self, payment: Payment, at_ms: int) -> Payment:
        settled = payment.settled()
        self.payments[payment.reference_id] = settled
        if settled.state is State.SUCCESSFUL:
            self.credited = _EXACT.add(self.credited, settled.order.amount)
        if settled.is_final:
            detail = PaymentSettled(settled.reference_id, settled.state, settled.reason)
            self._effects.append(Effect(at_ms, detail))
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

    def _financial_transaction_id(self, payment: Payment) -> str | None:
        """Nine digits, once the money has moved (observed)."""
        if payment.state is not State.SUCCESSFUL:
            return None
        number = draw_number(
            self.settings.seed, "financialTransactionId", payment.reference_id, below=9 * 10**8
        )
        return str(10**8 + number)

    def _issue_token(self, api_user: str, now_ms: int) -> Reply:
        user = self.api_users[api_user]
        user.tokens_issued += 1
        session = draw_uuid(self.settings.seed, "session", api_user, str(user.tokens_issued))
        expires_in_s = self.settings.expires_in_s
        token = tokens.issue(
            api_user, session, expires_at_ms(now_ms, expires_in_s), self.signing_secret(api_user)
        )
        return TokenIssued(token, expires_in_s)

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
        user = self.api_users.get(reference_id)
        if user is None:
            return _unknown(reference_id)
        ordinal = str(len(user.api_keys))
        key = draw_hex(self.settings.seed, "api key", reference_id, ordinal, digits=32)
        user.api_keys += (key,)
        return ApiKeyIssued(key)


@lru_cache
def _signing_secret(secret: bytes, api_user: str, epoch: int) -> bytes:
    return blake2b(f"{api_user}/{epoch}".encode(), key=secret).digest()


def _unknown(reference_id: str) -> Refusal:
    return Refusal(NOT_FOUND, f"nothing here has the reference id {reference_id}")


def _duplicate(reference_id: str) -> Refusal:
    return Refusal(
        DUPLICATE_REFERENCE,
        f"the reference id {reference_id} is already in use; ask for its status, or make a new "
        "one for a new payment",
    )
