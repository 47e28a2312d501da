"""Double entry: what each step of a payment books. Every entry sums to zero.

    step      request to pay, to withdraw      transfer, deposit, refund
    opened    nothing                          wallet → in transit
    closed    parties → wallet, on success     in transit → parties on success, → wallet on failure

What goes out leaves the wallet before it is sent, and comes back at most once. A payment that was
given up stays in transit until the provider or a review has decided.
"""

from dataclasses import dataclass
from enum import StrEnum

from momo_client.core.payments import Payment, PaymentStatus, Review
from momo_contracts.values import Money


class Step(StrEnum):
    """The two steps of a payment that may be booked, each at most once."""

    OPENED = "opened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a booking; the money may be negative."""

    step: Step
    account: str
    money: Money


WALLET = "wallet"
"""The account of the merchant's wallet."""

IN_TRANSIT = "in_transit"
"""The account of money that has left the wallet and has not arrived."""

PARTIES = "parties"
"""The account of all payers and payees together: the other side of every payment."""


def opening(payment: Payment) -> tuple[Posting, ...]:
    """What a new payment books before it is sent."""
    return () if payment.is_income else _moved(payment, Step.OPENED, WALLET, IN_TRANSIT)


def closing(before: Payment, after: Payment) -> tuple[Posting, ...]:
    """What a change of a payment books."""
    if _is_closed(before) or not _is_closed(after):
        return ()
    is_completed = after.status is PaymentStatus.COMPLETED
    if after.is_income:
        return _moved(after, Step.CLOSED, PARTIES, WALLET) if is_completed else ()
    return _moved(after, Step.CLOSED, IN_TRANSIT, PARTIES if is_completed else WALLET)


def _is_closed(payment: Payment) -> bool:
    return payment.is_final and not payment.is_watched and payment.review is not Review.OPEN


def _moved(payment: Payment, step: Step, source: str, target: str) -> tuple[Posting, ...]:
    money = payment.money
    taken = Money.of_minor(-money.minor_units, money.currency)
    return Posting(step, source, taken), Posting(step, target, money)
