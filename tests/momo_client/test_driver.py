"""The driver, as an examiner sees it: a child process that speaks JSON lines."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest

from mock_momo.testing import World
from momo_client.edge.answers import WAITING
from tests.momo_client.driver_process import DriverProcess, order
from tests.momo_client.examiner import INTERVAL_MS, PAID, REJECTED, STUCK
from tests.momo_client.wire import Wire

CREATE = "collection.requesttopay.create"


@pytest.fixture
def driver(world: World, ledger_url: str) -> Iterator[DriverProcess]:
    driver = DriverProcess(world, ledger_url)
    yield driver
    driver.kill()


@pytest.fixture
def configured(driver: DriverProcess) -> DriverProcess:
    assert driver.configure() == {"ok": {}}
    return driver


def states(driver: DriverProcess) -> dict[str, str]:
    rows = driver.ask("ledger")["ok"]["payments"]
    return {row["reference_id"]: row["state"] for row in rows}


def test_it_says_who_it_is_and_what_it_can(driver: DriverProcess) -> None:
    said = driver.ask("hello", protocol=1)["ok"]
    assert said["protocol"] == 1
    assert said["client"]["name"] == "momo-client"
    assert said["ops"] == [
        "configure",
        "request_to_pay",
        "transfer",
        "refund",
        "status",
        "balance",
        "deliver_callback",
        "reconcile",
        "clock.advance",
        "ledger",
    ]
    assert said["caps"] == {
        "clock": "inject",
        "ledger": True,
        "restart": True,
        "reference_id": "library",
        "concurrency": 16,
    }


def test_requests_are_answered_as_they_come_about(configured: DriverProcess, world: World) -> None:
    world.close_gate("slow", "before_reply", {"external_id": "slow"})
    slow = configured.send("request_to_pay", **order(PAID, key="slow"))
    world.wait_held("slow")
    quick = [configured.send("request_to_pay", **order(PAID, key=f"{n}")) for n in range(15)]
    answers = [configured.receive() for _ in quick]
    assert sorted(answer["id"] for answer in answers) == quick
    assert {answer["ok"]["state"] for answer in answers} == {"pending"}
    world.open_gate("slow")
    assert configured.receive()["id"] == slow


def test_configure_and_stop_wait_until_nothing_else_runs(
    configured: DriverProcess, world: World
) -> None:
    for op in ("configure", "stop"):
        world.close_gate("slow", "before_reply", {"operation": CREATE})
        slow = configured.send("request_to_pay", **order(PAID, key=op))
        world.wait_held("slow")
        fields = configured.configuration() if op == "configure" else {}
        last = configured.send(op, **fields)
        world.open_gate("slow")
        first, second = configured.receive(), configured.receive()
        assert (first["id"], first["ok"]["state"]) == (slow, "pending")
        assert second == {"id": last, "ok": {}}
    assert configured.process.wait() == 0


def test_payments_are_made_reconciled_and_shown(configured: DriverProcess, world: World) -> None:
    for payer in (PAID, REJECTED, STUCK):
        assert configured.pay(payer, key=payer)["ok"]["state"] == "pending"
    assert configured.ask("reconcile") == {
        "ok": {"checked": 3, "completed": 1, "failed": 1, "pending": 1}
    }
    books = configured.ask("ledger")["ok"]
    assert sorted(row["state"] for row in books["payments"]) == ["completed", "failed", "pending"]
    assert {row["key"] for row in books["payments"]} == {PAID, REJECTED, STUCK}
    assert {(row["account"], row["amount"]) for row in books["entries"]} == {
        ("wallet", "12.50"),
        ("parties", "-12.50"),
    }
    assert books["balance"] == {"EUR": "12.50"}
    assert {row["reference_id"] for row in books["payments"]} == {
        row.reference_id for row in world.payments()
    }


def test_a_key_is_paid_once_however_often_it_comes(configured: DriverProcess, world: World) -> None:
    first = configured.pay(PAID)
    assert configured.pay(PAID) == first
    assert len(world.payments()) == 1


def test_rounds_that_fall_due_while_time_moves_have_run_when_it_stands(
    configured: DriverProcess, world: World
) -> None:
    sent = configured.pay(STUCK)["ok"]["reference_id"]
    configured.advance(INTERVAL_MS - 1)
    assert "collection.payment.status" not in world.books().calls
    configured.advance(1)
    assert world.books().calls["collection.payment.status"] == 1
    configured.advance(3 * INTERVAL_MS)
    assert world.books().calls["collection.payment.status"] == 2, "missed rounds run as one"
    assert configured.ask("status", reference_id=sent)["ok"]["state"] == "pending"


def test_a_definite_no_is_a_fail_with_its_code(configured: DriverProcess) -> None:
    assert configured.pay(PAID, amount="1.005")["fail"]["code"] == "INVALID_AMOUNT"
    assert configured.pay("12")["fail"]["code"] == "INVALID_MSISDN"
    assert configured.pay(PAID, currency="ZMW")["fail"]["code"] == "INVALID_CURRENCY"
    assert configured.ask("ledger")["ok"]["payments"] == []


def test_a_payment_that_got_no_answer_is_unknown_and_keeps_its_id(
    driver: DriverProcess, wire: Wire
) -> None:
    token = b'{"access_token":"t","token_type":"access_token","expires_in":3600}'
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(token)
    wire.script = [head + token, wire.HANG, wire.RESET]
    driver.configure(base_url=wire.url)
    hung = driver.pay(PAID, deadline_ms=200)["unknown"]
    assert hung["why"] == "timeout"
    reset = driver.pay(PAID, key="order-8")["unknown"]
    assert reset["why"] == WAITING
    rows = driver.ask("ledger")["ok"]["payments"]
    assert {row["reference_id"] for row in rows} == {hung["reference_id"], reset["reference_id"]}


def test_without_a_token_a_payment_is_a_fail_and_a_status_unknown(
    configured: DriverProcess,
) -> None:
    sent = configured.pay(PAID)["ok"]["reference_id"]
    configured.configure(api_key="a-key-of-somebody-else", resume=True)
    asked = configured.ask("status", reference_id=sent)
    assert asked == {"unknown": {"reference_id": sent, "why": "LOGIN_FAILED"}}
    refused = configured.pay(PAID, key="order-8")["fail"]
    assert refused["code"] == "LOGIN_FAILED"
    assert states(configured) == {sent: "pending", refused["reference_id"]: "failed"}


def test_a_payment_that_waits_for_a_token_in_vain_was_never_sent(
    configured: DriverProcess, wire: Wire
) -> None:
    sent = configured.pay(PAID)["ok"]["reference_id"]
    configured.configure(base_url=wire.url, resume=True)
    wire.script = [wire.RESET] * 100
    assert configured.ask("status", reference_id=sent)["ok"]["state"] == "pending"
    waiting = configured.pay(PAID, key="order-8")["unknown"]["reference_id"]
    for _ in range(4):
        configured.advance(8_000)
    assert states(configured) == {sent: "pending", waiting: "failed"}
    assert all(request.startswith(b"POST /collection/token/ ") for request in wire.requests)


def test_a_killed_driver_resumes_with_its_books(
    configured: DriverProcess, world: World, ledger_url: str
) -> None:
    sent = configured.pay(PAID)["ok"]["reference_id"]
    configured.kill()
    successor = DriverProcess(world, ledger_url)
    try:
        successor.configure(resume=True)
        assert successor.ask("reconcile")["ok"]["completed"] == 1
        assert successor.ask("status", reference_id=sent)["ok"]["state"] == "completed"
        successor.configure()
        assert successor.ask("ledger")["ok"] == {"payments": [], "entries": [], "balance": {}}
    finally:
        successor.kill()


def test_the_v1_view_is_examined_the_same_way(driver: DriverProcess, world: World) -> None:
    driver.configure(status_view="request_to_pay")
    driver.pay(PAID)
    assert driver.ask("reconcile")["ok"]["completed"] == 1
    assert world.books().calls["collection.requesttopay.status"] == 1


def test_what_it_does_not_know_or_cannot_read_is_answered_in_kind(driver: DriverProcess) -> None:
    assert driver.ask("examiner.bogus") == {"unsupported": True}
    assert driver.ask("ledger")["fail"]["code"] == "BAD_REQUEST"
    for line in ("not json", "[]", "7", '{"op":', "\udcff", "[" * 100_000, "{}", '{"op":7}'):
        assert driver.say(line)["fail"]["code"] == "BAD_REQUEST"
        assert driver.say(line)["id"] is None
    driver.configure()
    for request in (
        {"op": "request_to_pay", "key": "k"},
        {"op": "balance", "deadline_ms": "soon"},
        {"op": "configure", "callback_url": 7},
    ):
        assert driver.say(json.dumps(request))["fail"]["code"] == "BAD_REQUEST"
    assert driver.ask("status", reference_id="x")["fail"]["code"] == "INVALID_REFERENCE"
    unknown = driver.ask("status", reference_id=str(uuid4()))
    assert unknown["fail"]["code"] == "UNKNOWN_REFERENCE"
    assert driver.configure(currency="CFA")["fail"]["code"] == "CONFIGURATION"


def test_it_ends_with_0_on_stop_and_at_the_end_of_its_input(
    configured: DriverProcess, world: World, ledger_url: str
) -> None:
    assert configured.ask("stop") == {"ok": {}}
    assert configured.process.wait() == 0
    other = DriverProcess(world, ledger_url)
    other.configure()
    world.close_gate("slow", "request_received", {"operation": CREATE})
    other.send("request_to_pay", **order(PAID))
    world.wait_held("slow")
    rest, _ = other.process.communicate()
    assert (rest, other.process.returncode) == ("", 0)
