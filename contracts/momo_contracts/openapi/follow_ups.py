"""What follows a create: what can be asked with its reference id, and the callback."""

from collections.abc import Iterator

from momo_contracts import resources
from momo_contracts.openapi.world import Document, reference
from momo_contracts.operations import CATALOGUE, Kind, Operation, is_served
from momo_contracts.switches import Switches

_REFERENCE_ID = "$request.header.X-Reference-Id"
_CALLBACK_URL = "{$request.header.X-Callback-Url}"
_ASKING = (Kind.READ_STATUS, Kind.NOTIFY)


def links(operation: Operation, switches: Switches) -> Document:
    """From a create to the operations that take its reference id, by their names."""
    return {
        other.name: {
            "operationId": other.name,
            "parameters": {"path.reference_id": _REFERENCE_ID},
        }
        for other in _followers(operation, switches)
    }


def callbacks(operation: Operation, switches: Switches) -> Document:
    """What is sent to X-Callback-Url, where there is one."""
    if operation.kind is not Kind.CREATE or switches.callback_delivery != "sent":
        return {}
    body = {"required": True, "content": {"application/json": {"schema": _told(operation)}}}
    call = {
        "summary": "the payment is final; it may come twice, or never",
        "security": [],
        "requestBody": body,
        "responses": {"2XX": {"description": "heard"}},
    }
    return {"told": {_CALLBACK_URL: {_method(operation, switches): call}}}


def _followers(operation: Operation, switches: Switches) -> Iterator[Operation]:
    for other in CATALOGUE:
        if "{reference_id}" in other.path and is_served(other, switches):
            if operation.kind is Kind.CREATE_API_USER and other.product is None:
                yield other
            if operation.kind is Kind.CREATE and _shows(other, operation, switches):
                yield other


def _shows(other: Operation, operation: Operation, switches: Switches) -> bool:
    if other.product is not operation.product or other.kind not in _ASKING:
        return False
    is_shared = switches.payment_scope == "shared"
    is_seen_twice = operation.resource is resources.REQUEST_TO_PAY and is_shared
    return other.resource is operation.resource or (
        is_seen_twice and other.resource is resources.PAYMENT
    )


def _method(operation: Operation, switches: Switches) -> str:
    if switches.callback_method == "by_version":
        return "post" if operation.version == 1 else "put"
    return switches.callback_method.lower()


def _told(operation: Operation) -> Document:
    if operation.resource is resources.PAYMENT:
        return reference("payment_status")
    party = operation.resource.party if operation.resource else None
    return reference(f"{party}_callback")
