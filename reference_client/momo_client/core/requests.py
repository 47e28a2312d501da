"""The requests of the API, built from values: equal values give equal bytes."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from enum import StrEnum

from momo_client.core.http import HttpRequest
from momo_client.core.payments import Payment
from momo_contracts import operations
from momo_contracts.operations import Operation
from momo_contracts.values import PartyIdType


class StatusView(StrEnum):
    """Which of the two views of a payment is read; see `momo_contracts.outcomes`."""

    PAYMENT = "payment"
    REQUEST_TO_PAY = "request_to_pay"


_STATUS_OPERATIONS = {
    StatusView.PAYMENT: operations.READ_PAYMENT,
    StatusView.REQUEST_TO_PAY: operations.READ_REQUEST_TO_PAY,
}


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who asks, with which credentials, in which environment, through which view."""

    api_user: str
    api_key: str = field(repr=False)
    subscription_key: str = field(repr=False)
    target_environment: str
    status_view: StatusView = StatusView.PAYMENT


def create_token(merchant: Merchant) -> HttpRequest:
    """Ask for a token. The empty body is declared: without a length it is 411 (observed)."""
    credentials = b64encode(f"{merchant.api_user}:{merchant.api_key}".encode()).decode()
    operation = operations.CREATE_TOKEN
    headers = (
        ("Authorization", f"Basic {credentials}"),
        ("Ocp-Apim-Subscription-Key", merchant.subscription_key),
        ("Content-Length", "0"),
    )
    return HttpRequest(operation.name, operation.method, operation.path, headers)


def request_to_pay(merchant: Merchant, token: str, payment: Payment) -> HttpRequest:
    """Ask a payer for money."""
    body = {
        "amount": payment.money.wire,
        "currency": payment.money.currency.code,
        "externalId": payment.external_id,
        "payer": {"partyIdType": PartyIdType.MSISDN, "partyId": payment.msisdn.digits},
        "payerMessage": payment.payer_message,
        "payeeNote": payment.payee_note,
    }
    operation = operations.REQUEST_TO_PAY
    headers = (
        *_bearer_headers(merchant, token),
        ("X-Reference-Id", payment.reference_id),
        ("Content-Type", "application/json"),
    )
    content = json.dumps(body, separators=(",", ":")).encode()
    return HttpRequest(operation.name, operation.method, operation.path, headers, content)


def read_status(merchant: Merchant, token: str, reference_id: str) -> HttpRequest:
    """Ask what became of a payment, through the merchant's view."""
    operation = _STATUS_OPERATIONS[merchant.status_view]
    return _read(operation, merchant, token, operation.path.format(reference_id=reference_id))


def read_balance(merchant: Merchant, token: str) -> HttpRequest:
    """Ask for the balance: a read that changes nothing and needs every credential."""
    return _read(operations.READ_BALANCE, merchant, token, operations.READ_BALANCE.path)


def _read(operation: Operation, merchant: Merchant, token: str, path: str) -> HttpRequest:
    return HttpRequest(operation.name, operation.method, path, _bearer_headers(merchant, token))


def _bearer_headers(merchant: Merchant, token: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Authorization", f"Bearer {token}"),
        ("Ocp-Apim-Subscription-Key", merchant.subscription_key),
        ("X-Target-Environment", merchant.target_environment),
    )
