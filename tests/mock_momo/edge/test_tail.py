"""The live log's lines, by table: what a person reads, and what a machine."""

import json

import pytest

from mock_momo.edge.log.follower import Batch
from mock_momo.edge.log.tail import Tail, as_dim_text, as_json, as_text, lost_as_json, lost_as_text
from momo_contracts.events import (
    EMPTY_BODY,
    NO_HEADERS,
    CallbackAttempted,
    CallbackWithheld,
    ClientAborted,
    ClockMoved,
    Detail,
    Event,
    ExchangeBegan,
    ExchangeEnded,
    FaultConsumed,
    GateHeld,
    GateReleased,
    NamespaceReset,
    PaymentSettled,
    RequestUnparsable,
)

REFERENCE = "7a3e04c1-0000-4000-8000-000000000001"
PAY = "collection.requesttopay.create"
AT_MS = 1_700_000_000_123


def ended(
    status: int, operation: str | None = PAY, rule: str | None = None, why: str | None = None
) -> ExchangeEnded:
    reference_id = REFERENCE if operation == PAY else None
    return ExchangeEnded(
        status, NO_HEADERS, EMPTY_BODY, "wallet", operation, reference_id, rule, why
    )


def attempted(
    status: int | None, attempt: int, problem: str | None = None, next_in_ms: int | None = None
) -> CallbackAttempted:
    return CallbackAttempted(
        REFERENCE, "d", "PUT", "http://u:secret@h/", attempt, 4, EMPTY_BODY, status, None, 3,
        problem, next_in_ms,
    )  # fmt: skip


def began(method: str, target: str, operation: str | None) -> ExchangeBegan:
    return ExchangeBegan(method, target, NO_HEADERS, EMPTY_BODY, "default", operation)


LINES: tuple[tuple[Detail, str], ...] = (
    (ended(202), "<- POST requesttopay 202 ref=7a3e04c1…"),
    (ended(202, rule="slow, odd"), "<- POST requesttopay 202 ref=7a3e04c1… [slow, odd]"),
    (ended(0, rule="hang"), "<- POST requesttopay no reply ref=7a3e04c1… [hang]"),
    (ended(401, why="no key"), "<- POST requesttopay 401 ref=7a3e04c1…\n   no key"),
    (ended(200, "collection.token"), "<- POST token 200"),
    (ended(200, "collection.payment.status"), "<- GET payment 200"),
    (ended(200, "collection.balance"), "<- GET account/balance 200"),
    (ended(201, "apiuser.key"), "<- POST apiuser/apikey 201"),
    (attempted(503, 2, next_in_ms=4000),
     "-> PUT callback 503 (attempt 2/4, next 4 s) ref=7a3e04c1…"),
    (attempted(200, 4), "-> PUT callback 200 (attempt 4/4) ref=7a3e04c1…"),
    (attempted(None, 1, "no answer within 2 s", 1500),
     "-> PUT callback no answer (attempt 1/4, next 1.5 s) ref=7a3e04c1…\n   no answer within 2 s"),
    (CallbackWithheld(REFERENCE, "d", "a fault drops it"),
     "-> callback withheld ref=7a3e04c1…\n   a fault drops it"),
    (GateHeld("g", "before_reply", PAY, REFERENCE),
     "-- gate g holds POST requesttopay at before_reply ref=7a3e04c1…"),
    (GateHeld("g", "request_received", None, None),
     "-- gate g holds a request at request_received"),
    (GateReleased("g", "callback_before_send", "callback", REFERENCE),
     "-- gate g releases callback at callback_before_send ref=7a3e04c1…"),
    (ClockMoved("advanced", 0, 86_400_000_000), "-- clock advanced by 86400000 s"),
    (ClockMoved("frozen", 0, AT_MS), "-- clock frozen at 2023-11-14 22:13:20 UTC"),
    (ClockMoved("real", 0, AT_MS), "-- clock runs from 2023-11-14 22:13:20 UTC"),
    (NamespaceReset(), "-- namespace emptied"),
    (ClientAborted("request body"), "<- client went away: request body"),
    (RequestUnparsable("bad header"), "<- no HTTP 400\n   bad header"),
)  # fmt: skip
SILENT: tuple[Detail, ...] = (
    began("POST", "/collection/v1_0/requesttopay", PAY),
    FaultConsumed("slow", "latency"),
    PaymentSettled(REFERENCE, "SUCCESSFUL", None),
)


def event(detail: Detail, namespace: str = "default", seq: int = 1) -> Event:
    return Event(seq, namespace, AT_MS, AT_MS, detail, 1, 7)


def text(*events: Event, lost: int = 0) -> str:
    return Tail(as_text, lost_as_text).shown(Batch(lost, events)).decode()


def facts(*events: Event, lost: int = 0) -> list[dict[str, object]]:
    lines = Tail(as_json, lost_as_json).shown(Batch(lost, events)).splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(("detail", "line"), LINES, ids=[line for _, line in LINES])
def test_a_person_reads(detail: Detail, line: str) -> None:
    assert text(event(detail)) == f"{line}\n"


@pytest.mark.parametrize("detail", SILENT, ids=lambda row: type(row).__name__)
def test_what_another_line_says_already_is_not_shown(detail: Detail) -> None:
    assert text(event(detail)) == ""


def test_a_namespace_is_named_unless_it_is_the_default() -> None:
    assert text(event(ended(202, rule="r"), "shop")) == (
        "<- POST requesttopay 202 ref=7a3e04c1… ns=shop [r]\n"
    )


def test_what_the_api_does_not_have_is_shown_as_it_was_asked_for_without_its_query() -> None:
    asked = event(began("PATCH", "/nothing?subscription-key=secret", None))
    assert text(asked, event(ended(404, None))) == "<- PATCH /nothing 404\n"


def test_requests_that_never_end_are_forgotten() -> None:
    tail = Tail(as_text, lost_as_text)
    asked = [Event(n, "default", 0, 0, began("GET", f"/{n}", None), 1, n) for n in range(2000)]
    tail.shown(Batch(0, tuple(asked)))
    ends = [Event(n, "default", 0, 0, ended(404, None), 1, n) for n in (0, 1999)]

    assert tail.shown(Batch(0, tuple(ends))) == b"<- request 404\n<- GET /1999 404\n"


def test_nothing_that_a_client_sent_steers_the_terminal() -> None:
    shown = text(
        event(began("GET", "/\x1b[31m\udcff", None)),
        event(ended(404, None, why="\x1b[2J\n\r\u202e")),
    )
    assert shown == "<- GET /?[31m? 404\n   ?[2J???\n"


def test_at_a_terminal_what_explains_is_dim() -> None:
    shown = Tail(as_dim_text, lost_as_text).shown(Batch(0, (event(ended(401, why="no key")),)))
    assert shown.decode().splitlines()[1] == "\x1b[2m   no key\x1b[0m"


def test_what_was_lost_is_said_first() -> None:
    assert text(event(NamespaceReset(), "shop"), lost=1234) == (
        "… 1234 events not shown ns=shop\n-- namespace emptied ns=shop\n"
    )
    assert facts(event(NamespaceReset()), lost=1234)[0] == {
        "namespace": "default", "kind": "lost", "lost": 1234,
    }  # fmt: skip


def test_a_machine_reads_the_facts_of_an_exchange() -> None:
    assert facts(event(ended(401, rule="r", why="no key"), seq=5)) == [
        {
            "at": "2023-11-14T22:13:20.123+00:00", "namespace": "default", "seq": 5,
            "kind": "exchange_ended", "what": "POST requesttopay", "status": 401,
            "operation": PAY, "reference_id": REFERENCE, "rule": "r", "why": "no key",
        }
    ]  # fmt: skip


def test_a_machine_reads_the_facts_of_a_callback_but_not_its_url() -> None:
    row = facts(event(attempted(503, 2, next_in_ms=4000)))[0]
    assert {key: row[key] for key in ("what", "status", "attempt", "attempts", "next_in_ms")} == {
        "what": "PUT callback", "status": 503, "attempt": 2, "attempts": 4, "next_in_ms": 4000,
    }  # fmt: skip
    assert "secret" not in str(row)


def test_bytes_that_are_no_text_do_not_stop_the_machines_log() -> None:
    rows = facts(event(began("GET", "/\udcff", None)), event(ended(404, None, why="\ud800")))
    assert [(row["what"], row["why"]) for row in rows] == [("GET /?", "?")]
