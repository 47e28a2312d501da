"""The requests of the API, built from values: equal values give equal bytes.

The token comes last, so that a request can be built again with another one.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from momo_client.core.http import HttpRequest
from momo_client.core.payments import Payment
from momo_client.errors import ConfigurationError
from momo_contracts.operations import CATALOGUE, OPERATIONS, READ_PAYMENT, Kind, Operation
from momo_contracts.resources import REFUND, REQUEST_TO_PAY
from momo_contracts.values import Msisdn, PartyIdType, Product


class StatusView(StrEnum):
    """Which view of a request to pay is read; see `momo_contracts.outcomes`."""

    PAYMENT = "payment"
    REQUEST_TO_PAY = "request_to_pay"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens one product."""

    api_user: str
    api_key: str = field(repr=False)
    subscription_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who asks, in which environment, through which view, with which credentials per product."""

    target_environment: str
    credentials: Mapping[Product, Credentials]
    status_view: StatusView = StatusView.PAYMENT
    callback_url: str = ""

    def credentials_for(self, product: Product) -> Credentials:
        """The credentials of a product. Raises ConfigurationError when there are none."""
        try:
            return self.credentials[product]
        except KeyError:
            name = f"MTN_{product.upper()}_SUBSCRIPTION_KEY"
            raise ConfigurationError(
                (
                    f"there are no credentials for the product {product}",
                    f"Set {name}, _API_USER and _API_KEY, or those without the product's name.",
                )
            ) from None


_STATUS_OF: Mapping[tuple[Product | None, str], Operation] = MappingProxyType(
    {
        (operation.product, operation.resource.name): operation
        for operation in CATALOGUE
        if operation.kind is Kind.READ_STATUS
    }
)


def create_token(merchant: Merchant, product: Product) -> HttpRequest:
    """Ask for a token. The empty body is declared: without a length it is 411 (observed)."""
    own = merchant.credentials_for(product)
    basic = b64encode(f"{own.api_user}:{own.api_key}".encode()).decode()
    operation = OPERATIONS[f"{product}.token"]
    headers = (
        ("Authorization", f"Basic {basic}"),
        ("Ocp-Apim-Subscription-Key", own.subscription_key),
        ("Content-Length", "0"),
    )
    return HttpRequest(operation, operation.path, headers)


def create(merchant: Merchant, payment: Payment, token: str) -> HttpRequest:
    """Ask for money to be moved. A payment's own address makes its callbacks tell which it was."""
    headers = [
        *_bearer_headers(merchant, payment.operation, token),
        ("X-Reference-Id", payment.reference_id),
        ("Content-Type", "application/json"),
    ]
    if merchant.callback_url:
        headers.append(("X-Callback-Url", f"{merchant.callback_url}/{payment.reference_id}"))
    return HttpRequest(
        payment.operation,
        payment.operation.path,
        tuple(headers),
        _encoded(_body(payment)),
        payment.reference_id,
    )


def read_status(merchant: Merchant, payment: Payment, token: str) -> HttpRequest:
    """Ask what became of a payment, a request to pay through the merchant's view."""
    asked = payment.operation
    operation = _STATUS_OF[asked.product, asked.resource.name]
    if asked.resource is REQUEST_TO_PAY and merchant.status_view is StatusView.PAYMENT:
        operation = READ_PAYMENT
    path = operation.path.format(reference_id=payment.reference_id)
    headers = _bearer_headers(merchant, operation, token)
    return HttpRequest(operation, path, headers, reference_id=payment.reference_id)


def read_balance(merchant: Merchant, product: Product, token: str) -> HttpRequest:
    """Ask for the balance: a read that changes nothing and needs every credential."""
    return _read(merchant, token, OPERATIONS[f"{product}.balance"])


def read_active(merchant: Merchant, product: Product, msisdn: Msisdn, token: str) -> HttpRequest:
    """Ask whether a number is an active account holder."""
    return _read(merchant, token, OPERATIONS[f"{product}.accountholder.active"], msisdn)


def read_person(merchant: Merchant, product: Product, msisdn: Msisdn, token: str) -> HttpRequest:
    """Ask who an account holder is."""
    return _read(merchant, token, OPERATIONS[f"{product}.accountholder.basicuserinfo"], msisdn)


def notify(merchant: Merchant, payment: Payment, message: str, token: str) -> HttpRequest:
    """Ask for a text message to the payer of a successful request to pay."""
    operation = OPERATIONS["collection.requesttopay.notify"]
    headers = (
        *_bearer_headers(merchant, operation, token),
        ("Content-Type", "application/json"),
    )
    path = operation.path.format(reference_id=payment.reference_id)
    body = _encoded({"notificationMessage": message})
    return HttpRequest(operation, path, headers, body, payment.reference_id)


def _read(
    merchant: Merchant, token: str, operation: Operation, msisdn: Msisdn | None = None
) -> HttpRequest:
    path = operation.path.format(holder_type="msisdn", holder_id=msisdn)
    return HttpRequest(operation, path, _bearer_headers(merchant, operation, token))


def _body(payment: Payment) -> dict[str, object]:
    party = {"partyIdType": PartyIdType.MSISDN, "partyId": payment.msisdn.digits}
    resource = payment.operation.resource
    is_refund = resource is REFUND
    return {
        "amount": payment.money.wire,
        "currency": payment.money.currency.code,
        "externalId": payment.external_id,
        **({} if is_refund else {resource.party: party}),
        "payerMessage": payment.payer_message,
        "payeeNote": payment.payee_note,
        **({"referenceIdToRefund": payment.refunds} if is_refund else {}),
    }


def _encoded(body: dict[str, object]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def _bearer_headers(
    merchant: Merchant, operation: Operation, token: str
) -> tuple[tuple[str, str], ...]:
    assert operation.product is not None  # noqa: S101  # provisioning is no business of a client
    own = merchant.credentials_for(operation.product)
    return (
        ("Authorization", f"Bearer {token}"),
        ("Ocp-Apim-Subscription-Key", own.subscription_key),
        ("X-Target-Environment", merchant.target_environment),
    )
