"""Every reply against the JSON Schema of its operation, or of its layer's errors."""

import json
from functools import cache
from importlib.resources import files

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from momo_conformance.history import Exchange
from momo_contracts.operations import CREATE_TOKEN


def problem_of(exchange: Exchange) -> str:
    """What is wrong with the reply's body; empty when nothing is."""
    if not exchange.body:
        return "" if None in _schemas_of(exchange) else "the body is empty"
    if exchange.layer == "waf":
        return ""  # a page for people
    try:
        body = json.loads(exchange.body)
    except ValueError:
        return "the body is not JSON"
    problems = [_problem(schema, body) for schema in _schemas_of(exchange) if schema is not None]
    return "" if "" in problems else " or ".join(problems) or "the body should be empty"


def _schemas_of(exchange: Exchange) -> tuple[str | None, ...]:
    """The schemas of which the body must follow one; None allows an empty body."""
    operation = exchange.operation
    if operation is not None and exchange.status == operation.success_status:
        return (operation.reply_schema,)
    if exchange.layer == "gateway":
        return ("gateway_error",)
    login = ("login_failed",) if operation is CREATE_TOKEN else ()
    return (None, "wallet_error", *login)


def _problem(schema: str, body: object) -> str:
    error = best_match(_validator(schema).iter_errors(body))
    return "" if error is None else f"{schema}: {error.json_path}: {error.message[:200]}"


@cache
def _validator(schema: str) -> Draft202012Validator:
    path = files("momo_contracts") / "schemas" / f"{schema}.json"
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(json.loads(path.read_text("utf-8")), format_checker=checker)
