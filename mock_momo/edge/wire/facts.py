"""From an HTTP request to the facts of a call. Whatever is wrong is kept as a fact, not judged."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, unquote

from aiohttp.web import BaseRequest
from pydantic import ValidationError

from mock_momo.core.calls import (
    ApiUserFacts,
    BodyFacts,
    Call,
    OrderFacts,
    Oversized,
    PartyFacts,
    Unreadable,
)
from mock_momo.core.routes import find
from momo_contracts import operations
from momo_contracts.messages import ApiUserBody, PartyBody, RequestToPayBody
from momo_contracts.operations import Operation
from momo_contracts.redaction import conceal_target
from momo_contracts.values import canonical_reference_id


def read_call(request: BaseRequest, path: str, query: str, content: bytes | None) -> Call:
    """The facts of a request; `path` is without its namespace prefix, still percent-encoded.

    `content` is None for a body that was too long to read.
    """
    headers = request.headers
    if "%" in path:
        path = unquote(path)
    path = conceal_target(path)
    operation, resource_id = find(request.method, path)
    reference_id = headers.get("X-Reference-Id")
    key = headers.get("Ocp-Apim-Subscription-Key")
    if key is None and query:
        key = parse_qs(query).get("subscription-key", [None])[0]
    return Call(  # by position: by name it would cost three times as much
        request.method,
        path,
        operation,
        resource_id and canonical_reference_id(resource_id),
        "Content-Length" in headers or "Transfer-Encoding" in headers,
        Oversized(request.client_max_size) if content is None else _read_body(operation, content),
        key,
        headers.get("Authorization"),
        reference_id and canonical_reference_id(reference_id),
        headers.get("X-Target-Environment"),
        headers.get("X-Callback-Url"),
        headers.get("X-Mock-Outcome"),
        headers,
    )


def _read_body(operation: Operation | None, content: bytes) -> BodyFacts:
    read = _BODIES.get(operation.name) if operation else None
    if read is None:
        return None
    try:
        return read(content)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        return Unreadable(f"{where}: {first['msg']}" if where else first["msg"])


def _read_order(content: bytes) -> OrderFacts:
    body = RequestToPayBody.model_validate_json(content)
    return OrderFacts(
        amount=body.amount,
        currency=body.currency,
        external_id=None if body.externalId is None else str(body.externalId),
        payer=_read_party(body.payer),
        payer_message=body.payerMessage,
        payee_note=body.payeeNote,
    )


def _read_party(body: PartyBody | None) -> PartyFacts | None:
    return None if body is None else PartyFacts(body.partyIdType, body.partyId)


def _read_api_user(content: bytes) -> ApiUserFacts:
    return ApiUserFacts(ApiUserBody.model_validate_json(content).providerCallbackHost)


_BODIES: Mapping[str, Callable[[bytes], BodyFacts]] = {
    operations.CREATE_API_USER.name: _read_api_user,
    operations.REQUEST_TO_PAY.name: _read_order,
}
