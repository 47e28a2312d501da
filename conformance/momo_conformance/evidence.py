"""What a rule judges: the plan, what happened, and both books at rest."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from mock_momo.testing import PaymentRow
from momo_conformance.history import Turn
from momo_conformance.ledger import Booked, Ledger
from momo_conformance.model import Course, Look, outlook_of
from momo_conformance.plans import ExamplePlan, Pay, View
from momo_contracts.operations import READ_PAYMENT, REQUEST_TO_PAY


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that was broken, in one line, and what shows it."""

    rule: str
    title: str
    evidence: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n    ".join((f"{self.rule}: {self.title}", *self.evidence))


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
        for turn in self.turns:
            for exchange in turn.exchanges:
                is_create = exchange.operation is REQUEST_TO_PAY
                if is_create and turn.payment is not None and exchange.reference_id:
                    found.setdefault(exchange.reference_id, turn.payment)
        return found

    @cached_property
    def courses(self) -> Mapping[str, Course]:
        """The course of every payment that the plan asked for and the fake has."""
        return {
            row.reference_id: Course(
                outlook_of(self.pay(row.reference_id), self.plan.settings),
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

    def pay(self, reference_id: str) -> Pay:
        """The step that a reference id was sent for."""
        return self.plan.payments[self.numbers[reference_id] - 1]

    def pay_amount(self, reference_id: str) -> Decimal:
        """What was ordered under a reference id."""
        return Decimal(self.pay(reference_id).amount)

    def _looks(self, reference_id: str) -> Iterator[Look]:
        for turn in self.turns:
            for exchange in turn.exchanges:
                if exchange.is_status_read and exchange.reference_id == reference_id:
                    is_v2 = exchange.operation is READ_PAYMENT
                    view: View = "payment" if is_v2 else "request_to_pay"
                    yield Look(view, exchange.status_word, turn.from_ms, turn.to_ms)


Rule = Callable[[Evidence], Iterator[Finding]]


def order_key(number: int) -> str:
    """The key under which the driver is asked for the nth payment."""
    return f"order-{number}"
