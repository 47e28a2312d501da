"""The headers of replies: those that always come, and those that come with some of the bodies."""

from collections.abc import Mapping, Sequence

from momo_contracts import wire_errors
from momo_contracts.openapi.world import Document
from momo_contracts.operations import Kind, Operation
from momo_contracts.resources import PAYMENT
from momo_contracts.switches import Switches
from momo_contracts.wire_errors import Layer, WireError

_TEXT: Document = {"type": "string", "minLength": 1}
HEADERS: Mapping[str, Document] = {
    "WWW-Authenticate": {"required": True, "schema": _TEXT},
    "Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}},
    "Request-Context": {"required": True, "schema": _TEXT},
    "X-XSS-Protection": {"required": True, "schema": _TEXT},
    "Cache-Control": {"required": True, "schema": _TEXT},
    "Pragma": {"required": True, "schema": _TEXT},
    "X-Mock-Fidelity": {"required": False, "schema": {"const": "mission"}},
    "X-Mock-Why": {
        "required": False,
        "schema": _TEXT,
        "description": "The fake's own: what was wrong, what was wanted.",
    },
}
_OF_WALLET = ("Request-Context", "X-XSS-Protection")
_NO_STORE = ("Cache-Control", "Pragma")


def headers(errors: Sequence[WireError], success: Operation | None, switches: Switches) -> Document:
    """Of all replies with one status; those that each of them has are required."""
    rows = [_of_error(row) for row in errors]
    optional = ["X-Mock-Why"] if rows or success is None or success.creates else []
    if success is not None:
        rows.append(_of_success(success))
        if success.resource is PAYMENT and switches.payment_scope == "shared":
            optional.append("X-Mock-Fidelity")
    listed = dict.fromkeys([*(name for row in rows for name in row), *optional])
    return {name: _header(name, is_sure=all(name in row for row in rows)) for name in listed}


def _header(name: str, *, is_sure: bool) -> Document:
    """A header by its name; one that comes with some of the replies only is not required."""
    if is_sure or not HEADERS[name]["required"]:
        return {"$ref": f"#/components/headers/{name}"}
    return {**HEADERS[name], "required": False}


def _of_success(operation: Operation) -> tuple[str, ...]:
    if operation.kind is Kind.CREATE_TOKEN:
        return (*_OF_WALLET, *_NO_STORE)
    return _OF_WALLET


def _of_error(error: WireError) -> tuple[str, ...]:
    if error is wire_errors.LOGIN_FAILED:
        return (*_OF_WALLET, *_NO_STORE)
    if error.layer is Layer.WALLET:
        return _OF_WALLET
    if error.layer is Layer.WAF:
        return _NO_STORE if error is wire_errors.WAF_REJECTED else ()
    if error.status == 401:
        return ("WWW-Authenticate",)
    return ("Retry-After",) if error is wire_errors.RATE_LIMITED else ()
