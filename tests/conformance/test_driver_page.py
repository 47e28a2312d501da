"""docs/driver.md tells of the protocol as it is."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from momo_conformance.protocol import read_reply, write_request

PAGE = (Path(__file__).parents[2] / "docs" / "driver.md").read_text("utf-8")


def schema_of(name: str) -> dict[str, Any]:
    path = files("momo_contracts") / "driver" / "v1" / f"{name}.json"
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema


def rows_of(table: str) -> list[tuple[str, ...]]:
    text = PAGE.partition(f"<!-- table: {table} -->")[2].partition("<!-- end -->")[0]
    rows = text.strip().splitlines()[2:]
    return [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]


def exchanges() -> Iterator[tuple[str, str]]:
    lines = PAGE.partition("<!-- dialogue -->")[2].split("```")[1].strip().splitlines()[1:]
    return zip(lines[::2], lines[1::2], strict=True)


def names_in(schema: dict[str, Any], op: str) -> list[str]:
    found = schema["$defs"].get(op, {})
    if "$ref" in found:
        found = schema["$defs"][found["$ref"].rpartition("/")[2]]
    return [*found.get("properties", ())]


def test_each_op_is_told_with_the_fields_of_the_schemas() -> None:
    request, reply = schema_of("request"), schema_of("reply")
    told = {row[0].strip("`"): row for row in rows_of("ops")}

    assert told.keys() == request["$defs"].keys() | {"balance", "reconcile", "ledger", "stop"}
    for op, (_, fields, ok, _) in told.items():
        assert re.findall(r"`(\w+)`", fields) == names_in(request, op)
        assert re.findall(r"`(\w+)`", ok) == names_in(reply, op)


@pytest.mark.parametrize("part", ["payments", "entries"])
def test_the_lines_of_the_ledger_are_told_with_their_fields(part: str) -> None:
    fields = schema_of("reply")["$defs"]["ledger"]["properties"][part]["items"]["required"]
    told = PAGE.partition(f"`{part}` ")[2].partition(";")[0]

    assert {f"`{name}`" for name in fields} <= set(re.findall(r"`\w+`", told))


def test_the_dialogue_follows_the_protocol_and_holds_every_op() -> None:
    asked = set()
    for question, answer in exchanges():
        request = json.loads(question.removeprefix("> "))
        number, op = request.pop("id"), request.pop("op")
        assert f"> {write_request(number, op, request)}" == question
        read_reply({number: op}, answer.removeprefix("< "))
        asked.add(op)

    assert asked == {row[0].strip("`") for row in rows_of("ops")} | {"examiner.bogus"}


def test_each_cap_is_told() -> None:
    caps = schema_of("reply")["$defs"]["hello"]["properties"]["caps"]["properties"]
    assert [row[0].strip("`") for row in rows_of("caps")] == [*caps]
