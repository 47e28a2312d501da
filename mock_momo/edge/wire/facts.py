"""From an HTTP request to the facts of a call. Whatever is wrong is kept as a fact, not judged."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, unquote

from aiohttp.web import BaseRequest
from pydantic import ValidationError

from mock_momo.core.calls import (
    ApiUserFacts,
    BodyFacts,
    Call,
    NotificationFacts,
    OrderFacts,
    Oversized,
    PartyFacts,
    TokenFacts,
    Unreadable,
)
from mock_momo.core.routes import find
from mock_momo.edge.wire.connections import client_ip
from momo_contracts import resources
from momo_contracts.messages import (
    ApiUserBody,
    MoneyBody,
    NotificationBody,
    PartyBody,
    PayeeOrderBody,
    PayerOrderBody,
    PaymentBody,
    RefundBody,
)
from momo_contracts.operations import Kind, Operation
from momo_contracts.redaction import conceal_target
from momo_contracts.values import canonical_reference_id


def read_call(request: BaseRequest, path: str, query: str, content: bytes | None) -> Call:
    """The facts of a request; `path` is without its namespace prefix, still percent-encoded.

    `content` is None for a body that was too long to read.
    """
    headers = request.headers
    if "%" in path:
        path = unquote(path)
    operation, names = find(request.method, path)
    told = conceal_target(path)
    if told != path:
        names = tuple(map(conceal_target, names))
    is_about = names and (operation is None or "{reference_id}" in operation.path)
    reference_id = headers.get("X-Reference-Id")
    key = headers.get("Ocp-Apim-Subscription-Key")
    if key is None and query:
        key = parse_qs(query).get("subscription-key", [None])[0]
    return Call(  # by position: by name it would cost three times as much
        request.method,
        told,
        operation,
        names,
        canonical_reference_id(names[0]) if is_about else None,
        "Content-Length" in headers or "Transfer-Encoding" in headers,
        Oversized(request.client_max_size)
        if content is None
        else _read_body(operation, content, headers),
        key,
        headers.get("Authorization"),
        reference_id and canonical_reference_id(reference_id),
        headers.get("X-Target-Environment"),
        headers.get("X-Callback-Url"),
        headers.get("X-Mock-Outcome"),
        headers,
        client_ip(request),
    )


def _read_body(
    operation: Operation | None, content: bytes, headers: Mapping[str, str]
) -> BodyFacts:
    if operation is None:
        return None
    if operation.kind is Kind.CREATE_TOKEN:
        return _token_facts(headers) if content else _NO_BODY
    is_create = operation.kind is Kind.CREATE
    read = _ORDERS.get(operation.resource.name) if is_create else _BODIES.get(operation.kind)
    if read is None:
        return None
    if not content:
        return Unreadable("it is empty", is_empty=True)
    try:
        return read(content)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        return Unreadable(f"{where}: {first['msg']}" if where else first["msg"])


def _token_facts(headers: Mapping[str, str]) -> TokenFacts:
    media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return TokenFacts(is_empty=False, is_form=media_type == "application/x-www-form-urlencoded")


def _read_payer_order(content: bytes) -> OrderFacts:
    body = PayerOrderBody.model_validate_json(content)
    return _order(body, _read_party(body.payer))


def _read_payee_order(content: bytes) -> OrderFacts:
    body = PayeeOrderBody.model_validate_json(content)
    return _order(body, _read_party(body.payee))


def _read_refund(content: bytes) -> OrderFacts:
    body = RefundBody.model_validate_json(content)
    return _order(body, None, canonical_reference_id(body.referenceIdToRefund or "") or None)


def _order(
    body: PayerOrderBody | PayeeOrderBody | RefundBody,
    party: PartyFacts | None,
    refunds: str | None = None,
) -> OrderFacts:
    return OrderFacts(
        body.amount,
        body.currency,
        None if body.externalId is None else str(body.externalId),
        party,
        body.payerMessage,
        body.payeeNote,
        refunds,
    )


def _read_payment(content: bytes) -> OrderFacts:
    body = PaymentBody.model_validate_json(content)
    money, external_id = body.money or MoneyBody(), body.externalTransactionId
    return OrderFacts(
        money.amount,
        money.currency,
        None if external_id is None else str(external_id),
        payer_message=body.senderNote,
        payee_note=body.receiverMessage,
    )


def _read_party(body: PartyBody | None) -> PartyFacts | None:
    return None if body is None else PartyFacts(body.partyIdType, body.partyId)


def _read_api_user(content: bytes) -> ApiUserFacts:
    return ApiUserFacts(ApiUserBody.model_validate_json(content).providerCallbackHost)


def _read_notification(content: bytes) -> NotificationFacts:
    return NotificationFacts(NotificationBody.model_validate_json(content).notificationMessage)


_NO_BODY = TokenFacts(is_empty=True, is_form=False)
_BODIES: Mapping[Kind, Callable[[bytes], BodyFacts]] = {
    Kind.CREATE_API_USER: _read_api_user,
    Kind.NOTIFY: _read_notification,
}
_ORDERS: Mapping[str, Callable[[bytes], BodyFacts]] = {
    resources.REQUEST_TO_PAY.name: _read_payer_order,
    resources.REQUEST_TO_WITHDRAW.name: _read_payer_order,
    resources.TRANSFER.name: _read_payee_order,
    resources.DEPOSIT.name: _read_payee_order,
    resources.REFUND.name: _read_refund,
    resources.PAYMENT.name: _read_payment,
}
