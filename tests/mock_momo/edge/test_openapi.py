"""The control API's description of itself: sound OpenAPI 3.1, and exactly the routes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mock_momo.edge.control.router import ROUTES
from tests.mock_momo.edge.wire import Fake

STRUCTURE = {
    "type": "object",
    "required": ["openapi", "info", "paths"],
    "additionalProperties": False,
    "properties": {
        "openapi": {"pattern": r"^3\.1\.\d+$"},
        "info": {"type": "object", "required": ["title", "version"]},
        "servers": {"items": {"required": ["url"]}},
        "security": {"type": "array"},
        "components": {
            "additionalProperties": False,
            "properties": {
                "schemas": {"patternProperties": {r"^[a-zA-Z0-9._-]+$": {"type": "object"}}},
                "securitySchemes": {"additionalProperties": {"required": ["type", "scheme"]}},
            },
        },
        "paths": {
            "propertyNames": {"pattern": "^/"},
            "additionalProperties": {
                "propertyNames": {"enum": ["get", "put", "post", "patch", "delete"]},
                "additionalProperties": {
                    "required": ["operationId", "summary", "responses"],
                    "properties": {
                        "parameters": {
                            "items": {
                                "required": ["name", "in", "schema"],
                                "properties": {"in": {"enum": ["path", "query"]}},
                                "if": {"properties": {"in": {"const": "path"}}},
                                "then": {"required": ["required"]},
                            }
                        },
                        "requestBody": {"required": ["content"]},
                        "responses": {
                            "propertyNames": {"pattern": "^[1-5](XX|[0-9]{2})$"},
                            "additionalProperties": {"required": ["description"]},
                        },
                    },
                },
            },
        },
    },
}
Document = Mapping[str, Any]


@pytest.fixture
async def document(fake: Fake) -> Document:
    answer = await fake.control("GET", "openapi.json")
    assert answer.status == 200
    return answer.json


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path.removeprefix("/"), operation


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for inner in node.values():
            yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def test_it_has_the_structure_of_openapi_3_1(document: Document) -> None:
    Draft202012Validator(STRUCTURE).validate(document)


def test_it_lists_exactly_the_routes_with_their_parameters_and_bodies(document: Document) -> None:
    assert [
        (
            method,
            path,
            operation["summary"],
            [row["name"] for row in operation["parameters"] if row["in"] == "path"],
            [row["name"] for row in operation["parameters"] if row["in"] == "query"],
            "requestBody" in operation,
        )
        for method, path, operation in sorted(operations(document), key=lambda row: row[:2])
    ] == [
        (
            row.method,
            row.path,
            row.summary,
            re.findall(r"\{(\w+)\}", row.path),
            list(row.query),
            row.body is not None,
        )
        for row in sorted(ROUTES, key=lambda row: (row.method, row.path))
    ]


def test_every_reference_leads_somewhere_and_every_schema_is_one(document: Document) -> None:
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    found = {reference.removeprefix("#/components/schemas/") for reference in references(document)}

    assert "Problem" in found
    assert found <= set(schemas)


def test_operation_ids_are_unique(document: Document) -> None:
    identities = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(identities) == len(set(identities))


def test_a_body_says_what_it_takes(document: Document) -> None:
    clock = document["components"]["schemas"]["ClockMessage"]
    assert clock["additionalProperties"] is False
    assert clock["properties"]["action"]["enum"] == ["freeze", "advance", "run", "run_until_idle"]
