"""The control API as an OpenAPI 3.1 document, made of its table of routes."""

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from pydantic.json_schema import models_json_schema

from mock_momo.edge.control.routes import Route

VERSION = "3.1.0"
_PARAMETER = re.compile(r"\{(\w+)\}")
_SCHEMAS = "#/components/schemas/"
_PROBLEM = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string", "description": "What was expected, what to do."}},
}
Document = Mapping[str, Any]


def document(routes: Iterable[Route], prefix: str) -> Document:
    """All routes; `prefix` is where they are on the fake."""
    rows = list(routes)
    bodies = [(row.body, "validation") for row in rows if row.body is not None]
    names, definitions = models_json_schema(bodies, ref_template=_SCHEMAS + "{model}")  # type: ignore[arg-type]  # a list is invariant
    paths: dict[str, dict[str, Document]] = {}
    for row in rows:
        body = None if row.body is None else names[row.body, "validation"]
        paths.setdefault(f"/{row.path}", {})[row.method.lower()] = _operation(row, body)
    return {
        "openapi": VERSION,
        "info": {
            "title": "mock-momo control API",
            "version": version("mock-momo"),
            "description": "For whoever runs the fake, never for the client under test.",
        },
        "servers": [{"url": prefix.rstrip("/")}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": {**definitions.get("$defs", {}), "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(row: Route, body: Document | None) -> Document:
    operation: dict[str, Any] = {
        "operationId": _identity(row),
        "summary": row.summary,
        "parameters": [*_path_parameters(row), *_query_parameters(row)],
        "responses": {
            "2XX": {"description": "done", "content": {row.content_type: {}}},
            "4XX": {
                "description": "what was expected and what to do",
                "content": {"application/json": {"schema": {"$ref": f"{_SCHEMAS}Problem"}}},
            },
        },
    }
    if body is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": body}}}
    return operation


def _identity(row: Route) -> str:
    """`put_namespaces_namespace_rules`."""
    return "_".join([row.method.lower(), *re.findall(r"\w+", row.path)])


def _path_parameters(row: Route) -> list[Document]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(row.path)
    ]


def _query_parameters(row: Route) -> list[Document]:
    return [{"name": name, "in": "query", "schema": {"type": "string"}} for name in row.query]
