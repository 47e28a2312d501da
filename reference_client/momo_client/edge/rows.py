"""Between the ledger's rows and the values of the core."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from momo_client.core.bookings import Posting, Step
from momo_client.core.payments import Cause, Payment, PaymentStatus, Review
from momo_contracts.operations import OPERATIONS
from momo_contracts.values import Currency, Money, Msisdn


def columns_of(payment: Payment) -> dict[str, str | int | None]:
    """A payment's columns, without those of its lease."""
    return {
        "operation": payment.operation.name,
        "reference_id": payment.reference_id,
        "external_id": payment.external_id,
        "amount_minor": payment.money.minor_units,
        "currency": payment.money.currency.code,
        "msisdn": payment.msisdn.digits,
        "payer_message": payment.payer_message,
        "payee_note": payment.payee_note,
        "created_at_ms": payment.created_at_ms,
        "deadline_at_ms": payment.deadline_at_ms,
        "next_check_at_ms": payment.next_check_at_ms,
        "refunds": payment.refunds,
        "status": payment.status,
        "cause": payment.cause,
        "review": payment.review,
        "reason": payment.reason,
        "provider_status": payment.provider_status,
        "financial_transaction_id": payment.financial_transaction_id,
        "checks": payment.checks,
    }


def payment_of(row: RowMapping) -> Payment:
    """The payment that a row of `payments` holds."""
    return Payment(
        operation=OPERATIONS[row["operation"]],
        reference_id=row["reference_id"],
        external_id=row["external_id"],
        money=money_of(row),
        msisdn=Msisdn(row["msisdn"]),
        payer_message=row["payer_message"],
        payee_note=row["payee_note"],
        created_at_ms=row["created_at_ms"],
        deadline_at_ms=row["deadline_at_ms"],
        next_check_at_ms=row["next_check_at_ms"],
        refunds=row["refunds"],
        status=PaymentStatus(row["status"]),
        cause=Cause(row["cause"]) if row["cause"] else None,
        review=Review(row["review"]) if row["review"] else None,
        reason=row["reason"],
        provider_status=row["provider_status"],
        financial_transaction_id=row["financial_transaction_id"],
        checks=row["checks"],
    )


def money_of(row: Mapping[Any, Any]) -> Money:
    """The money that a row holds in minor units."""
    return Money.of_minor(int(row["amount_minor"]), Currency.of(row["currency"]))


def posting_of(row: Mapping[Any, Any]) -> Posting:
    """The posting that a row of `postings` holds."""
    return Posting(Step(row["step"]), row["account"], money_of(row))


def columns_of_posting(reference_id: str, posting: Posting) -> dict[str, str | int]:
    """A posting's columns."""
    return {
        "reference_id": reference_id,
        "step": posting.step,
        "account": posting.account,
        "amount_minor": posting.money.minor_units,
        "currency": posting.money.currency.code,
    }
