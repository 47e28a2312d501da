"""Driver protocol 1 as values: what an answer may be, and whether a line follows the schemas.

The schemas are published: `momo_contracts/driver/v1/request.json` and `reply.json`.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from momo_conformance.errors import DriverError

VERSION = 1
Fields = Mapping[str, Any]
"""The fields of a message, as the schema allows them."""


@dataclass(frozen=True, slots=True)
class Ok:
    """It was done; `value` is what came of it, checked against the schema of its op."""

    value: Fields

    def __str__(self) -> str:
        return json.dumps({"ok": self.value})


@dataclass(frozen=True, slots=True)
class Fail:
    """A definite no: it did not happen and will not."""

    code: str
    reference_id: str | None

    def __str__(self) -> str:
        return json.dumps({"fail": asdict(self)})


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have happened."""

    reference_id: str | None
    why: str

    def __str__(self) -> str:
        return json.dumps({"unknown": asdict(self)})


@dataclass(frozen=True, slots=True)
class Unsupported:
    """The driver does not know the op."""

    def __str__(self) -> str:
        return json.dumps({"unsupported": True})


Answer = Ok | Fail | Unknown | Unsupported


def write_request(number: int, op: str, fields: Fields) -> str:
    """The line that asks for `op`. Raises DriverError when it does not follow the schema."""
    request = {"id": number, "op": op, **fields}
    problem = _problem(_request_schema(), request)
    if problem:
        raise DriverError(f"the examiner's own request {op!r} is not of protocol 1: {problem}")
    return json.dumps(request, separators=(",", ":"))


def read_reply(asked: Mapping[int, str], line: str) -> tuple[int, Fields]:
    """The request's id and the reply in a line; `asked` are the ops under way, by id.

    Raises DriverError quoting the line when it answers none of them.
    """
    reply = _read(line)
    number = reply.get("id") if isinstance(reply, dict) else None
    op = asked.get(number, "") if isinstance(number, int) else ""
    problem = _problem(_reply_schema(op), reply)
    if problem:
        raise DriverError(f"{_quoted(line, op)}, which is not a reply of protocol 1: {problem}")
    if not op or not isinstance(number, int):
        known = " or ".join(map(str, asked)) or "none"
        raise DriverError(f"{_quoted(line, op)}; its id must be that of a request: {known}")
    return number, reply


def _read(line: str) -> Any:  # noqa: ANN401  # whatever the line holds
    try:
        reply = json.loads(line)
        json.dumps(reply, ensure_ascii=False).encode()  # a finding may have to show it
    except ValueError:
        raise DriverError(
            f"{_quoted(line)}, which is not JSON in UTF-8; stdout is for protocol lines only: "
            "print everything else to stderr"
        ) from None
    except RecursionError:
        raise DriverError(f"{_quoted(line)}, which is nested too deeply to be read") from None
    return reply


def as_answer(reply: Fields) -> Answer:
    """A reply that has passed its schema, as a value."""
    match reply:
        case {"ok": value}:
            return Ok(_as_object(value))
        case {"fail": told}:
            return Fail(told["code"], told.get("reference_id"))
        case {"unknown": told}:
            return Unknown(told.get("reference_id"), told["why"])
        case _:
            return Unsupported()


def _as_object(value: Any) -> Fields:  # noqa: ANN401  # an object, or [] for an empty one
    """With objects where PHP, which does not tell them apart, has written empty lists."""
    if isinstance(value, list):
        return {}
    return {**value, "balance": {}} if value.get("balance") == [] else value


def _quoted(line: str, op: str = "") -> str:
    asked = f"answered {op!r} with" if op else "wrote"
    return f"the driver {asked} {line.strip()[:200]!r}"


def _problem(schema: Draft202012Validator, message: object) -> str:
    error = best_match(schema.iter_errors(message))
    if error is None:
        return ""
    if error.validator == "oneOf":
        return "it must carry exactly one of ok, fail, unknown and unsupported"
    return f"{error.json_path}: {error.message[:200]}"


@cache
def _request_schema() -> Draft202012Validator:
    return Draft202012Validator(_load("request"))


@cache
def _reply_schema(op: str) -> Draft202012Validator:
    """The reply's schema, its `ok` narrowed to that of the op where there is one."""
    schema = _load("reply")
    if op in schema["$defs"]:
        properties = schema["properties"] | {"ok": {"$ref": f"#/$defs/{op}"}}
        schema = schema | {"properties": properties}
    return Draft202012Validator(schema)


def _load(name: str) -> dict[str, Any]:
    path = files("momo_contracts") / "driver" / "v1" / f"{name}.json"
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema
