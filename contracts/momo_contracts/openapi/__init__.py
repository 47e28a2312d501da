"""The faked API as OpenAPI 3.1 documents, one per product: what is served with these switches.

The `.json` files beside this module are the documents of the profile `sandbox`. What rules and
faults make of a reply is in none of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from momo_contracts.openapi.follow_ups import callbacks, links
from momo_contracts.openapi.headers import HEADERS
from momo_contracts.openapi.replies import responses, schemas_of_replies
from momo_contracts.openapi.requests import (
    PARAMETERS,
    parameters,
    request_body,
    schemas_of_bodies,
)
from momo_contracts.openapi.summaries import summary
from momo_contracts.openapi.world import Document, World
from momo_contracts.operations import CATALOGUE, Authentication, Operation, is_served
from momo_contracts.switches import Switches
from momo_contracts.values import Product, TargetEnvironment

__all__ = ["PRODUCTS", "PROVISIONING", "Document", "document", "operations_of"]

PROVISIONING = "provisioning"
PRODUCTS: tuple[str, ...] = (*Product, PROVISIONING)
"""What there is a document of."""

_OPENAPI, _VERSION = "3.1.0", "1.0.0"
_REFERENCE = "#/components/schemas/"
_SECURITY_SCHEMES: Document = {
    "subscription_key": {
        "type": "apiKey",
        "in": "header",
        "name": "Ocp-Apim-Subscription-Key",
        "description": "Each product has its own; provisioning takes that of any.",
    },
    "subscription_key_in_query": {"type": "apiKey", "in": "query", "name": "subscription-key"},
    "api_user": {"type": "http", "scheme": "basic", "description": "API user and API key."},
    "token": {"type": "http", "scheme": "bearer", "description": "What the token operation gave."},
}
_CREDENTIALS: Mapping[Authentication, Document] = {
    Authentication.NONE: {},
    Authentication.BASIC: {"api_user": []},
    Authentication.BEARER: {"token": []},
}


def document(
    product: str,
    switches: Switches,
    environment: TargetEnvironment,
    schemas: Mapping[str, Document],
    server: str = "/",
) -> Document:
    """The document of one of PRODUCTS; `schemas` are the files in `schemas/`, by their names."""
    world = World(switches, environment)
    paths: dict[str, dict[str, Document]] = {}
    for operation in operations_of(product, switches):
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            operation, world
        )
    known = {**schemas_of_replies(schemas, switches), **schemas_of_bodies(world)}
    return {
        "openapi": _OPENAPI,
        "info": {
            "title": f"mock-momo: {product}",
            "version": _VERSION,
            "description": f"What the fake serves as {environment.name}. It is no document of "
            "MTN's: it says what a client meets here. Rules and faults may answer otherwise.",
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": _used(paths, known),
            "headers": HEADERS,
            "parameters": PARAMETERS,
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }


def operations_of(product: str, switches: Switches) -> Iterator[Operation]:
    """The operations that stand in a product's document."""
    wanted = None if product == PROVISIONING else Product(product)
    return (row for row in CATALOGUE if row.product is wanted and is_served(row, switches))


def _operation(operation: Operation, world: World) -> Document:
    credentials = _CREDENTIALS[operation.authentication]
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": summary(operation),
        "x-provenance": operation.provenance,
        "security": [
            {"subscription_key": [], **credentials},
            {"subscription_key_in_query": [], **credentials},
        ],
        "parameters": parameters(operation, world),
    }
    body = request_body(operation)
    if body is not None:
        described["requestBody"] = body
    described["responses"] = responses(operation, world.switches, links(operation, world.switches))
    called = callbacks(operation, world.switches)
    if called:
        described["callbacks"] = called
    return described


def _used(paths: object, known: Mapping[str, Document]) -> Document:
    """The schemas that are referred to, and those to which they refer, by name."""
    found: set[str] = set()
    looking: list[object] = [paths]
    while looking:
        node = looking.pop()
        if isinstance(node, list):
            looking += node
        elif isinstance(node, Mapping):
            looking += node.values()
            name = str(node.get("$ref", "")).removeprefix(_REFERENCE)
            if name in known and name not in found:
                found.add(name)
                looking.append(known[name])
    return {name: known[name] for name in sorted(found)}
