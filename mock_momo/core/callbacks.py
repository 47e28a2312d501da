"""The callbacks that a namespace owes: when each is sent, sent again, held back or given up.

Final states only (documented). Whoever performs `SendCallback` feeds the result back by `answered`.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

from mock_momo.core.agenda import Agenda, Deliver
from mock_momo.core.callback_terms import DUPLICATE_AFTER_MS, SCHEDULES
from mock_momo.core.deliveries import Attempt, Delivery, Stage, delivery_id
from mock_momo.core.effects import Effect, Happened, SendCallback
from mock_momo.core.payments import Payment
from mock_momo.errors import InvalidSetting
from momo_contracts.events import CallbackAttempted, CallbackWithheld
from momo_contracts.switches import Switches


class Callbacks:
    """The deliveries of one namespace, by id."""

    def __init__(
        self,
        payments: Mapping[str, Payment],
        agenda: Agenda,
        switches: Switches,
    ) -> None:
        self.deliveries: dict[str, Delivery] = {}
        self.is_paused = False
        self._payments = payments
        self._agenda = agenda
        self.switches = switches
        self._queue: deque[str] = deque()

    def owe(self, payment: Payment, at_ms: int) -> tuple[Effect, ...]:
        """The payment's outcome is known: each copy of its callback is due after its delay."""
        terms = payment.callback
        if terms is None:
            return ()
        if terms.is_dropped:
            dropped = self._open(payment.reference_id, at_ms)
            return self._withhold(dropped, Stage.DROPPED, "a fault or a switch drops it", at_ms)
        for _ in range(terms.copies):
            self._schedule(self._open(payment.reference_id, at_ms), at_ms + terms.delay_ms)
        return ()

    def retell(self, payment: Payment, at_ms: int) -> tuple[Effect, ...]:
        """It has ended otherwise than its callback was to claim: tell at once what is so."""
        waiting = [row for row in self.of(payment.reference_id) if row.stage is Stage.WAITING]
        for delivery in waiting:
            self._schedule(delivery, at_ms)
        return () if waiting else self.owe(payment, at_ms)

    def due(self, identity: str, due_at_ms: int, now_ms: int) -> tuple[Effect, ...]:
        """An attempt's instant has come; an entry that was moved or made void says nothing."""
        delivery = self.deliveries[identity]
        if delivery.stage is not Stage.WAITING or delivery.due_at_ms != due_at_ms:
            return ()
        if self.is_paused:
            delivery.stage = Stage.QUEUED
            self._queue.append(identity)
            return ()
        return (self._send(delivery, now_ms),)

    def answered(self, identity: str, attempt: Attempt) -> tuple[Effect, ...]:
        """What became of an attempt; the next one is put on the agenda."""
        delivery = self.deliveries[identity]
        if attempt.is_withheld:
            return self._withhold(
                delivery, Stage.WITHHELD, attempt.problem or "withheld", attempt.at_ms
            )
        delivery.attempts.append(attempt)
        delays = SCHEDULES[self.switches.callback_retry]
        next_in_ms = None
        if attempt.is_acknowledged:
            delivery.stage = Stage.ACKNOWLEDGED
            self._duplicate_later(delivery, attempt.at_ms)
        elif delivery.stage is not Stage.DROPPED:
            tried = len(delivery.attempts)
            next_in_ms = delays[tried - 1] if tried <= len(delays) else None
            delivery.stage = Stage.FAILED
            if next_in_ms is not None:
                self._schedule(delivery, attempt.at_ms + next_in_ms)
        return (
            Happened(
                attempt.at_ms, self._attempted(delivery, attempt, 1 + len(delays), next_in_ms)
            ),
        )

    def pause(self) -> None:
        """From now on what comes due is queued."""
        self.is_paused = True

    def resume(self, now_ms: int) -> tuple[Effect, ...]:
        """Send all that is queued, in its order, and whatever comes due from now on."""
        self.is_paused = False
        return tuple(self._send(delivery, now_ms) for delivery in self._queued())

    def step(self, now_ms: int) -> tuple[Effect, ...]:
        """Send the first of the queue; nothing while it is empty."""
        return tuple(self._send(delivery, now_ms) for delivery in self._queued(most=1))

    def resend(self, identity: str, now_ms: int) -> tuple[Effect, ...]:
        """One more attempt at once, whatever became of the others. Raises InvalidSetting."""
        return (self._send(self._handed(identity), now_ms),)

    def duplicate(self, identity: str, now_ms: int) -> tuple[Effect, ...]:
        """The same callback once more, as a delivery of its own. Raises InvalidSetting."""
        copy = self._open(self._found(identity).reference_id, now_ms)
        return (self._send(copy, now_ms),)

    def drop(self, identity: str, now_ms: int) -> tuple[Effect, ...]:
        """Never send it, or not again. Raises InvalidSetting."""
        return self._withhold(
            self._found(identity), Stage.DROPPED, "dropped by the control API", now_ms
        )

    def delay(self, identity: str, by_ms: int, now_ms: int) -> None:
        """Send it so much later than it would have been, or than now. Raises InvalidSetting."""
        delivery = self._handed(identity)
        self._schedule(delivery, max(now_ms, delivery.due_at_ms) + by_ms)

    def reorder(self, identities: Sequence[str]) -> None:
        """Give the queue this order; what is not named comes after. Raises InvalidSetting."""
        for identity in identities:
            if identity not in self._queue:
                raise InvalidSetting(
                    f"delivery {identity[:80]!r} is not queued; pause callbacks first"
                )
        rest = [identity for identity in self._queue if identity not in identities]
        self._queue = deque([*dict.fromkeys(identities), *rest])

    @property
    def queue(self) -> tuple[str, ...]:
        """Ids of the queued deliveries, the first to be sent first."""
        return tuple(self._queue)

    def resume_with(
        self, deliveries: Iterable[Delivery], queue: Iterable[str], *, is_paused: bool
    ) -> None:
        """Go on from where another's deliveries stood."""
        self.deliveries = {delivery.id: delivery for delivery in deliveries}
        self._queue = deque(queue)
        self.is_paused = is_paused

    def of(self, reference_id: str) -> Iterator[Delivery]:
        """The deliveries of one payment, in the order in which they came to be."""
        for number in count(1):
            delivery = self.deliveries.get(delivery_id(reference_id, number))
            if delivery is None:
                return
            yield delivery

    def _open(self, reference_id: str, at_ms: int) -> Delivery:
        number = 1 + sum(1 for _ in self.of(reference_id))
        delivery = Delivery(reference_id, number, at_ms)
        self.deliveries[delivery.id] = delivery
        return delivery

    def _schedule(self, delivery: Delivery, due_at_ms: int) -> None:
        self._unqueue(delivery)
        delivery.stage, delivery.why, delivery.due_at_ms = Stage.WAITING, None, due_at_ms
        self._agenda.add(due_at_ms, Deliver(delivery.id), wakes=True)

    def _send(self, delivery: Delivery, now_ms: int) -> SendCallback:
        self._unqueue(delivery)
        delivery.stage, delivery.why = Stage.IN_HAND, None
        payment = self._payments[delivery.reference_id]
        terms = payment.callback
        if terms is None:
            raise AssertionError("a delivery belongs to a payment that asked for a callback")
        told = payment.told(terms.says)
        return SendCallback(
            at_ms=now_ms,
            delivery_id=delivery.id,
            attempt=len(delivery.attempts) + 1,
            method=self._method(payment),
            url=terms.url,
            told=told,
            switches=self.switches,
            is_early=terms.is_early and not delivery.attempts,
            world=self,
        )

    def _withhold(
        self, delivery: Delivery, stage: Stage, why: str, at_ms: int
    ) -> tuple[Effect, ...]:
        self._unqueue(delivery)
        delivery.stage, delivery.why = stage, why
        return (Happened(at_ms, CallbackWithheld(delivery.reference_id, delivery.id, why)),)

    def _duplicate_later(self, delivery: Delivery, at_ms: int) -> None:
        wanted = self.switches.callback_duplicates == "after_180_s"
        if wanted and delivery.number == 1 and len(delivery.attempts) == 1:
            copy = self._open(delivery.reference_id, at_ms)
            self._schedule(copy, at_ms + DUPLICATE_AFTER_MS)

    def _attempted(
        self, delivery: Delivery, attempt: Attempt, attempts: int, next_in_ms: int | None
    ) -> CallbackAttempted:
        payment = self._payments[delivery.reference_id]
        terms = payment.callback
        return CallbackAttempted(
            reference_id=delivery.reference_id,
            delivery=delivery.id,
            method=self._method(payment),
            url=terms.url if terms else "",
            attempt=len(delivery.attempts),
            attempts=max(attempts, len(delivery.attempts)),
            body=attempt.sent,
            status=attempt.status,
            reply=attempt.reply,
            latency_ms=attempt.latency_ms,
            problem=attempt.problem,
            next_in_ms=next_in_ms,
        )

    def _method(self, payment: Payment) -> str:
        method = self.switches.callback_method
        if method != "by_version":
            return method
        return "POST" if payment.order.made_by.version == 1 else "PUT"

    def _queued(self, most: int | None = None) -> list[Delivery]:
        return [self.deliveries[identity] for identity in list(self._queue)[:most]]

    def _unqueue(self, delivery: Delivery) -> None:
        if delivery.stage is Stage.QUEUED:
            self._queue.remove(delivery.id)

    def _found(self, identity: str) -> Delivery:
        delivery = self.deliveries.get(identity)
        if delivery is None:
            raise InvalidSetting(
                f"no delivery {identity[:80]!r}; GET …/callbacks lists those that there are"
            )
        return delivery

    def _handed(self, identity: str) -> Delivery:
        """A delivery that is not on the wire at this moment."""
        delivery = self._found(identity)
        if delivery.stage is Stage.IN_HAND:
            raise InvalidSetting(f"delivery {identity!r} is being sent; ask again when it is done")
        return delivery
