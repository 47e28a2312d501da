"""The merchant's money: one wallet for all products (observed: production shows the same)."""

from decimal import Decimal

from mock_momo.core.payments import Payment
from mock_momo.core.settings import Settings
from momo_contracts.lifecycle import State
from momo_contracts.outcomes import Outcome
from momo_contracts.values import EXACT


class Account:
    """What came in and what went out, beside the opening balance; exact."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.credited = Decimal(0)
        self.debited = Decimal(0)

    @property
    def balance(self) -> Decimal:
        income = EXACT.add(self.settings.opening_balance, self.credited)
        return EXACT.subtract(income, self.debited)

    def funded(self, payment: Payment) -> Payment:
        """The payment; one that the balance must cover and does not, planned to fail."""
        order, ends_well = payment.order, payment.plan.outcome is Outcome.SUCCESSFUL
        if (
            order.made_by.resource.is_income
            or not ends_well
            or self.settings.switches.funds == "unlimited"
        ):
            return payment
        if order.amount <= self.balance:
            return payment
        return payment.planned(Outcome.FAILED, "NOT_ENOUGH_FUNDS")

    def book(self, payment: Payment) -> None:
        """Let the balance follow a payment that has become final."""
        if payment.state is not State.SUCCESSFUL:
            return
        if payment.order.made_by.resource.is_income:
            self.credited = EXACT.add(self.credited, payment.order.amount)
        else:
            self.debited = EXACT.add(self.debited, payment.order.amount)
