"""What has been paid back of each payment: a refund needs its original and cannot exceed it.

Source: assumed in its reasons; a create answers 202 whatever comes of it (documented).
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from mock_momo.core.payments import Order, Payment
from momo_contracts.frozen import dataclass
from momo_contracts.lifecycle import State
from momo_contracts.resources import REQUEST_TO_PAY
from momo_contracts.values import EXACT, normalise_amount


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a refund will fail: the reason that MTN would give, and one line for people."""

    reason: str
    why: str


class Refunds:
    """Sums by the reference id of the original; those under way count as paid."""

    def __init__(self, payments: Mapping[str, Payment]) -> None:
        self._payments = payments
        self._paid: dict[str, Decimal] = {}

    def objection(self, order: Order) -> Objection | None:
        """What stands against a new refund; None where nothing does."""
        original = self._payments.get(order.refunds or "")
        if original is None or original.order.made_by.resource is not REQUEST_TO_PAY:
            return Objection(
                "RESOURCE_NOT_FOUND", f"no request to pay has the reference id {order.refunds}"
            )
        if original.state is not State.SUCCESSFUL:
            return Objection("NOT_ALLOWED", f"the original is {original.state}, not SUCCESSFUL")
        if original.order.currency != order.currency:
            return Objection("NOT_ALLOWED", f"the original is in {original.order.currency}")
        paid = self._paid.get(original.reference_id, Decimal(0))
        left = EXACT.subtract(original.order.amount, paid)
        if order.amount > left:
            return Objection("NOT_ALLOWED", f"{normalise_amount(left)} of the original is left")
        return None

    def begin(self, order: Order) -> None:
        """A refund is under way."""
        self._add(order, order.amount)

    def fail(self, order: Order) -> None:
        """A refund that was under way has failed."""
        self._add(order, order.amount.copy_negate())

    def resume(self, payments: Iterable[Payment]) -> None:
        """Count those that another has had."""
        for payment in payments:
            if not payment.is_final or payment.state is State.SUCCESSFUL:
                self.begin(payment.order)

    def _add(self, order: Order, amount: Decimal) -> None:
        if order.refunds is not None:
            paid = self._paid.get(order.refunds, Decimal(0))
            self._paid[order.refunds] = EXACT.add(paid, amount)
