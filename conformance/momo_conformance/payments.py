"""One payment as a history tells of it: what was ordered, sent, said and booked."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache

from momo_conformance.calls import Call
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.ledger import WALLET, Booked, Entry, Ledger, read_ledger
from momo_conformance.protocol import Fail, Ok, Unknown

COMPLETED, FAILED, PENDING = "completed", "failed", "pending"
UNKNOWN, REFUSED = "unknown", "refused"
"""What an answer says that has no state."""

DAY_MS = 24 * 3600 * 1000
"""Mission: a payment that is still pending 24 h after its creation is given up."""

_MOST_DIGITS = 1000
"""Nobody means an amount beyond that, and decimal arithmetic ends somewhere."""

ROUNDS = ("reconcile", "clock.advance")
"""The calls in which a client looks after its payments by itself."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the client said of a payment, in an answer or its ledger; positions as in Call.

    `state` is pending, completed or failed; unknown or refused for an answer without one.
    """

    asked: int
    answered: int
    at_ms: int
    state: str
    call: Call
    needs_review: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """One look into the client's ledger."""

    asked: int
    answered: int
    at_ms: int
    call: Call
    ledger: Ledger


@dataclass(frozen=True, eq=False)  # without slots, for the cached properties
class Payment:
    """One payment that was sent, all under one reference id and for one order."""

    history: History
    reference_id: str
    attempts: tuple[Exchange, ...]
    reads: tuple[Exchange, ...]
    callbacks: tuple[Call, ...]
    orders: tuple[Call, ...]

    @property
    def created(self) -> Exchange:
        """Its first create."""
        return self.attempts[0]

    @property
    def key(self) -> str:
        """The order's name; the reference id where the create carried none."""
        return self.created.key or self.reference_id

    @property
    def is_incoming(self) -> bool:
        """True for money that comes in, which is to be credited."""
        return self.created.product == "collection"

    @property
    def is_accepted(self) -> bool:
        """True when the provider has it, whether the client knows it or not."""
        return any(row.is_accepted for row in self.attempts)

    @cached_property
    def amount(self) -> Decimal | None:
        """What was ordered and sent; None when the two differ or make no amount."""
        sent = to_decimal(str(self.created.sent.get("amount")))
        ordered = [to_decimal(str(call.fields.get("amount"))) for call in self.orders[:1]]
        return sent if sent is not None and all(sent == row for row in ordered) else None

    @property
    def currency(self) -> object:
        """As it was sent."""
        return self.created.sent.get("currency")

    @cached_property
    def deadline_ms(self) -> int:
        """The earliest instant at which the client may give it up."""
        return min([self.created.at_ms, *(call.at_ms for call in self.orders[:1])]) + DAY_MS

    def is_overdue(self, at_ms: int) -> bool:
        """True when the client may have given it up."""
        return at_ms >= self.deadline_ms

    def is_about(self, call: Call) -> bool:
        """True for a call that orders it or asks for its status."""
        asked = call.fields.get("reference_id")
        is_asked = isinstance(asked, str) and asked.lower() == self.reference_id
        return call in self.orders or (call.op == "status" and is_asked)

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """All that the client has said of its state, in order."""
        found = [
            Said(call.asked, call.answered, ended_at_ms(self.history, call), state, call)
            for call in self.history.calls
            if call.answered is not None and (state := self._state_in(call))
        ]
        for look in looks_of(self.history):
            booked = self.booked(look)
            if booked is not None:
                told = booked.state, look.call, booked.needs_review
                found.append(Said(look.asked, look.answered, look.at_ms, *told))
        return tuple(sorted(found, key=lambda row: row.answered))

    def said_between(self, since: int, until: int) -> tuple[Said, ...]:
        """What it answered when asked after one position, and answered before another."""
        return tuple(row for row in self.said if since < row.asked and row.answered < until)

    def _state_in(self, call: Call) -> str:
        is_named = call.op == "status" or call.reference_id == self.reference_id
        if not self.is_about(call) or not is_named:
            return ""
        match call.answer:
            case Ok({"state": str(state)}):
                return state
            case Fail():
                sent = any(row.reference_id == self.reference_id for row in self._sent_in(call))
                return FAILED if sent else REFUSED
            case Unknown():
                return UNKNOWN
        return ""

    def _sent_in(self, call: Call) -> tuple[Exchange, ...]:
        return tuple(row for row in self.history.during(call) if row.is_create)

    def booked(self, look: Look) -> Booked | None:
        """Its row in the ledger."""
        rows = look.ledger.payments
        return next((row for row in rows if row.reference_id == self.reference_id), None)

    def moves(self, look: Look) -> tuple[Entry, ...]:
        """Its entries on the account `wallet`."""
        rows = look.ledger.entries
        return tuple(
            row for row in rows if row.reference_id == self.reference_id and row.account == WALLET
        )

    def credits_in(self, look: Look) -> tuple[Entry, ...]:
        """Those of them that add to it."""
        return tuple(row for row in self.moves(look) if row.amount > 0)


@lru_cache(maxsize=2)
def payments_of(history: History) -> tuple[Payment, ...]:
    """Every payment that a driven client has sent; none when no driver was asked.

    A reference id that was sent for two orders is left out: other requirements judge that.
    """
    if not history.is_driven:
        return ()
    attempts, reads = _by_id(history.creates), _by_id(r for r in history.exchanges if r.is_read)
    found = []
    for reference_id, rows in attempts.items():
        keys = {row.key for row in rows}
        if len(keys) > 1:
            continue
        orders = tuple(call for call in history.calls if call.creates and call.key in keys)
        callbacks = tuple(call for call in history.calls if call.about == reference_id)
        row = reference_id, tuple(rows), tuple(reads.get(reference_id, ())), callbacks, orders
        found.append(Payment(history, *row))
    return tuple(found)


@lru_cache(maxsize=2)
def looks_of(history: History) -> tuple[Look, ...]:
    """Every look into the client's ledger."""
    return tuple(
        Look(
            call.asked,
            call.answered,
            ended_at_ms(history, call),
            call,
            read_ledger(call.answer.value),
        )
        for call in history.calls
        if call.op == "ledger" and isinstance(call.answer, Ok) and call.answered is not None
    )


def rounds_of(history: History, since: int, least_ms: int = 0) -> tuple[Call, ...]:
    """The answered occasions on which a client looks after its payments by itself.

    Those that were asked for after a position, and end at least so long after it.
    """
    start_ms = int(history.events[since].get("at", 0)) + least_ms
    return tuple(
        call
        for call in history.calls
        if call.op in ROUNDS and isinstance(call.answer, Ok)
        if call.asked > since and ended_at_ms(history, call) >= start_ms
    )


@lru_cache(maxsize=2)
def deaths_in(history: History) -> tuple[int, ...]:
    """Where the client's process has ended, by itself or killed."""
    events = enumerate(history.events)
    return tuple(position for position, event in events if event["kind"] == "driver_ended")


def ended_at_ms(history: History, call: Call) -> int:
    """Namespace time at the end of a call."""
    ended = history.events[call.answered] if call.answered is not None else {}
    return max(call.at_ms, int(ended.get("at", 0)))


def to_decimal(value: object) -> Decimal | None:
    """The number that a text holds; None for all that is no text, or no number to reckon with."""
    try:
        amount = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    is_number = amount is not None and amount.is_finite() and abs(amount.adjusted()) < _MOST_DIGITS
    return amount if is_number else None


def _by_id(rows: Iterable[Exchange]) -> dict[str, list[Exchange]]:
    found: dict[str, list[Exchange]] = {}
    for row in rows:
        if row.reference_id:
            found.setdefault(row.reference_id, []).append(row)
    return found
