"""MOMO-SRV-08: every body follows the JSON Schema of its operation."""

import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from momo_conformance.checks.served import courses, is_clean
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.verdicts import Sighting
from momo_contracts.events import BODY_LIMIT
from momo_contracts.operations import Operation
from momo_contracts.resources import PAYMENT
from momo_contracts.wire_errors import Layer

_EMPTY = ""
"""Stands for the schema of no body at all."""

_CALLBACK = "callback"
_REASON: Mapping[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": "^[A-Z_]*$"},
        {
            "type": "object",
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            "required": ["code"],
            "additionalProperties": False,
        },
    ]
}
"""Published as an object, recorded as a text: both are accepted."""


def shaped(history: History) -> Iterator[Sighting]:
    """SRV-08: replies and callbacks have the shape of their operation."""
    for row in history.exchanges:
        if is_clean(row) and len(row.reply.encode(errors="replace")) < BODY_LIMIT:
            yield Sighting((row.began,), _problem_of(row))
    for course in courses(history):
        first = course.first
        if first is None or first.operation is None or not course.is_clean:
            continue
        for delivery in course.deliveries:
            problem = _problem(delivery.body, (_callback_schema(first.operation),))
            told = f"a callback is not as it should be: {problem}" if problem else ""
            yield Sighting((first.began, delivery.position), told)


def _problem_of(row: Exchange) -> str:
    """What is wrong with a reply's body; empty when nothing is."""
    if row.layer == Layer.WAF or 300 <= (row.status or 0) < 400:
        return ""  # a page for people
    problem = _problem(row.reply, _schemas_of(row))
    name = row.operation.name if row.operation else f"{row.method} {row.target[:60]}"
    return f"the body of {name}, {row.status}: {problem}" if problem else ""


def _schemas_of(row: Exchange) -> tuple[str, ...]:
    """The schemas of which the body must follow one."""
    operation = row.operation
    if operation is None or row.layer == Layer.GATEWAY:
        return ("gateway_error",)
    if row.status == operation.success_status:
        return (operation.reply_schema or _EMPTY,)
    login = ("login_failed",) if row.is_token else ()
    return (_EMPTY, "wallet_error", *login)


def _callback_schema(operation: Operation) -> str:
    return operation.resource.status_schema if operation.resource is PAYMENT else _CALLBACK


@lru_cache(maxsize=4096)
def _problem(text: str, schemas: tuple[str, ...]) -> str:
    if not text:
        return "" if _EMPTY in schemas else "it is empty"
    wanted = [name for name in schemas if name != _EMPTY]
    if not wanted:
        return "there should be none"
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return "it is not JSON"
    problems = [_complaint(name, body) for name in wanted]
    return "" if "" in problems else " or ".join(problems)


def _complaint(schema: str, body: object) -> str:
    error = best_match(_validator(schema).iter_errors(body))
    return "" if error is None else f"{error.json_path}: {error.message[:160]} (schema {schema})"


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = _callback() if name == _CALLBACK else _lenient(_file(name))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _callback() -> dict[str, Any]:
    """As a status, whichever the resource; referenceId and payerMessage may be there or not."""
    payer, payee = _lenient(_file("request_to_pay_status")), _file("transfer_status")
    properties = payer["properties"]
    further = {
        "payee": payee["properties"]["payee"],
        "referenceId": {"type": "string"},
    }
    required = ["amount", "currency", "status"]
    return {**payer, "properties": {**properties, **further}, "required": required}


def _lenient(schema: dict[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    if "reason" not in properties:
        return schema
    return {**schema, "properties": {**properties, "reason": _REASON}}


def _file(name: str) -> dict[str, Any]:
    path = files("momo_contracts") / "schemas" / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found
