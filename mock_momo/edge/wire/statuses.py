"""Bodies that show a payment: its status, and its callback.

Key orders as captured, one per resource; a key without a value is left out, never null (observed).
"""

from collections.abc import Callable, Mapping

from mock_momo.core.payments import Order, Payment
from momo_contracts import resources
from momo_contracts.outcomes import STATES
from momo_contracts.reasons import REASONS
from momo_contracts.switches import Switches
from momo_contracts.values import normalise_amount

Shown = dict[str, object]


def show_status(payment: Payment, switches: Switches) -> Shown:
    """A payment as its own resource shows it."""
    resource = payment.order.made_by.resource
    return _present(_LAYOUTS[resource.name](payment, _reason(payment, switches)))


def show_mission(payment: Payment) -> Shown:
    """A request to pay as the mission reads it from v2_0/payment."""
    return {
        "status": STATES[payment.state].payment_status,
        "referenceId": payment.reference_id,
        "reason": payment.reason or "",
    }


def show_published(payment: Payment) -> Shown:
    """A payment as v2_0/payment is published: no TIMEOUT or REJECTED, `reason` an object."""
    return _present(_payment(payment))


def show_callback(told: Payment, switches: Switches) -> Shown:
    """The body of a callback: neither referenceId nor payerMessage (observed).

    Where a transaction id stands in it is assumed: first, as in the status. A v2_0/payment's is as
    its status (assumed).
    """
    if told.order.made_by.resource is resources.PAYMENT:
        return show_published(told)
    shown = _request_to_pay(told, _reason(told, switches))
    del shown["payerMessage"]
    return _present(shown)


def _request_to_pay(payment: Payment, reason: object) -> Shown:
    order = payment.order
    return {
        "financialTransactionId": payment.financial_transaction_id,
        "externalId": order.external_id,
        "amount": normalise_amount(order.amount),
        "currency": order.currency,
        order.made_by.resource.party: _party(order),
        "payerMessage": order.payer_message,
        "payeeNote": order.payee_note,
        "status": STATES[payment.state].request_to_pay_status,
        "reason": reason,
    }


def _transfer(payment: Payment, reason: object) -> Shown:
    order = payment.order
    return {
        "amount": normalise_amount(order.amount),
        "currency": order.currency,
        "financialTransactionId": payment.financial_transaction_id,
        "externalId": order.external_id,
        order.made_by.resource.party: _party(order),
        "payerMessage": order.payer_message,
        "payeeNote": order.payee_note,
        "status": STATES[payment.state].request_to_pay_status,
        "reason": reason,
    }


def _deposit(payment: Payment, reason: object) -> Shown:
    """As a request to pay, without a transaction id even when it has succeeded (observed)."""
    shown = _request_to_pay(payment, reason)
    del shown["financialTransactionId"]
    return shown


def _payment(payment: Payment, _reason: object = None) -> Shown:
    """Its reason is an object, whatever shape that of the others has."""
    return {
        "referenceId": payment.reference_id,
        "status": STATES[payment.state].request_to_pay_status,
        "financialTransactionId": payment.financial_transaction_id,
        "reason": _reason_object(payment.reason),
    }


_LAYOUTS: Mapping[str, Callable[[Payment, object], Shown]] = {
    resources.REQUEST_TO_PAY.name: _request_to_pay,
    resources.REQUEST_TO_WITHDRAW.name: _request_to_pay,
    resources.TRANSFER.name: _transfer,
    resources.DEPOSIT.name: _deposit,
    resources.REFUND.name: _request_to_pay,
    resources.PAYMENT.name: _payment,
}


def _party(order: Order) -> Shown | None:
    party = order.party
    return None if party is None else {"partyIdType": party.id_type, "partyId": party.id}


def _reason(payment: Payment, switches: Switches) -> object:
    if switches.reason_shape == "text":
        return payment.reason
    return _reason_object(payment.reason) if switches.reason_shape == "object" else None


def _reason_object(code: str | None) -> object:
    if code is None:
        return None
    row = REASONS.get(code)
    return {"code": code, "message": row.message if row else ""}


def _present(shown: Shown) -> Shown:
    return {name: value for name, value in shown.items() if value is not None}
