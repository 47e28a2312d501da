"""Whatever is sent, answered and told in callbacks, no check raises."""

import json
import math
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from momo_conformance.engine import Tally
from momo_conformance.history import History
from momo_conformance.plans import Settings
from momo_contracts.operations import OPERATIONS, Kind
from tests.conformance.checks.histories import ID, Json, Story

NUMBERS = ("NaN", "sNaN", "Infinity", "-Infinity", "1E+30", "1E-30", "9E+999999999999", "1_0", "٣")
ODD: tuple[object, ...] = (
    *(*NUMBERS, "²", "9" * 5000, math.inf, math.nan, 1e300, 10**4000),
    *(True, None, [1], {"a": []}, {"code": [1]}),
)
WORDS = ("SUCCESSFUL", "FAILED", "PENDING", "EUR", "UGX", "MSISDN", "order-1", ID, *NUMBERS)
PARTY = {"partyIdType": "MSISDN", "partyId": "46733123499"}
ORDER = {"amount": "10", "currency": "EUR", "externalId": "order-1", "payer": PARTY}
SHOWN = {**ORDER, "status": "SUCCESSFUL", "referenceId": ID, "reason": "", "code": "NOT_ALLOWED"}
TOKEN = {"access_token": "fp:1", "token_type": "access_token", "expires_in": 3600}
HEADERS = {
    "Authorization": "Bearer fp:1",
    "Ocp-Apim-Subscription-Key": "fp:00000000000000bb",
    "X-Target-Environment": "sandbox",
    "X-Reference-Id": ID,
    "X-Callback-Url": "https://localhost/callback",
    "Content-Type": "application/json",
    "Retry-After": "60",
}
PAYER: Json = {"key": "order-1", "amount": "10", "currency": "EUR", "payer": "46733123499"}
CALLS: dict[str, tuple[str, Json]] = {
    "pay": ("request_to_pay", PAYER),
    "pay too much": ("request_to_pay", {**PAYER, "amount": "1E+30"}),
    "ask": ("status", {"reference_id": ID}),
    "check": ("reconcile", {}),
    "wait": ("clock.advance", {"ms": 31_000}),
}

texts = st.sampled_from(WORDS) | st.text(max_size=8) | st.sampled_from(("\ud800", "²", "9" * 5000))
leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.sampled_from(([], ["SUCCESSFUL"], {}, {"code": [1]}, [[[]]])) | st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=4,
)
BOOKS: Json = {
    "payments": [
        {"reference_id": ID, "key": "order-1", "state": "completed"}
        | {"amount": "10", "currency": "EUR"}
    ],
    "entries": [{"reference_id": ID, "account": "wallet", "amount": "10", "currency": "EUR"}],
    "balance": {"EUR": "10"},
}
PAID = ("collection.token", "collection.requesttopay.create")
USUAL = (
    *("collection.payment.status", "collection.requesttopay.status", "collection.balance"),
    *("disbursement.transfer.create", *PAID),
)


def strange(usual: Json) -> st.SearchStrategy[str]:
    """An object in which some values are other ones, and some keys are there twice; or none."""
    names = st.sampled_from((*usual, "payee", "money", "financialTransactionId", "statusCode"))
    rows = st.lists(st.tuples(names, values), min_size=1, max_size=3)
    told = rows.map(lambda more: _written((*usual.items(), *more)))
    return told | values.map(json.dumps) | st.sampled_from(("", "[" * 20_000, "<html>", "\ud800"))


def _written(rows: Iterable[tuple[str, object]]) -> str:
    return "{" + ", ".join(f'"{name}": {json.dumps(value)}' for name, value in rows) + "}"


def usual_exchange(name: str) -> Json:
    """An exchange as it should be."""
    operation = OPERATIONS[name]
    is_create = operation.kind is Kind.CREATE
    return {
        "operation": name,
        "method": operation.method,
        "target": operation.path.replace("{reference_id}", ID),
        "headers": HEADERS,
        "reference_id": ID if is_create or "{" in operation.path else None,
        "status": operation.success_status,
        "body": ORDER if is_create else None,
        "reply": None if is_create else TOKEN if operation.kind is Kind.CREATE_TOKEN else SHOWN,
    }


@st.composite
def exchanges(draw: st.DrawFn) -> Json:
    """The parts of an exchange, as `Story.exchange` takes them: two of them at most are strange."""
    usual = usual_exchange(draw(st.sampled_from(USUAL) | st.sampled_from(tuple(OPERATIONS))))
    parts: dict[str, st.SearchStrategy[object]] = {
        "operation": st.sampled_from((None, *OPERATIONS)),
        "target": st.sampled_from((f"{usual['target']}?%zz", "//[", "")) | texts,
        "headers": st.dictionaries(st.sampled_from(tuple(HEADERS)), texts).map(HEADERS.__or__),
        "reply_headers": texts.map(lambda text: (("Retry-After", text),)),
        "body": strange(ORDER),
        "reply": strange(usual["reply"] or SHOWN),
        "status": st.sampled_from((0, 200, 400, 401, 404, 409, 429, 500, 503)),
        "fault": st.sampled_from(("hang", "lose_reply", "huge_body", "altered_body", "redirect")),
        "layer": st.sampled_from(("gateway", "waf")),
    }
    odd = draw(st.lists(st.sampled_from(("reply", "reply", "body", *parts)), max_size=2))
    return usual | {part: draw(parts[part]) for part in odd}


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Of a client that is asked through a driver, or of one that is not."""
    story = Story(Settings(locale=draw(st.sampled_from(("", "fr_FR")))))
    does = st.sampled_from(("traffic", "callback", "ledger", *CALLS))
    _tell(story, draw(st.sampled_from(("pay", "traffic"))), list(map(usual_exchange, PAID)), "")
    for what in draw(st.lists(does, min_size=1, max_size=6)):
        rows = draw(st.lists(exchanges(), max_size=4))
        _tell(story, what, rows, draw(strange(SHOWN)))
        story.later(draw(st.sampled_from((0, 31, 90_000))))
    return story.history()


def deliver(story: Story, body: str) -> None:
    """The fake tries to hand a callback over."""
    told = {"head": body, "length": len(body), "sha256": ""}
    place: Json = {"connection_id": None, "exchange_id": None, "reference_id": ID}
    answer: Json = {"method": "PUT", "url": "x", "status": 200, "latency_ms": 1}
    story.fake("callback_attempted", **place, **answer, body=told)


def _tell(story: Story, what: str, rows: list[Json], body: str) -> None:
    """What is sent when a client is asked for something, or when it is not."""
    if what == "traffic":
        for row in rows:
            story.exchange(**row)
        deliver(story, body)
        return
    op, fields = CALLS.get(what, (what, {}))
    if what == "callback":
        op, fields = "deliver_callback", {"method": "POST", "path": "/", "body": body}
    with story.call(op, about=ID if what == "callback" else None, **fields) as call:
        for row in rows:
            story.exchange(**row)
        match what:
            case "callback":
                call.ok(status=200)
            case "ledger":
                call.ok(**BOOKS)
            case _:
                call.ok(reference_id=ID, state="completed")


@settings(max_examples=60, deadline=None)
@given(histories())
def test_no_traffic_makes_a_check_raise(history: History) -> None:
    Tally().add(history)  # which judges it, and puts each breach into words


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
def test_no_value_makes_a_check_raise(odd: object) -> None:
    story = Story(Settings())
    with story.call("request_to_pay", **PAYER | {"amount": str(odd)}) as call:
        bearer = story.token(expires_in=odd)
        story.create("order-1", bearer=bearer, order={"amount": odd})
        call.ok(reference_id=ID, state="pending")
    for shown in (SHOWN | {"amount": odd}, SHOWN | {"status": odd}, SHOWN | {"reason": odd}):
        told: Json = {"method": "POST", "path": "/", "body": json.dumps(shown)}
        with story.call("deliver_callback", about=ID, **told) as call:
            story.read("", bearer=bearer, reply=shown)
            call.ok(status=200)
        deliver(story, told["body"])
    with story.call("reconcile") as call:
        story.read("", bearer=bearer, status=429, reply_headers=(("Retry-After", str(odd)),))
        story.later(60)
        story.read("", bearer=bearer, reply={})
        call.ok(checked=1, completed=0, failed=0, pending=1)
    with story.call("ledger") as call:
        call.ok(**BOOKS)
    Tally().add(story.history())
