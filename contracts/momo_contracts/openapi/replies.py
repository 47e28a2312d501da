"""What each operation may answer: its success, and the rows of `wire_errors` by status."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from momo_contracts import wire_errors
from momo_contracts.openapi.headers import headers
from momo_contracts.openapi.world import Document, reference
from momo_contracts.operations import Authentication, Kind, Operation
from momo_contracts.resources import PAYMENT, REFUND
from momo_contracts.switches import Switches
from momo_contracts.values import Product
from momo_contracts.wire_errors import Layer, WireError

MAY_BE_EMPTY = "x-may-be-empty"
"""Of a response: it comes without a body too, which OpenAPI has no word for."""

_JSON, _HTML = "application/json", "text/html"
_GATEWAY = (
    wire_errors.MISSING_SUBSCRIPTION_KEY,
    wire_errors.INVALID_SUBSCRIPTION_KEY,
    wire_errors.BODY_TOO_LARGE,
    wire_errors.RATE_LIMITED,
)
_BEARER = (wire_errors.INVALID_BEARER, wire_errors.NOT_ALLOWED_TARGET_ENVIRONMENT)
_WALLET: Mapping[Kind, tuple[WireError, ...]] = {
    Kind.CREATE_API_USER: (wire_errors.BAD_REQUEST, wire_errors.DUPLICATE_REFERENCE),
    Kind.READ_API_USER: (wire_errors.BAD_REQUEST, wire_errors.NOT_FOUND),
    Kind.CREATE_API_KEY: (wire_errors.BAD_REQUEST, wire_errors.NOT_FOUND),
    Kind.CREATE_TOKEN: (wire_errors.LOGIN_FAILED,),
    Kind.CREATE: (
        wire_errors.BAD_REQUEST,
        wire_errors.INVALID_PLAN,
        wire_errors.DUPLICATE_REFERENCE,
        wire_errors.EMPTY_BODY,
        wire_errors.INVALID_CALLBACK_URL_HOST,
        wire_errors.INVALID_CURRENCY,
    ),
    Kind.READ_STATUS: (wire_errors.BAD_REQUEST, wire_errors.NOT_FOUND),
    Kind.NOTIFY: (
        wire_errors.BAD_REQUEST,
        wire_errors.NOT_FOUND,
        wire_errors.NOT_SUCCESSFULLY_COMPLETED,
        wire_errors.NOTIFIED_ALREADY,
    ),
    Kind.READ_BALANCE: (wire_errors.BAD_REQUEST, wire_errors.INVALID_CURRENCY),
    Kind.READ_ACTIVE: (
        wire_errors.BAD_REQUEST,
        wire_errors.NOT_FOUND,
        wire_errors.NOT_ALLOWED,
        wire_errors.INTERNAL_PROCESSING_ERROR,
        wire_errors.SERVICE_UNAVAILABLE,
    ),
    Kind.READ_PERSON: (wire_errors.BAD_REQUEST,),
}
_UNWANTED_BODY: Mapping[str, WireError] = {
    "refused": wire_errors.BAD_REQUEST,
    "form_meets_waf": wire_errors.WAF_REJECTED,
}
"""By the switch `token_body`."""

_WORDS: Mapping[str, str] = {
    "missing_subscription_key": "no subscription key",
    "invalid_subscription_key": "a subscription key of somebody or something else",
    "invalid_bearer": "no bearer token, or one that is unknown or expired",
    "login_failed": "API user and key do not belong together",
    "body_too_large": "the body is too large",
    "rate_limited": "too many calls with this subscription key",
    "forbidden": "the caller's address is not on the list",
    "length_required": "a POST that does not say how long it is",
    "bad_request": "a header, the path or the body is not right",
    "mock_invalid_outcome": "the fake's own: X-Mock-Outcome is not right",
    "empty_body": "there is no body",
    "empty_party": "the payer or payee says nothing",
    "notified_already": "the payer has been told already",
    "waf_rejected": "the firewall's page: a form where no body is wanted",
    "resource_already_exist": "the reference id is in use",
    "resource_not_found": "nobody and nothing has this id",
    "invalid_currency": "another currency than this environment's",
    "invalid_callback_url_host": "the callback goes to another host than the registered",
    "not_allowed_target_environment": "another environment, or not for this API user",
    "not_allowed": "not permitted",
    "not_successfully_completed": "the payment has not succeeded",
    "internal_processing_error": "the wallet broke down",
    "service_unavailable": "the wallet is away",
}
_DONE: Mapping[int, str] = {200: "here it is", 201: "it is made", 202: "it was taken"}
_REASON: Document = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "pattern": "^[A-Z_]+$"},
        "message": {"type": "string"},
    },
    "required": ["code", "message"],
    "additionalProperties": False,
}
_PUBLISHED, _MISSION = "payment_status", "payment_status_mission"


def responses(operation: Operation, switches: Switches, links: Document) -> Document:
    """By status, lowest first: what may come."""
    rows: dict[int, list[WireError]] = {operation.success_status: []}
    for status, error in _errors(operation, switches):
        rows.setdefault(status, []).append(error)
    found = {}
    for status in sorted(rows):
        success = operation if status == operation.success_status else None
        found[str(status)] = _response(rows[status], success, switches)
    if links:
        success_status = str(operation.success_status)
        found[success_status] = {**found[success_status], "links": links}
    return found


def schemas_of_replies(
    schemas: Mapping[str, Document], switches: Switches
) -> Mapping[str, Document]:
    """Those of `schemas/`, as narrow as the switches make them."""
    found = {name: _narrowed(schema, switches) for name, schema in schemas.items()}
    whole = found[_PUBLISHED]
    published, text = whole["properties"], whole["properties"]["reason"]["anyOf"][0]
    words = [word for word in published["status"]["enum"] if word not in ("TIMEOUT", "REJECTED")]
    found[_PUBLISHED] = {
        **whole,
        "properties": {**published, "status": {"enum": words}, "reason": _REASON},
    }
    found.update(_callbacks(found["request_to_pay_status"]))
    mission = {key: published[key] for key in ("status", "referenceId")} | {"reason": text}
    found[_MISSION] = {
        **whole,
        "title": _MISSION,
        "description": "A request to pay, in the mission's words.",
        "properties": mission,
        "required": list(mission),
    }
    return found


def _callbacks(status: Document) -> Iterator[tuple[str, Document]]:
    """As a status, without the payer's message; a refund may have no payee."""
    properties = {
        key: value for key, value in status["properties"].items() if key != "payerMessage"
    }
    for party, required in (("payer", ["payer"]), ("payee", [])):
        name = f"{party}_callback"
        yield (
            name,
            {
                **status,
                "title": name,
                "description": "What is told of a payment, once it is final.",
                "properties": {
                    party if key == "payer" else key: value for key, value in properties.items()
                },
                "required": ["amount", "currency", *required, "status"],
            },
        )


def _errors(operation: Operation, switches: Switches) -> Iterator[tuple[int, WireError]]:
    """What the gateway refuses, then the wallet."""
    for row in _GATEWAY:
        yield row.status, row
    if operation.method == "POST":
        yield wire_errors.LENGTH_REQUIRED.status, wire_errors.LENGTH_REQUIRED
    if operation.product in (Product.DISBURSEMENT, Product.REMITTANCE):
        yield wire_errors.FORBIDDEN.status, wire_errors.FORBIDDEN
    if operation.authentication is Authentication.BEARER:
        yield from ((row.status, row) for row in _BEARER)
    for row in _WALLET[operation.kind]:
        is_recorded = row is wire_errors.LOGIN_FAILED and switches.login_error == "recorded_500"
        yield 500 if is_recorded else row.status, row
    unwanted = _UNWANTED_BODY.get(switches.token_body)
    if operation.kind is Kind.CREATE_TOKEN and unwanted is not None:
        yield unwanted.status, unwanted
    if operation.kind is Kind.CREATE and _names_a_party(operation):
        yield wire_errors.EMPTY_PARTY.status, wire_errors.EMPTY_PARTY


def _names_a_party(operation: Operation) -> bool:
    """A refund's payee is known from what it pays back."""
    return bool(operation.resource.party) and operation.resource is not REFUND


def _response(errors: list[WireError], success: Operation | None, switches: Switches) -> Document:
    words = [_WORDS[row.name] for row in errors]
    if success is not None:
        words.insert(0, _DONE[success.success_status])
    schemas: dict[str, list[Document]] = {}
    if success is not None and success.reply_schema is not None:
        schemas[_JSON] = [_success_schema(success, switches)]
    for media_type, schema in _error_schemas(errors):
        schemas.setdefault(media_type, []).append(schema)
    found: dict[str, Any] = {
        "description": "; ".join(dict.fromkeys(words)),
        "headers": headers(errors, success, switches),
    }
    if schemas:
        found["content"] = {
            media_type: {"schema": rows[0] if len(rows) == 1 else {"oneOf": rows}}
            for media_type, rows in schemas.items()
        }
        if any(_is_bare(row) for row in errors):
            found[MAY_BE_EMPTY] = True
    return found


def _success_schema(operation: Operation, switches: Switches) -> Document:
    is_shared = switches.payment_scope == "shared" and switches.payment_status == "mission"
    if operation.resource is PAYMENT and is_shared:
        return {"oneOf": [reference(_PUBLISHED), reference(_MISSION)]}
    return reference(str(operation.reply_schema))


def _error_schemas(errors: Iterable[WireError]) -> Iterator[tuple[str, Document]]:
    rows = list(errors)
    if any(row.layer is Layer.GATEWAY for row in rows):
        yield _JSON, reference("gateway_error")
    if wire_errors.LOGIN_FAILED in rows:
        yield _JSON, reference("login_failed")
    codes = [row.code for row in rows if row.code]
    if codes:
        yield _JSON, {**reference("wallet_error"), "properties": {"code": {"enum": codes}}}
    if any(row.layer is Layer.WAF for row in rows):
        yield _HTML, {"type": "string"}


def _is_bare(error: WireError) -> bool:
    return error.layer is Layer.WALLET and not error.code and not error.message


def _narrowed(schema: Document, switches: Switches) -> Document:
    """A file's schema as a component; a status has `reason` in the shape that is served."""
    properties = dict(schema.get("properties", {}))
    if "reason" in properties and schema["title"] != _PUBLISHED:
        if switches.reason_shape == "object":
            properties["reason"] = _REASON
        elif switches.reason_shape == "absent":
            del properties["reason"]
    kept = {key: value for key, value in schema.items() if key != "$schema"}
    return {**kept, "properties": properties}
