"""Between the ledger's rows and the values of the core."""

from sqlalchemy import RowMapping

from momo_client.core.payments import Cause, Payment, PaymentStatus
from momo_contracts.values import Currency, Money, Msisdn


def columns_of(payment: Payment) -> dict[str, str | int | None]:
    """A payment's columns, without those of its lease."""
    return {
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
        "status": payment.status,
        "cause": payment.cause,
        "reason": payment.reason,
        "provider_status": payment.provider_status,
        "financial_transaction_id": payment.financial_transaction_id,
        "checks": payment.checks,
    }


def payment_of(row: RowMapping) -> Payment:
    """The payment that a row of `payments` holds."""
    return Payment(
        reference_id=row["reference_id"],
        external_id=row["external_id"],
        money=money_of(row),
        msisdn=Msisdn(row["msisdn"]),
        payer_message=row["payer_message"],
        payee_note=row["payee_note"],
        created_at_ms=row["created_at_ms"],
        deadline_at_ms=row["deadline_at_ms"],
        next_check_at_ms=row["next_check_at_ms"],
        status=PaymentStatus(row["status"]),
        cause=Cause(row["cause"]) if row["cause"] else None,
        reason=row["reason"],
        provider_status=row["provider_status"],
        financial_transaction_id=row["financial_transaction_id"],
        checks=row["checks"],
    )


def money_of(row: RowMapping) -> Money:
    """The money that a row holds in minor units."""
    return Money.of_minor(int(row["amount_minor"]), Currency.of(row["currency"]))
