"""The reason codes a failed payment may carry, with MTN's own words where it has any.

Source per row; the same code may also be the body of an error reply (see `wire_errors`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Reason:
    """A code in upper snake case; `message` is empty where no source gives one."""

    code: str
    message: str
    provenance: str


ROWS: tuple[Reason, ...] = (
    Reason("APPROVAL_REJECTED", "The approval was rejected.", "documented"),
    Reason("COULD_NOT_PERFORM_TRANSACTION", "", "documented"),
    Reason("EXPIRED", "The requested resource has expired.", "documented"),
    Reason(
        "INTERNAL_PROCESSING_ERROR", "An internal error occurred while processing.", "documented"
    ),
    Reason(
        "INVALID_CALLBACK_URL_HOST",
        "Callback URL does not match the configured value.",
        "documented",
    ),
    Reason("INVALID_CURRENCY", "Currency not supported.", "documented"),
    Reason("LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED", "", "observed"),
    Reason("NOT_ALLOWED", "Authorization failed. Insufficient permissions.", "documented"),
    Reason(
        "NOT_ALLOWED_TARGET_ENVIRONMENT", "Access to target environment is forbidden.", "documented"
    ),
    Reason("NOT_ENOUGH_FUNDS", "The payer does not have enough funds.", "documented"),
    Reason("PAYEE_NOT_ALLOWED_TO_RECEIVE", "The payee is unable to receive funds.", "documented"),
    Reason("PAYEE_LIMIT_REACHED", "", "documented"),
    Reason("PAYEE_NOT_FOUND", "Payee does not exist", "documented"),
    Reason("PAYER_LIMIT_REACHED", "The payer's limit has been breached.", "documented"),
    Reason("PAYER_NOT_FOUND", "Payee does not exist", "documented: sic, also for the payer"),
    Reason("PAYMENT_NOT_APPROVED", "Payment was not approved.", "documented"),
    Reason("RESOURCE_NOT_FOUND", "Requested resource was not found.", "documented"),
    Reason("SENDER_ACCOUNT_NOT_ACTIVE", "", "documented"),
    Reason(
        "SERVICE_UNAVAILABLE", "Service temporarily unavailable, try again later.", "documented"
    ),
    Reason("TRANSACTION_CANCELED", "The transaction was canceled by the initiator.", "documented"),
    Reason("TRANSACTION_NOT_COMPLETED", "Transaction is pending and not completed.", "documented"),
    Reason("TRANSACTION_NOT_FOUND", "The transaction could not be found.", "documented"),
)

REASONS: Mapping[str, Reason] = MappingProxyType({row.code: row for row in ROWS})
