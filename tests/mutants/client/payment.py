"""A payment as the ledger keeps it, and the three kinds of it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Kind(NamedTuple):
    """How a kind of payment is created at the provider; `party` names who is on the other side."""

    name: str
    product: str
    path: str
    party: str | None


REQUEST_TO_PAY = Kind("request_to_pay", "collection", "v1_0/requesttopay", "payer")
TRANSFER = Kind("transfer", "disbursement", "v1_0/transfer", "payee")
REFUND = Kind("refund", "disbursement", "v1_0/refund", None)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.name: kind for kind in (REQUEST_TO_PAY, TRANSFER, REFUND)}
)

PENDING, COMPLETED, FAILED = "pending", "completed", "failed"


class Payment(NamedTuple):
    """One row of the ledger. The fields with a default change in the course of its life."""

    reference_id: str
    kind: str
    key: str
    """The order's own name; it is the externalId."""
    amount: str
    """A plain decimal, as it goes out."""
    currency: str
    party: str | None
    """The phone number on the other side; None for a refund, which goes where it came from."""
    body: str
    """The JSON that every attempt sends."""
    created_ms: int
    subject: str | None = None
    """The reference id of the payment that a refund gives back."""
    state: str = PENDING
    code: str | None = None
    financial_id: str | None = None
    attempts: int = 0
    doubtful: int = 0
    """So many attempts may have been carried out, for all we know."""
    accepted: int = 0
    """1 once the provider is known to have it."""
    why: str = "it has not been sent yet"
    """What is in the way of knowing more."""
    next_send_ms: int | None = None
    next_check_ms: int | None = None
    quiet_until_ms: int = 0
    """The provider wants to hear nothing about it before."""
    hinted: int = 0
    """1 while a callback about it waits to be confirmed, 2 while that is being done."""
    needs_review: int = 0

    @property
    def is_watched(self) -> bool:
        """True while it will be looked at again: it is open, or was given up not long ago."""
        return self.next_check_ms is not None

    @property
    def is_final(self) -> bool:
        return self.state != PENDING


def kind_of(payment: Payment) -> Kind:
    """The terms that a payment is made on."""
    return KINDS[payment.kind]
