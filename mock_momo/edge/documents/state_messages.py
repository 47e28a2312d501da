"""A namespace's state as it is read: every key checked. `state_description` writes it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mock_momo.core.agenda import Deliver, Due, Expire, Settle
from mock_momo.core.clock import LATEST_MS, Clock, FrozenClock, RealClock
from mock_momo.core.credentials import Credentials
from mock_momo.core.deliveries import Stage, delivery_id
from mock_momo.core.limits import Window
from mock_momo.core.rules import Counts
from mock_momo.core.settings import Settings
from mock_momo.core.snapshot import Snapshot
from mock_momo.edge.documents.control_messages import (
    Message,
    SettingsMessage,
    settings_from,
)
from mock_momo.edge.documents.problems import refusal
from mock_momo.edge.documents.rule_messages import RuleMessages, rules_from
from mock_momo.edge.documents.state_rows import (
    ApiUserState,
    DeliveryState,
    Instant,
    Money,
    PaymentState,
    ReferenceText,
    Whole,
    delivery_from,
    payment_from,
    user_from,
)
from mock_momo.edge.documents.state_version import Versioned
from momo_contracts.values import Product


class ClockState(Message):
    """The clock: so far ahead of the machine's, or frozen at an instant."""

    mode: Literal["real", "frozen"]
    ms: Annotated[int, Field(ge=-LATEST_MS, le=LATEST_MS)]


class CountsState(Message):
    """What rules have counted; arrivals by operation and id."""

    arrivals: list[tuple[str, str, Whole]]
    matches: dict[str, Whole]
    strikes: dict[str, Whole]


class WindowState(Message):
    """A subscription key's window of the rate limit."""

    opened_at_ms: Instant
    calls: Whole


class StateMessage(Versioned):
    """The state of one namespace. `agenda`: when, what, of which id, does it wake the fake."""

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
            name: user_from(name, user, credentials) for name, user in message.api_users.items()
        },
        credited=message.credited,
        debited=message.debited,
        notified=frozenset(message.notified),
        payments=tuple(payment_from(row) for row in message.payments),
        deliveries=tuple(delivery_from(row) for row in message.deliveries),
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


_DUES: Mapping[str, Callable[[str], Due]] = {"settle": Settle, "expire": Expire, "deliver": Deliver}
