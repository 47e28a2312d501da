"""What a rule judges: the plan, what happened, and both books at rest."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from mock_momo.testing import PaymentRow
from momo_conformance.history import Exchange, Turn
from momo_conformance.ledger import Booked, Ledger
from momo_conformance.model import Course, Look, outlook_of
from momo_conformance.plans import ExamplePlan, Pay, View
from momo_contracts.operations import READ_PAYMENT, REQUEST_TO_PAY


@dataclass(frozen=True, slots=True)
class Breach:
    """One time that a rule was broken, in one line, and what shows it.

    `about` is the payment, by reference id or order; empty when it is about none in particular.
    """

    about: str
    title: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that was broken for a payment: how it was first, and how many times more."""

    rule: str
    first: Breach
    more: int = 0

    def __str__(self) -> str:
        more = f" (and {self.more} more)" if self.more else ""
        return "\n    ".join((f"{self.rule}: {self.first.title}{more}", *self.first.evidence))


@dataclass(frozen=True)  # without slots, for the cached properties
class Evidence:
    """One example, run to its end. `rows` and `credited` are the fake's books."""

    plan: ExamplePlan
    currency: str
    turns: tuple[Turn, ...]
    ledger: Ledger
    rows: tuple[PaymentRow, ...]
    credited: Decimal

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Which payment of the plan a reference id was first sent for."""
        found: dict[str, int] = {}
        for turn, exchange in self.traffic():
            is_create = exchange.operation is REQUEST_TO_PAY
            if is_create and turn.payment is not None and exchange.reference_id:
                found.setdefault(exchange.reference_id, turn.payment)
        return found

    @cached_property
    def courses(self) -> Mapping[str, Course]:
        """The course of every payment that the plan asked for and the fake has."""
        return {
            row.reference_id: Course(
                outlook_of(row.party or "", self.plan.settings),
                row.created_at_ms,
                tuple(self._looks(row.reference_id)),
            )
            for row in self.rows
            if row.reference_id in self.numbers
        }

    @cached_property
    def booked(self) -> Mapping[str, Booked]:
        """The ledger's payments by reference id."""
        return {row.reference_id: row for row in self.ledger.payments}

    @property
    def end_ms(self) -> int:
        """When the example ended, in fake time."""
        return self.turns[-1].to_ms

    def traffic(self) -> Iterator[tuple[Turn, Exchange]]:
        """Every exchange, in order, with the turn that it happened in."""
        return ((turn, exchange) for turn in self.turns for exchange in turn.exchanges)

    def pay(self, reference_id: str) -> Pay:
        """The step that a reference id was sent for."""
        return self.plan.payments[self.numbers[reference_id] - 1]

    def pay_amount(self, reference_id: str) -> Decimal:
        """What was ordered under a reference id."""
        return Decimal(self.pay(reference_id).amount)

    def _looks(self, reference_id: str) -> Iterator[Look]:
        for turn, exchange in self.traffic():
            if exchange.is_status_read and exchange.reference_id == reference_id:
                view: View = "payment" if exchange.operation is READ_PAYMENT else "request_to_pay"
                yield Look(view, exchange.status_word, turn.from_ms, turn.to_ms)


Rule = Callable[[Evidence], Iterator[Breach]]


def order_key(number: int) -> str:
    """The key under which the driver is asked for the nth payment."""
    return f"order-{number}"
