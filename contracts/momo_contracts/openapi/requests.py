"""What a request may be: whatever these parameters and bodies allow, the fake takes.

It takes more where it is lenient; with strict validation it refuses what is not allowed here.
"""

from collections.abc import Mapping
from typing import Any

from momo_contracts import resources
from momo_contracts.openapi.world import Document, World, reference
from momo_contracts.operations import Authentication, Kind, Operation
from momo_contracts.values import (
    HOLDER_TYPES,
    MSISDN_FORM,
    NOTIFICATION_LENGTH,
    UUID4_FORM,
    UUID_FORM,
)

_REFERENCE_ID: Document = {"type": "string", "format": "uuid", "pattern": f"^{UUID4_FORM}$"}
_SOME_TEXT: Document = {"type": "string", "minLength": 1}
_FORMS: Mapping[str, str] = {
    "MSISDN": f"^{MSISDN_FORM}$",
    "EMAIL": "^[!-?A-~]{1,64}@[!-?A-~]{1,190}$",
    "PARTY_CODE": f"^{UUID_FORM}$",
}
_WITHOUT_FORM = ("ALIAS", "ID")
_CALLBACK_URLS: Mapping[str, Document] = {
    "any": {"type": "string", "format": "uri"},
    "http": {"type": "string", "pattern": "^http://[!-~]+$"},
    "https": {"type": "string", "pattern": "^https://[!-~]+$"},
}

PARAMETERS: Document = {
    "X-Mock-Outcome": {
        "name": "X-Mock-Outcome",
        "in": "header",
        "schema": {"type": "string"},
        "examples": {"later": {"value": "SUCCESSFUL; after=30s"}},
        "description": "The fake's own: what becomes of this payment. No operation lists it, so "
        "that no client made from this document has it.",
    }
}

_BODIES: Mapping[str, str] = {
    resources.REQUEST_TO_PAY.name: "payer_order",
    resources.REQUEST_TO_WITHDRAW.name: "payer_order",
    resources.TRANSFER.name: "payee_order",
    resources.DEPOSIT.name: "payee_order",
    resources.REFUND.name: "refund_order",
    resources.PAYMENT.name: "payment_order",
}
"""By resource: the schema of what creates one."""


def parameters(operation: Operation, world: World) -> list[Document]:
    """Of the path, in its order, then the headers."""
    found = [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in _in_path(operation, world).items()
        if f"{{{name}}}" in operation.path
    ]
    return [*found, *_headers(operation, world)]


def request_body(operation: Operation) -> Document | None:
    """The body, for an operation that reads one."""
    name = _body_name(operation)
    if name is None:
        return None
    return {"required": True, "content": {"application/json": {"schema": reference(name)}}}


def schemas_of_bodies(world: World) -> Mapping[str, Document]:
    """All of them, by name. Keys that are not listed are not looked at."""
    order, text = _order(world), _note(world)
    return {
        "payer_order": _object({**order, "payer": reference("party")}, ("payer",)),
        "payee_order": _object({**order, "payee": reference("party")}, ("payee",)),
        "refund_order": _object(
            {**order, "referenceIdToRefund": _REFERENCE_ID}, ("referenceIdToRefund",)
        ),
        "payment_order": {
            "type": "object",
            "properties": {
                "externalTransactionId": order["externalId"],
                "money": _object({key: order[key] for key in ("amount", "currency")}, ()),
                "receiverMessage": text,
                "senderNote": text,
            },
            "required": ["money"],
        },
        "party": _strict_party() if world.is_strict else _party(),
        "notification": {
            "type": "object",
            "description": "A header of the same name is taken in its stead.",
            "properties": {"notificationMessage": {**_SOME_TEXT, "maxLength": NOTIFICATION_LENGTH}},
            "required": ["notificationMessage"],
        },
        "new_api_user": {
            "type": "object",
            "properties": {"providerCallbackHost": _SOME_TEXT},
            "required": ["providerCallbackHost"],
        },
    }


def _body_name(operation: Operation) -> str | None:
    if operation.kind is Kind.CREATE:
        return _BODIES[operation.resource.name]
    if operation.kind is Kind.NOTIFY:
        return "notification"
    return "new_api_user" if operation.kind is Kind.CREATE_API_USER else None


def _in_path(operation: Operation, world: World) -> Mapping[str, Document]:
    """What an account holder's id may be depends on its type, where the path has none."""
    is_number = world.is_strict and "/msisdn/{holder_id}" in operation.path
    return {
        "reference_id": _REFERENCE_ID,
        "holder_type": {"enum": list(HOLDER_TYPES)},
        "holder_id": {
            "type": "string",
            "pattern": _FORMS["MSISDN"] if is_number else "^[^/]+$",
        },
        "currency": {"enum": [world.environment.currency.code]},
    }


def _headers(operation: Operation, world: World) -> list[Document]:
    found: list[Document] = []
    if operation.authentication is Authentication.BEARER:
        ours = {"enum": [world.environment.name]}
        found.append(_header("X-Target-Environment", ours, required=True))
    if operation.creates:
        found.append(_header("X-Reference-Id", _REFERENCE_ID, required=True))
    if operation.kind is Kind.CREATE:
        found.append(
            _header("X-Callback-Url", _CALLBACK_URLS[world.switches.callback_scheme])
            | {"description": "Its host is that which the API user registered."}
        )
    return found


def _header(name: str, schema: Document, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": schema}


def _object(properties: Document, required: tuple[str, ...]) -> Document:
    """Of money and something else."""
    return {
        "type": "object",
        "properties": properties,
        "required": ["amount", "currency", *required],
    }


def _order(world: World) -> dict[str, Any]:
    currency = world.environment.currency
    decimals = currency.scale if world.is_strict else 18
    fraction = rf"(\.[0-9]{{1,{decimals}}})?" if decimals else ""
    return {
        "amount": {
            "type": "string",
            "pattern": f"^(?=[0.]*[1-9])[0-9]{{1,30}}{fraction}$",
        },
        "currency": {"enum": [currency.code]},
        "externalId": {"type": ["string", "integer", "null"]},
        "payerMessage": _note(world),
        "payeeNote": _note(world),
    }


def _note(world: World) -> Document:
    return {"type": ["string", "null"], "maxLength": int(world.switches.note_length)}


def _party() -> Document:
    return {
        "type": "object",
        "properties": {"partyIdType": _SOME_TEXT, "partyId": _SOME_TEXT},
        "required": ["partyIdType", "partyId"],
    }


def _strict_party() -> Document:
    kinds: list[tuple[Document, Document]] = [
        ({"const": kind}, {"type": "string", "pattern": form}) for kind, form in _FORMS.items()
    ]
    kinds.append(({"enum": list(_WITHOUT_FORM)}, _SOME_TEXT))
    return {
        "oneOf": [
            {
                "type": "object",
                "properties": {"partyIdType": kind, "partyId": form},
                "required": ["partyIdType", "partyId"],
            }
            for kind, form in kinds
        ]
    }
