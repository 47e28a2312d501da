"""The whole state of a namespace as a value: taken at one instant, put back later, elsewhere.

What is not in it: the event log, closed gates, and requests and callbacks on their way. A callback
that was on the wire is owed again at once, since nobody knows whether it arrived.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from mock_momo.core.agenda import Deliver, Due
from mock_momo.core.api_users import ApiUser
from mock_momo.core.clock import Clock, TravellingClock
from mock_momo.core.deliveries import Delivery, Stage
from mock_momo.core.limits import Window
from mock_momo.core.namespace import Namespace
from mock_momo.core.payments import Payment
from mock_momo.core.rules import Counts, Rule
from mock_momo.core.settings import Settings
from momo_contracts.values import Product


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One namespace. `agenda` is in order: when, what, and whether it wakes the fake.

    `events` is how many it has had, so that nobody takes a log that begins later for the whole.
    `limits` are the windows of the subscription keys, by product.
    """

    settings: Settings
    rules: tuple[Rule, ...]
    clock: Clock
    resets: int
    events: int
    calls: Mapping[str, int]
    counts: Counts
    api_users: Mapping[str, ApiUser]
    credited: Decimal
    debited: Decimal
    notified: frozenset[str]
    payments: tuple[Payment, ...]
    deliveries: tuple[Delivery, ...]
    queue: tuple[str, ...]
    is_paused: bool
    agenda: tuple[tuple[int, Due, bool], ...]
    limits: Mapping[Product, Window]


def take(namespace: Namespace, wall_ms: int) -> Snapshot:
    """The state of a namespace as it stands; what is due and has not happened is on its agenda.

    A clock on its way is taken at the end of its journey, whose other steps are then due.
    """
    clock, engine, callbacks = namespace.clock, namespace.engine, namespace.engine.callbacks
    in_hand = [row for row in callbacks.deliveries.values() if row.stage is Stage.IN_HAND]
    now_ms = namespace.now_ms(wall_ms)
    owed_again = [(now_ms, Deliver(row.id), True) for row in in_hand]
    return Snapshot(
        settings=namespace.settings,
        rules=namespace.rulebook.rules,
        clock=clock.end if isinstance(clock, TravellingClock) else clock,
        resets=namespace.resets,
        events=namespace.events,
        calls=dict(namespace.calls),
        counts=namespace.rulebook.counts,
        api_users={name: replace(user) for name, user in engine.api_users.items()},
        credited=engine.account.credited,
        debited=engine.account.debited,
        notified=frozenset(engine.notified),
        payments=tuple(engine.payments.values()),
        deliveries=tuple(_at_rest(row, now_ms) for row in callbacks.deliveries.values()),
        queue=callbacks.queue,
        is_paused=callbacks.is_paused,
        agenda=(*owed_again, *engine.agenda.entries()),
        limits={
            product: replace(namespace.limiter.windows[key])
            for product, key in namespace.credentials.subscription_keys.items()
            if key in namespace.limiter.windows
        },
    )


def put_back(namespace: Namespace, snapshot: Snapshot, wall_ms: int) -> None:
    """Give a namespace this state instead of its own; the log says anew how it is to be read."""
    namespace.become(snapshot.settings, snapshot.rules, snapshot.resets)
    namespace.clock = snapshot.clock
    namespace.calls.update(snapshot.calls)
    namespace.rulebook.resume(snapshot.counts)
    for product, window in snapshot.limits.items():
        key = namespace.credentials.subscription_keys[product]
        namespace.limiter.windows[key] = replace(window)
    engine = namespace.engine
    engine.api_users.update({name: replace(user) for name, user in snapshot.api_users.items()})
    engine.account.credited, engine.account.debited = snapshot.credited, snapshot.debited
    engine.notified.update(snapshot.notified)
    engine.payments.update({payment.reference_id: payment for payment in snapshot.payments})
    engine.refunds.resume(snapshot.payments)
    for due_at_ms, due, wakes in snapshot.agenda:
        engine.agenda.add(due_at_ms, due, wakes=wakes)
    rows = [replace(row, attempts=list(row.attempts)) for row in snapshot.deliveries]
    engine.callbacks.resume_with(rows, snapshot.queue, is_paused=snapshot.is_paused)
    namespace.describe(wall_ms)
    namespace.born_seq, namespace.forgotten = namespace.log.last_seq, snapshot.events


def _at_rest(delivery: Delivery, now_ms: int) -> Delivery:
    attempts = list(delivery.attempts)
    if delivery.stage is not Stage.IN_HAND:
        return replace(delivery, attempts=attempts)
    return replace(delivery, attempts=attempts, stage=Stage.WAITING, due_at_ms=now_ms)
