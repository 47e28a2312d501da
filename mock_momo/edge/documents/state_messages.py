"""A namespace's state as it is read: every key checked. `state_description` writes it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from mock_momo.core.agenda import Deliver, Due, Expire, Settle
from mock_momo.core.api_users import ApiUser, api_keys
from mock_momo.core.callback_terms import CallbackTerms
from mock_momo.core.clock import LATEST_MS, Clock, FrozenClock, RealClock
from mock_momo.core.credentials import Credentials
from mock_momo.core.deliveries import Attempt, Delivery, Stage, delivery_id
from mock_momo.core.limits import Window
from mock_momo.core.payments import Order, Payment
from mock_momo.core.rules import Counts
from mock_momo.core.settings import Settings
from mock_momo.core.snapshot import Snapshot
from mock_momo.edge.documents.control_messages import (
    MOST,
    Message,
    Seed,
    SettingsMessage,
    settings_from,
)
from mock_momo.edge.documents.money import EXACT
from mock_momo.edge.documents.problems import refusal
from mock_momo.edge.documents.rule_messages import RuleMessages, check_plan, rules_from
from momo_contracts.errors import InvalidValue
from momo_contracts.events import Body
from momo_contracts.lifecycle import State
from momo_contracts.operations import OPERATIONS, Kind
from momo_contracts.outcomes import Outcome
from momo_contracts.plans import parse_plan
from momo_contracts.values import Party, Product, ReferenceId

_MOST_COPIES = 1000


def _check_reference_id(text: str) -> str:
    try:
        is_right = ReferenceId(text).text == text
    except InvalidValue:
        is_right = False
    if not is_right:
        raise refusal(f"{text[:60]!r} must be a UUID version 4 in lower case")
    return text


def _check_operation(name: str) -> str:
    if name not in OPERATIONS or OPERATIONS[name].kind is not Kind.CREATE:
        raise refusal(f"operation {name[:60]!r} makes no payment")
    return name


PaymentOperation = Annotated[str, AfterValidator(_check_operation)]
PlanText = Annotated[str, AfterValidator(check_plan)]
ReferenceText = Annotated[str, AfterValidator(_check_reference_id)]
Whole = Annotated[int, Field(ge=0, le=MOST)]
Instant = Annotated[int, Field(ge=-2 * LATEST_MS, le=2 * LATEST_MS)]
Money = Annotated[Decimal, Field(max_digits=60), EXACT]


class ClockState(Message):
    """The clock: so far ahead of the machine's, or frozen at an instant."""

    mode: Literal["real", "frozen"]
    ms: Annotated[int, Field(ge=-LATEST_MS, le=LATEST_MS)]


class CountsState(Message):
    """What rules have counted; arrivals by operation and id."""

    arrivals: list[tuple[str, str, Whole]]
    matches: dict[str, Whole]
    strikes: dict[str, Whole]


class ApiUserState(Message):
    """An API user; each key that was made for it follows from its seed."""

    callback_host: str
    key_seeds: list[Seed]
    epoch: Whole
    tokens_issued: Whole
    product: Product | None


class CallbackState(Message):
    """The terms of a payment's callback."""

    url: str
    copies: Annotated[int, Field(ge=0, le=_MOST_COPIES)] = 1
    delay_ms: Annotated[int, Field(ge=0, le=LATEST_MS)] = 0
    is_dropped: bool = False
    is_early: bool = False
    says: Outcome | None = None


class PaymentState(Message):
    """One payment."""

    reference_id: ReferenceText
    amount: Money
    currency: str
    operation: PaymentOperation
    party: tuple[str, str] | None
    external_id: str | None
    payer_message: str | None
    payee_note: str | None
    refunds: ReferenceText | None
    plan: PlanText
    state: State
    created_at_ms: Instant
    polls: Whole
    seed: Seed
    callback: CallbackState | None


class AttemptState(Message):
    """One attempt at a delivery."""

    at_ms: Instant
    sent: str
    status: Whole | None
    reply: str | None
    latency_ms: Whole
    problem: str | None


class DeliveryState(Message):
    """One delivery."""

    reference_id: str
    number: Whole
    due_at_ms: Instant
    stage: Stage
    attempts: list[AttemptState]
    why: str | None


class WindowState(Message):
    """A subscription key's window of the rate limit."""

    opened_at_ms: Instant
    calls: Whole


class StateMessage(Message):
    """The state of one namespace. `agenda`: when, what, of which id, does it wake the fake."""

    version: Literal[1]
    namespace: str
    settings: SettingsMessage
    rules: RuleMessages
    clock: ClockState
    resets: Whole
    events: Whole
    calls: dict[str, Whole]
    counts: CountsState
    api_users: dict[str, ApiUserState]
    credited: Money
    debited: Money
    notified: list[ReferenceText]
    payments: list[PaymentState]
    deliveries: list[DeliveryState]
    queue: list[str]
    is_paused: bool
    agenda: list[tuple[Instant, Literal["settle", "expire", "deliver"], str, bool]]
    limits: dict[Product, WindowState]

    @model_validator(mode="after")
    def _hangs_together(self) -> "StateMessage":
        problem = next(_loose_ends(self), None)
        if problem is not None:
            raise refusal(problem)
        return self


def _loose_ends(state: StateMessage) -> Iterator[str]:
    """What refers to something that is not there: it would be missed later, far from here."""
    told = {row.reference_id for row in state.payments if row.callback is not None}
    payments = {row.reference_id for row in state.payments}
    if len(payments) < len(state.payments):
        yield "payments: two have the same reference id"
    numbers: Counter[str] = Counter()
    for row in state.deliveries:
        numbers[row.reference_id] += 1
        if row.reference_id not in told:
            yield f"deliveries: no payment {row.reference_id[:60]!r} has a callback"
        if row.number != numbers[row.reference_id]:
            yield f"deliveries: those of {row.reference_id} must be numbered 1, 2, … in order"
        if row.stage is Stage.IN_HAND:
            yield "deliveries: none can be 'in_hand' here; such a one is 'waiting', on the agenda"
    deliveries = {delivery_id(row.reference_id, row.number): row.stage for row in state.deliveries}
    if sorted(state.queue) != sorted(i for i, row in deliveries.items() if row is Stage.QUEUED):
        yield "queue: it must hold the deliveries that are 'queued', each once"
    for _, kind, name, _ in state.agenda:
        if name not in (deliveries if kind == "deliver" else payments):
            yield f"agenda: there is no {name[:60]!r} to {kind}"


def snapshot_from(message: StateMessage, credentials: Credentials) -> Snapshot:
    """The state that a message tells, for the namespace with these credentials."""
    settings = settings_from(message.settings, Settings())
    counts = message.counts
    return Snapshot(
        settings=settings,
        rules=rules_from(message.rules),
        clock=_clock_from(message.clock),
        resets=message.resets,
        events=message.events,
        calls=message.calls,
        counts=Counts(
            {(operation, about): number for operation, about, number in counts.arrivals},
            counts.matches,
            counts.strikes,
        ),
        api_users={
            name: _user_from(name, user, credentials) for name, user in message.api_users.items()
        },
        credited=message.credited,
        debited=message.debited,
        notified=frozenset(message.notified),
        payments=tuple(_payment_from(row) for row in message.payments),
        deliveries=tuple(_delivery_from(row) for row in message.deliveries),
        queue=tuple(message.queue),
        is_paused=message.is_paused,
        agenda=tuple((at_ms, _DUES[kind](name), w) for at_ms, kind, name, w in message.agenda),
        limits={
            product: Window(window.opened_at_ms, window.calls)
            for product, window in message.limits.items()
        },
    )


def _clock_from(state: ClockState) -> Clock:
    return RealClock(state.ms) if state.mode == "real" else FrozenClock(state.ms)


def _user_from(name: str, state: ApiUserState, credentials: Credentials) -> ApiUser:
    born_with = (credentials.api_key,) if name == credentials.api_user else ()
    return ApiUser(
        state.callback_host,
        (*born_with, *api_keys(name, state.key_seeds)),
        tuple(state.key_seeds),
        state.epoch,
        state.tokens_issued,
        state.product,
    )


def _payment_from(state: PaymentState) -> Payment:
    order = Order(
        OPERATIONS[state.operation],
        state.amount,
        state.currency,
        Party(*state.party) if state.party else None,
        state.external_id,
        state.payer_message,
        state.payee_note,
        state.refunds,
    )
    callback = CallbackTerms(**state.callback.model_dump()) if state.callback else None
    return Payment(
        state.reference_id,
        order,
        parse_plan(state.plan),
        state.state,
        state.created_at_ms,
        callback,
        state.polls,
        state.seed,
    )


def _delivery_from(state: DeliveryState) -> Delivery:
    return Delivery(
        state.reference_id,
        state.number,
        state.due_at_ms,
        state.stage,
        [_attempt_from(row) for row in state.attempts],
        state.why,
    )


def _attempt_from(state: AttemptState) -> Attempt:
    return Attempt(
        at_ms=state.at_ms,
        sent=Body.of(state.sent.encode()),
        status=state.status,
        reply=None if state.reply is None else Body.of(state.reply.encode()),
        latency_ms=state.latency_ms,
        problem=state.problem,
    )


_DUES: Mapping[str, Callable[[str], Due]] = {"settle": Settle, "expire": Expire, "deliver": Deliver}
