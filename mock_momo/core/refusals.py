"""What the engine says no to, in the words that help."""

from mock_momo.core.payments import Payment
from mock_momo.core.replies import Refusal
from momo_contracts.wire_errors import DUPLICATE_REFERENCE, NOT_FOUND


def unknown(reference_id: str, other: Payment | None = None) -> Refusal:
    """Nothing has this reference id here; `other` is what has it elsewhere."""
    if other is not None:
        made_by = other.order.made_by.name
        return Refusal(NOT_FOUND, f"{reference_id} was made by {made_by}; ask for its status there")
    return Refusal(NOT_FOUND, f"nothing here has the reference id {reference_id}")


def duplicate(reference_id: str) -> Refusal:
    """The reference id is in use."""
    return Refusal(
        DUPLICATE_REFERENCE,
        f"the reference id {reference_id} is already in use; ask for its status, or make a new "
        "one for a new payment",
    )
