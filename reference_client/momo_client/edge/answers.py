"""What the driver answers: payments and books in the words of its protocol."""

from typing import Any

from momo_client.core.bookings import WALLET
from momo_client.core.flows import Round
from momo_client.core.payments import Cause, Payment, PaymentStatus, Review
from momo_client.core.reads import Balance
from momo_client.edge.ledger import Entry, Ledger

Message = dict[str, Any]

WAITING = "waiting for the clock"


def unknown(reference_id: str | None, why: str) -> Message:
    """It may have happened."""
    return {"unknown": {"reference_id": reference_id, "why": why}}


def refusal(code: str, reference_id: str | None, message: str = "") -> Message:
    """It did not happen and will not; the message is for whoever reads along."""
    return {"fail": {"code": code, "reference_id": reference_id, "message": message}}


def payment_as_it_is(payment: Payment) -> Message:
    """Where a payment stands; unknown while nobody can tell whether the provider has it."""
    if payment.is_undecided:
        return unknown(payment.reference_id, payment.reason or WAITING)
    facts = {
        "reference_id": payment.reference_id,
        "state": _state(payment),
        "code": _code(payment),
        "financial_transaction_id": payment.financial_transaction_id or None,
    }
    return {"ok": facts}


def balance(found: Balance) -> Message:
    """What the provider says we have."""
    return {"ok": {"available": format(found.available, "f"), "currency": found.currency}}


def counts(summary: Round) -> Message:
    """What a checker's round came to."""
    names = ("checked", "completed", "failed", "pending")
    return {"ok": {name: getattr(summary, name) for name in names}}


def books(ledger: Ledger) -> Message:
    """All payments, all entries, and what the wallet holds. Raises LedgerError."""
    wallet = {code: money.wire for code, money in ledger.balance(WALLET).items()}
    return {
        "ok": {
            "payments": [_row(payment) for payment in ledger.payments()],
            "entries": [_line(entry) for entry in ledger.entries()],
            "balance": wallet,
        }
    }


def _row(payment: Payment) -> Message:
    return {
        "reference_id": payment.reference_id,
        "key": payment.external_id,
        "state": _state(payment),
        "amount": payment.money.wire,
        "currency": payment.money.currency.code,
        "needs_review": payment.review is Review.OPEN,
    }


def _line(entry: Entry) -> Message:
    return {
        "reference_id": entry.reference_id,
        "account": entry.posting.account,
        "amount": entry.posting.money.wire,
        "currency": entry.posting.money.currency.code,
    }


def _state(payment: Payment) -> str:
    return PaymentStatus.PENDING.value if payment.is_undecided else payment.status.value


def _code(payment: Payment) -> str | None:
    """The provider's reason. Without one, the ledger has its status there, or a reason of ours."""
    is_providers = payment.cause in (Cause.PROVIDER, Cause.REFUSED)
    is_reason = payment.reason != payment.provider_status
    return payment.reason if is_providers and is_reason else None
