"""Counts what a ledger has still to do; cheap, whatever it has done already."""

from sqlalchemy import func, select

from momo_client.core.payments import PaymentStatus, Review
from momo_client.core.standing import Standing
from momo_client.edge.ledger import Ledger
from momo_client.edge.schema import PAYMENTS

_OPEN = select(func.count(), func.min(PAYMENTS.c.created_at_ms)).where(
    PAYMENTS.c.next_check_at_ms.is_not(None),  # true of all that is open, and it has an index
    PAYMENTS.c.status.in_((PaymentStatus.CREATED, PaymentStatus.PENDING)),
)
_REVIEWS = select(func.count()).where(PAYMENTS.c.review == Review.OPEN)


def read_standing(ledger: Ledger) -> Standing:
    """What is open and what waits for a person. Raises LedgerError."""
    with ledger.reading() as connection:
        open_payments, oldest_created_at_ms = connection.execute(_OPEN).one()
        open_reviews = connection.scalar(_REVIEWS) or 0
    return Standing(open_payments, oldest_created_at_ms, open_reviews)
