"""The rows of a namespace's state as they are read, each with what it makes."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from mock_momo.core.api_users import ApiUser, api_keys
from mock_momo.core.callback_terms import CallbackTerms
from mock_momo.core.clock import LATEST_MS
from mock_momo.core.credentials import Credentials
from mock_momo.core.deliveries import Attempt, Delivery, Stage
from mock_momo.core.payments import Order, Payment
from mock_momo.edge.documents.control_messages import (
    MOST,
    Message,
    Seed,
)
from mock_momo.edge.documents.money import EXACT
from mock_momo.edge.documents.problems import refusal
from mock_momo.edge.documents.rule_messages import check_plan
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


def user_from(name: str, state: ApiUserState, credentials: Credentials) -> ApiUser:
    """The API user of this id in the namespace with these credentials."""
    born_with = (credentials.api_key,) if name == credentials.api_user else ()
    return ApiUser(
        state.callback_host,
        (*born_with, *api_keys(name, state.key_seeds)),
        tuple(state.key_seeds),
        state.epoch,
        state.tokens_issued,
        state.product,
    )


def payment_from(state: PaymentState) -> Payment:
    """The payment that a row tells."""
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


def delivery_from(state: DeliveryState) -> Delivery:
    """The delivery that a row tells."""
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
