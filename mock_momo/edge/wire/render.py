"""From a reply to status, headers and bytes, in the layer's own dialect.

Key orders as captured: a request to pay begins with financialTransactionId and ends with status
and reason; absent keys are left out. Gateway JSON has blanks, wallet JSON has none (observed).
"""

from collections.abc import Mapping

import orjson

from mock_momo.core.payments import Payment
from mock_momo.core.rendered import Headers, Rendered
from mock_momo.core.replies import (
    Accepted,
    ApiKeyIssued,
    ApiUserFound,
    BalanceFound,
    Created,
    PaymentFound,
    Refusal,
    Reply,
    RequestToPayFound,
    TokenIssued,
)
from momo_contracts import wire_errors
from momo_contracts.outcomes import STATES
from momo_contracts.values import normalise_amount
from momo_contracts.wire_errors import Layer, WireError

_JSON = "application/json;charset=utf-8"
_GATEWAY = Headers.of({"Content-Type": "application/json"})
_KEY_WANTED = Headers.of(
    {
        "Content-Type": "application/json",
        "WWW-Authenticate": "AzureApiManagementKey "
        'realm="https://sandbox.momodeveloper.mtn.com/",'
        'name="Ocp-Apim-Subscription-Key",type="header"',
    }
)
_WALLET = Headers.of({"Content-Type": _JSON})
_EMPTY = Headers.of({})
_NO_STORE = Headers.of({"Content-Type": _JSON, "Cache-Control": "no-store", "Pragma": "no-cache"})
_MISSION = Headers.of({"Content-Type": _JSON, "X-Mock-Fidelity": "mission"})
_HTML = Headers.of({"Content-Type": "text/html; charset=us-ascii", "Connection": "close"})
_PAGES = {
    wire_errors.LENGTH_REQUIRED.name: (
        b"<!DOCTYPE html>\n<html><head><title>Length Required</title></head>\n"
        b"<body><h2>Length Required</h2><hr><p>HTTP Error 411. "
        b"The request must have a content length.</p></body></html>\n"
    ),
    wire_errors.WAF_REJECTED.name: (
        b"<html><head><title>Request Rejected</title></head><body>The request was rejected. "
        b"Please consult with your administrator.</body></html>\n"
    ),
}

_ACCEPTED = Rendered(202, _EMPTY)
_CREATED = Rendered(201, _EMPTY)


def render(reply: Reply) -> Rendered:  # noqa: PLR0911  # one return per kind of reply
    """The bytes of a reply."""
    match reply:
        case RequestToPayFound(payment):
            return Rendered(200, _WALLET, orjson.dumps(_request_to_pay(payment)))
        case PaymentFound(payment, published):
            body = _published(payment) if published else _mission(payment)
            return Rendered(200, _MISSION, orjson.dumps(body))
        case Accepted():
            return _ACCEPTED
        case TokenIssued(token, expires_in_s):
            body = {
                "access_token": token,
                "token_type": "access_token",
                "expires_in": expires_in_s,
            }
            return Rendered(200, _NO_STORE, orjson.dumps(body))
        case Refusal(error, _, status, retry_after_s):
            return render_error(error, status or error.status, retry_after_s)
        case BalanceFound(amount, currency):
            body = {"availableBalance": normalise_amount(amount), "currency": currency}
            return Rendered(200, _WALLET, orjson.dumps(body))
        case Created():
            return _CREATED
        case ApiUserFound(host, environment):
            body = {"providerCallbackHost": host, "targetEnvironment": environment}
            return Rendered(200, _WALLET, orjson.dumps(body))
        case ApiKeyIssued(key):
            return Rendered(201, _WALLET, orjson.dumps({"apiKey": key}))


def render_error(error: WireError, status: int, retry_after_s: int | None = None) -> Rendered:
    """An error in the dialect of its layer."""
    if error.layer is Layer.WAF:
        return Rendered(status, _HTML, _PAGES[error.name], error.layer)
    if error.layer is Layer.GATEWAY:
        return _render_gateway(error, status, retry_after_s)
    if error is wire_errors.LOGIN_FAILED:
        return Rendered(status, _NO_STORE, orjson.dumps({"error": error.message}))
    if not error.code:
        return Rendered(status, _EMPTY)
    return Rendered(status, _WALLET, orjson.dumps({"message": error.message, "code": error.code}))


def _render_gateway(error: WireError, status: int, retry_after_s: int | None) -> Rendered:
    message = orjson.dumps(error.message.format(seconds=retry_after_s or 26)).decode()
    body = f'{{ "statusCode": {status}, "message": {message} }}'.encode()
    headers = _KEY_WANTED if status == 401 else _GATEWAY  # the only one the gateway has
    if retry_after_s is not None:
        headers = Headers.of({**headers.fields, "Retry-After": str(retry_after_s)})
    return Rendered(status, headers, body, Layer.GATEWAY)


def _request_to_pay(payment: Payment) -> dict[str, object]:
    order = payment.order
    shown = {
        "financialTransactionId": payment.financial_transaction_id,
        "externalId": order.external_id,
        "amount": normalise_amount(order.amount),
        "currency": order.currency,
        "payer": {"partyIdType": order.payer.id_type, "partyId": order.payer.id},
        "payerMessage": order.payer_message,
        "payeeNote": order.payee_note,
        "status": STATES[payment.state].request_to_pay_status,
        "reason": payment.reason,
    }
    return _present(shown)


def render_callback(told: Payment) -> bytes:
    """The body of a callback: neither referenceId nor payerMessage (observed).

    Where a transaction id stands in it is assumed: first, as in the status.
    """
    shown = _request_to_pay(told)
    shown.pop("payerMessage", None)
    return orjson.dumps(shown)


def _mission(payment: Payment) -> dict[str, object]:
    return {
        "status": STATES[payment.state].payment_status,
        "referenceId": payment.reference_id,
        "reason": payment.reason or "",
    }


def _published(payment: Payment) -> dict[str, object]:
    """As published: no TIMEOUT or REJECTED, and keys left out rather than empty."""
    shown = {
        "referenceId": payment.reference_id,
        "status": STATES[payment.state].request_to_pay_status,
        "financialTransactionId": payment.financial_transaction_id,
        "reason": payment.reason,
    }
    return _present(shown)


def _present(shown: Mapping[str, object]) -> dict[str, object]:
    """What is there: an absent key is left out, never null (observed)."""
    return {name: value for name, value in shown.items() if value is not None}
