"""Double entry: which accounts a payment moves money between, and when."""

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from tests.mutants.client.money import Money
from tests.mutants.client.payment import COMPLETED, FAILED, Payment

CREATED = "created"
Sides = tuple[tuple[str, int], ...]


class Posting(NamedTuple):
    """What one account receives, in minor units; negative for what it gives."""

    account: str
    minor: int


class Books:
    """Money that goes out is held from the start, and given back once if it comes to nothing."""

    HOLD: ClassVar[Sides] = (("wallet", -1), ("in_transit", 1))
    GIVE_BACK: ClassVar[Sides] = (("wallet", 1), ("in_transit", -1))
    MOVES: ClassVar[Mapping[tuple[str, str], Sides]] = {
        ("request_to_pay", COMPLETED): (("wallet", 1), ("payers", -1)),
        ("transfer", CREATED): HOLD,
        ("transfer", FAILED): GIVE_BACK,
        ("transfer", COMPLETED): (("in_transit", -1), ("payees", 1)),
        ("refund", CREATED): HOLD,
        ("refund", FAILED): GIVE_BACK,
        ("refund", COMPLETED): (("in_transit", -1), ("payers", 1)),
    }
    """By kind of payment, and by what happens to it; what is not here moves nothing."""

    def __init__(self) -> None:
        self.money = Money()

    def postings(self, payment: Payment, event: str) -> tuple[Posting, ...]:
        minor = self.minor(payment)
        return tuple(
            Posting(account, sign * minor)
            for account, sign in self.MOVES.get((payment.kind, event), ())
        )

    def minor(self, payment: Payment) -> int:
        return self.money.minor(payment.amount, payment.currency)
