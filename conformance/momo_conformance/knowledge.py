"""What a client can know of a payment, and what it must know: the bounds of every judgement.

A check must not ask of a client what it cannot know, nor let it know what nobody has shown it.
Before `told_from` nothing has told the client of an end; from `known_from` a read it has had every
chance to take in what the read showed. In between it may say either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from momo_conformance.calls import Call
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.payments import (
    COMPLETED,
    FAILED,
    PENDING,
    ROUNDS,
    Payment,
    deaths_in,
    payments_of,
    to_decimal,
)
from momo_conformance.plans import Settings
from momo_contracts.operations import READ_PAYMENT

SUCCESS = "SUCCESSFUL"
FAILURES = ("FAILED", "TIMEOUT", "REJECTED")
OPEN_WORDS = ("PENDING", "CREATED")
NEVER = 1 << 62
"""A position after every other."""

_HARMLESS = frozenset({"altered_body"})
"""Faults after which the reply arrives whole, as the log shows it."""


@dataclass(frozen=True, slots=True)
class End:
    """A read that showed an end: the state that it means, and from where the client knows it."""

    read: Exchange
    state: str
    known_from: int


@dataclass(frozen=True, eq=False)  # without slots, for the cached properties
class Knowledge:
    """What the history of one payment lets its client know."""

    payment: Payment

    def is_sound(self, row: Exchange) -> bool:
        """True when a success has reached the client, as it is in the log, and in good time."""
        settings = self.payment.history.settings or Settings()
        took_ms = row.ended_wall_ms - row.wall_ms
        is_whole = row.is_success and _HARMLESS.issuperset(row.faults)
        return is_whole and 2 * took_ms < settings.request_timeout_ms

    def fits(self, read: Exchange) -> bool | None:
        """Whether a read is about this order, by id, amount and currency; None: hard to tell."""
        payment, shown = self.payment, read.received
        if read.operation is READ_PAYMENT:
            extra = {"amount", "currency", "externalId"} & shown.keys()
            return None if extra else _is_same_id(shown.get("referenceId"), payment.reference_id)
        amount, currency = shown.get("amount"), shown.get("currency")
        found = to_decimal(amount)
        if found is None or payment.amount is None or not isinstance(currency, str):
            return None
        if found != payment.amount or currency != payment.currency:
            return False
        key, reference_id = shown.get("externalId"), shown.get("referenceId")
        is_usual = key in (None, payment.created.key) and reference_id is None
        return True if is_usual else None

    def known_from(self, row: Exchange) -> int | None:
        """The position from which the client must have taken a reply in; None for never.

        That is the end of the calls that may have caused it, or of one after it in which the
        client looks after the payment. A crash before that may have undone it.
        """
        if not self.is_sound(row):
            return None
        about = [call for call in self.payment.history.calls if self._is_occasion(call)]
        under_way = [call for call in about if call.asked < row.ended < end_of(call)]
        if any(call.asked < row.began for call in under_way):
            end = max(map(end_of, under_way))
        else:
            later = (call for call in about if call.asked > row.ended and not call.creates)
            end = min((end_of(call) for call in later if not call.has_died), default=NEVER)
        is_undone = any(row.ended < death <= end for death in deaths_in(self.payment.history))
        return None if end == NEVER or is_undone else end

    def _is_occasion(self, call: Call) -> bool:
        return call.op in ROUNDS or self.payment.is_about(call)

    def lasts_until(self, position: int) -> int:
        """Where a client without lasting books may forget what it knew at a position."""
        if self.payment.history.caps.get("restart"):
            return NEVER
        return next((row for row in deaths_in(self.payment.history) if row > position), NEVER)

    @cached_property
    def accepted_from(self) -> int | None:
        """The position from which the client must know that it was accepted."""
        known = (self.known_from(row) for row in self.payment.attempts if row.is_accepted)
        return next((position for position in known if position is not None), None)

    @cached_property
    def hints(self) -> tuple[tuple[int, str], ...]:
        """All that may have told the client of an end: where it began, and the state it means.

        Reads, callbacks whoever sent them, and refusals of what was never accepted, in order.
        """
        payment = self.payment
        reads = [(row.began, meaning_of(row.word)) for row in payment.reads if row.is_success]
        callbacks = [
            (row.position, meaning_of(row.word))
            for row in payment.history.news(payment.reference_id)
            if row.source == "callback"
        ]
        found = [*reads, *callbacks, *self._refusals()]
        return tuple(sorted((position, state) for position, state in found if state != PENDING))

    def _refusals(self) -> Iterator[tuple[int, str]]:
        for row in self.payment.attempts:
            if row.is_answered and not row.is_success and not self.payment.is_accepted:
                yield row.began, FAILED

    def told_from(self, *states: str) -> int:
        """The first position at which something may have told the client of such an end."""
        wanted = states or (COMPLETED, FAILED)
        return next((position for position, state in self.hints if state in wanted), NEVER)

    @cached_property
    def ends(self) -> tuple[End, ...]:
        """Reads of an end that fit the order, came before the deadline and must be known."""
        found = []
        for row in self.payment.reads:
            state = meaning_of(row.word) if _is_clear(row) else PENDING
            if state == PENDING or self.payment.is_overdue(row.ended_at_ms) or not self.fits(row):
                continue
            position = self.known_from(row)
            if position is not None:
                found.append(End(row, state, position))
        return tuple(found)

    @cached_property
    def end(self) -> End | None:
        """The first of those, unless other news contradict it or do not fit the order."""
        first = next(iter(self.ends), None)
        if first is None or any(state != first.state for _, state in self.hints):
            return None
        is_odd = any(self.fits(row) is False for row in self.payment.reads if row.is_success)
        return None if is_odd else first


def known_payments(history: History) -> Iterator[tuple[Payment, Knowledge]]:
    """Every payment that was sent, with what its client can know."""
    return ((payment, _knowledge_of(payment)) for payment in payments_of(history))


_knowledge_of = lru_cache(maxsize=512)(Knowledge)


def meaning_of(word: object) -> str:
    """The state that a status word settles; every other word settles nothing (mission)."""
    if word == SUCCESS:
        return COMPLETED
    return FAILED if word in FAILURES else PENDING


def _is_clear(read: Exchange) -> bool:
    """TIMEOUT and REJECTED are words of v2_0/payment alone."""
    return read.word in (SUCCESS, "FAILED") or read.operation is READ_PAYMENT


def _is_same_id(shown: object, reference_id: str) -> bool | None:
    return shown.lower() == reference_id if isinstance(shown, str) and shown else None


def end_of(call: Call) -> int:
    """Where a call was answered; NEVER without an answer."""
    return NEVER if call.answered is None else call.answered
