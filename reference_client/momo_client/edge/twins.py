"""Another payment under the same reference id, or under the same name while that may count."""

from sqlalchemy import ColumnElement, and_, or_

from momo_client.core.payments import Payment, PaymentStatus
from momo_client.edge.schema import PAYMENTS
from momo_client.errors import InvalidRequest


def only_key(payment: Payment) -> str:
    """What no two payments have at the same time, unless one comes `again`."""
    return f"{payment.operation.name} {payment.external_id}"


def is_twin(payment: Payment, *, again: bool) -> ColumnElement[bool]:
    """The condition of its twins. One that came `again`, or after a review, has no `only_key`."""
    columns = PAYMENTS.c
    has_same_id = columns.reference_id == payment.reference_id
    if again:
        return has_same_id
    has_same_name = and_(
        columns.external_id == payment.external_id,
        columns.operation == payment.operation.name,
        columns.status != PaymentStatus.FAILED,
    )
    return or_(has_same_id, has_same_name)


def taken(payment: Payment, twin: Payment) -> InvalidRequest:
    """Why a payment cannot be written down beside its twin."""
    if twin.reference_id == payment.reference_id:
        return InvalidRequest(
            f"reference id {twin.reference_id} is already in the ledger",
            remedy="Use a new one for a new payment, or check_payment_status for this one.",
            reference_id=twin.reference_id,
            code="REFERENCE_TAKEN",
        )
    return InvalidRequest(
        f"{twin.external_id!r} is already payment {twin.reference_id}, {twin.status}",
        remedy="Ask its status; to pay anew under this name, pass again=True (--again).",
        payer_message="There is a payment for this already. Please do not pay again.",
        reference_id=twin.reference_id,
        code="EXTERNAL_ID_TAKEN",
    )
