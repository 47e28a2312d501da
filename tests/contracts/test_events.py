import json
from hashlib import sha256
from importlib.resources import files
from typing import get_args

import pytest
from jsonschema import Draft202012Validator

from momo_contracts import events
from momo_contracts.event_wire import to_wire
from momo_contracts.events import (
    BODY_LIMIT,
    EMPTY_BODY,
    KINDS,
    NO_HEADERS,
    Body,
    CallbackAttempted,
    CallbackWithheld,
    ClientAborted,
    ClockMoved,
    Detail,
    DriverAnswered,
    Event,
    ExchangeBegan,
    ExchangeEnded,
    FaultConsumed,
    GateHeld,
    GateReleased,
    NamespaceDescribed,
    NamespaceReset,
    PaymentSettled,
    RawHeaders,
    RequestUnparsable,
)

KEY = b"a key of one run"
SCHEMA = json.loads(files("momo_contracts").joinpath("schemas/event.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
HEADERS = RawHeaders.of([(b"Host", b"x"), (b"X-Odd", b"\xff\x00"), (b"host", b"again")])
BODY = Body.of(b'{"amount":"5"}')

EXAMPLES: tuple[Detail, ...] = (
    ExchangeBegan("GET", "/x?y=1", HEADERS, BODY, "prefix"),
    ExchangeBegan(
        "POST", "/\udcff", NO_HEADERS, EMPTY_BODY, "default", "collection.token", "\udcff"
    ),
    ExchangeEnded(202, HEADERS, EMPTY_BODY, "wallet"),
    ExchangeEnded(
        401, NO_HEADERS, BODY, "gateway", "collection.token", "7a3e", "rule 7", "send a key"
    ),
    ExchangeEnded(0, NO_HEADERS, EMPTY_BODY, "wallet", rule="a reset"),
    ClientAborted("request body"),
    RequestUnparsable("Invalid method encountered"),
    FaultConsumed("rule 7", "reset"),
    ClockMoved("advanced", 1, 60_001),
    NamespaceDescribed("strict", "sandbox", "EUR", "localhost", 3600, "mission", "shared"),
    NamespaceDescribed("mtnghana", "mtnghana", "GHS", "a.example", 0, "published", "separate"),
    NamespaceReset(),
    PaymentSettled("7a3e1c9a-3b5e-4a54-9d5a-111111111111", "SUCCESSFUL", None),
    PaymentSettled("7a3e1c9a-3b5e-4a54-9d5a-111111111111", "FAILED", "EXPIRED"),
    CallbackAttempted("7a3e", "7a3e.1", "PUT", "http://localhost/cb", 1, 4, BODY, 200, BODY, 7),
    CallbackAttempted("7a3e", "7a3e.1", "POST", "http://x", 2, 4, BODY, None, None, 9, "no", 4000),
    CallbackWithheld("7a3e", "7a3e.2", "a fault drops it"),
    GateHeld("g", "before_reply", "collection.token", None),
    GateReleased("g", "before_reply", None, "7a3e"),
    DriverAnswered("status", None, {"ok": True, "list": [1, None, {"deep": "yes"}]}),
)


def _event(detail: Detail, *, connection_id: int | None = 3) -> Event:
    return Event(1, "default", 1_700_000_000_000, 1_700_000_000_001, detail, connection_id, 4)


def test_every_kind_of_detail_has_a_name_an_example_and_a_schema() -> None:
    kinds = set(get_args(Detail))

    assert set(KINDS) == kinds == {type(example) for example in EXAMPLES}
    assert SCHEMA["properties"]["kind"]["enum"] == list(KINDS.values())
    assert [row["$ref"] for row in SCHEMA["oneOf"]] == [
        f"#/$defs/{name}" for name in KINDS.values()
    ]
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_schema_has_exactly_the_fields_of_each_kind(kind: type[Detail]) -> None:
    described = SCHEMA["$defs"][KINDS[kind]]
    names = ["kind", *kind.__dataclass_fields__]

    assert list(described["properties"]) == described["required"] == names


@pytest.mark.parametrize("detail", EXAMPLES, ids=lambda detail: type(detail).__name__)
def test_every_event_is_valid_by_the_schema_and_plain_json(detail: Detail) -> None:
    wire = to_wire(_event(detail), KEY)

    VALIDATOR.validate(wire)
    text = json.dumps(wire, ensure_ascii=False)
    assert json.loads(text.encode()) == wire
    assert wire["kind"] == KINDS[type(detail)]


@pytest.mark.parametrize("detail", EXAMPLES, ids=lambda detail: type(detail).__name__)
def test_the_schema_refuses_what_is_missing_or_unknown(detail: Detail) -> None:
    wire = to_wire(_event(detail), KEY)

    assert not VALIDATOR.is_valid(wire | {"surprise": 1})
    for name in wire:
        assert not VALIDATOR.is_valid({key: row for key, row in wire.items() if key != name}), name


def test_the_envelope_comes_first_and_in_order() -> None:
    wire = to_wire(_event(NamespaceReset(), connection_id=None), KEY)

    assert wire == {
        "v": events.VERSION, "seq": 1, "namespace": "default", "connection_id": None,
        "exchange_id": 4, "at": 1_700_000_000_000, "wall": 1_700_000_000_001,
        "kind": "namespace_reset",
    }  # fmt: skip
    assert list(wire) == SCHEMA["required"]


def test_headers_keep_their_order_spelling_and_bytes() -> None:
    wire = to_wire(_event(ExchangeBegan("GET", "/", HEADERS, EMPTY_BODY, "default")), KEY)

    assert wire["headers"] == [["Host", "x"], ["X-Odd", "\xff\x00"], ["host", "again"]]


def test_a_long_body_keeps_its_head_and_the_length_and_hash_of_all() -> None:
    content = b"a" * BODY_LIMIT + b"the rest"
    body = Body.of(content)

    assert (len(body.head), body.length) == (BODY_LIMIT, len(content))
    assert body.sha256 == sha256(content).hexdigest() != Body.of(content[:BODY_LIMIT]).sha256


def test_a_short_body_is_its_own_head() -> None:
    body = Body.of(b"a" * BODY_LIMIT)

    assert (body.head, body.length) == (b"a" * BODY_LIMIT, BODY_LIMIT)
    assert body.sha256 == sha256(body.head).hexdigest()
    assert EMPTY_BODY.sha256 == sha256().hexdigest()


def test_the_repr_of_an_event_shows_no_raw_field() -> None:
    began = ExchangeBegan(
        "GET", "/?canary", RawHeaders.of([(b"canary", b"canary")]), Body.of(b"canary"), "x"
    )

    assert "canary" not in repr(_event(began))
