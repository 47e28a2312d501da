"""The kinds of payment: whose money goes where, and what its status looks like.

Source: documented; which way money goes is from the descriptions of the operations.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of payment. `party` is the key of the other side in its body; empty for none.

    `is_income`: its success raises the merchant's balance, else it lowers it.
    """

    name: str
    party: str
    is_income: bool
    status_schema: str


NO_RESOURCE = Resource("", "", False, "")
"""That of an operation on no payment."""

REQUEST_TO_PAY = Resource("requesttopay", "payer", True, "request_to_pay_status")
REQUEST_TO_WITHDRAW = Resource("requesttowithdraw", "payer", True, "request_to_pay_status")
PAYMENT = Resource("payment", "", False, "payment_status")
TRANSFER = Resource("transfer", "payee", False, "transfer_status")
DEPOSIT = Resource("deposit", "payee", False, "deposit_status")
REFUND = Resource("refund", "payee", False, "refund_status")
RESOURCES = (REQUEST_TO_PAY, REQUEST_TO_WITHDRAW, PAYMENT, TRANSFER, DEPOSIT, REFUND)
