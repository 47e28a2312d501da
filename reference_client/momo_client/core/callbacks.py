"""What a callback says, and whether it says otherwise than the books. Nobody believes it.

It has no signature and, at MTN, no reference id: that is in the address we asked it to be sent to.
"""

from momo_client.core.classification import Observation, classify_status
from momo_client.core.http import HttpReply
from momo_client.core.payments import Payment, PaymentStatus
from momo_contracts.errors import InvalidValue
from momo_contracts.outcomes import InternalStatus, internal_status
from momo_contracts.values import parse_reference_id

BODY_LIMIT = 64 * 1024
"""Assumed: in bytes, some 300 times the longest body that was seen."""

_ENDS = {
    PaymentStatus.COMPLETED: InternalStatus.COMPLETED,
    PaymentStatus.FAILED: InternalStatus.FAILED,
}


def read_reference_id(path: str) -> str | None:
    """The payment that a callback's address names: its last segment. None for another address."""
    try:
        return parse_reference_id(path.rpartition("/")[2])
    except InvalidValue:
        return None


def read_word(body: bytes) -> str | None:
    """The status that a callback claims: one is written as a status is. None if it claims none."""
    claim = classify_status(HttpReply(200, body=body))
    return (claim.status or None) if isinstance(claim, Observation) else None


def contradicts(payment: Payment, word: str) -> bool:
    """True when a callback claims another end than the one that a payment has come to.

    That is the provider's final word, if there was one: after a review the status is people's.
    """
    if payment.next_check_at_ms is not None:
        return False
    known = internal_status(payment.provider_status)
    end = _ENDS.get(payment.status) if known is InternalStatus.PENDING else known
    return internal_status(word) not in (InternalStatus.PENDING, end)
