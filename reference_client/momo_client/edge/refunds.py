"""No more is given back than was paid, however many refunds there are at once."""

from sqlalchemy import Connection, func, or_, select

from momo_client.core.payments import Payment, PaymentStatus, Review
from momo_client.edge.rows import payment_of
from momo_client.edge.schema import PAYMENTS
from momo_client.errors import InvalidRequest


def refuse_excess(connection: Connection, refund: Payment) -> None:
    """Raise InvalidRequest when a refund and those before it are more than their original.

    The original's row is locked until the transaction ends. One from another ledger is left to the
    provider.
    """
    columns = PAYMENTS.c
    original = select(PAYMENTS).where(columns.reference_id == refund.refunds).with_for_update()
    row = connection.execute(original).mappings().first() if refund.refunds else None
    if row is None:
        return
    may_be_gone = or_(
        columns.status != PaymentStatus.FAILED,
        columns.next_check_at_ms.is_not(None),
        columns.review == Review.OPEN,
    )
    given = select(func.sum(columns.amount_minor)).where(
        columns.refunds == refund.refunds, may_be_gone
    )
    given_minor = int(connection.scalar(given) or 0)
    paid = payment_of(row).money
    if given_minor + refund.money.minor_units > paid.minor_units:
        raise InvalidRequest(
            f"{refund.money} and the refunds before it are more than the {paid} that were paid",
            remedy="Refund at most what is left; `ledger show` has the refunds.",
            reference_id=refund.refunds,
            code="INVALID_AMOUNT",
        )
