"""The driver, as an examiner sees it: a child process that speaks JSON lines."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from mock_momo.testing import World
from tests.momo_client.wire import Wire

STUCK = "46733123453"
PAID = "46733123499"
REJECTED = "46733123451"
INTERVAL_MS = 30_000

Answer = dict[str, Any]


class Driver:
    """A driver process; `ask` sends one request and reads one line."""

    def __init__(self, world: World, ledger_url: str) -> None:
        self._world = world
        self._ledger_url = ledger_url
        self._ids = 0
        self.now_ms = world.freeze().now_ms
        self.process = subprocess.Popen(
            [sys.executable, "-m", "momo_client.driver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, op: str, **fields: object) -> Answer:
        self._ids += 1
        answer = self.say(json.dumps({"id": self._ids, "op": op} | fields))
        assert answer.pop("id") == self._ids
        return answer

    def say(self, line: str) -> Answer:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        answer: Answer = json.loads(self.process.stdout.readline())
        return answer

    def configure(self, **changes: object) -> Answer:
        world = self._world
        fields = {
            "base_url": world.base_url,
            "api_user": world.api_user,
            "api_key": world.api_key,
            "subscription_key": world.subscription_keys["collection"],
            "target_environment": "sandbox",
            "currency": "EUR",
            "now_ms": self.now_ms,
            "ledger_url": self._ledger_url,
            "resume": False,
            "status_view": "payment",
        }
        return self.ask("configure", **(fields | changes))

    def pay(self, payer: str, **changes: object) -> Answer:
        fields = {"key": "order-7", "amount": "12.5", "currency": "EUR", "payer": payer}
        return self.ask("request_to_pay", **(fields | {"deadline_ms": 4000} | changes))

    def advance(self, milliseconds: int) -> None:
        """The examiner's order: the fake first, then the client."""
        self._world.advance(milliseconds / 1000)
        assert self.ask("clock.advance", ms=milliseconds) == {"ok": {}}

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def driver(world: World, ledger_url: str) -> Iterator[Driver]:
    driver = Driver(world, ledger_url)
    yield driver
    driver.kill()


@pytest.fixture
def configured(driver: Driver) -> Driver:
    assert driver.configure() == {"ok": {}}
    return driver


def test_it_says_who_it_is_and_what_it_can(driver: Driver) -> None:
    said = driver.ask("hello", protocol=1)["ok"]
    assert said["protocol"] == 1
    assert said["client"]["name"] == "momo-client"
    assert said["ops"] == [
        "configure",
        "request_to_pay",
        "status",
        "reconcile",
        "clock.advance",
        "ledger",
    ]
    assert said["caps"] == {
        "clock": "inject",
        "ledger": True,
        "restart": True,
        "reference_id": "library",
    }


def test_payments_are_made_reconciled_and_shown(configured: Driver, world: World) -> None:
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


def test_a_key_is_paid_once_however_often_it_comes(configured: Driver, world: World) -> None:
    first = configured.pay(PAID)
    assert configured.pay(PAID) == first
    assert len(world.payments()) == 1


def test_rounds_that_fall_due_while_time_moves_have_run_when_it_stands(
    configured: Driver, world: World
) -> None:
    sent = configured.pay(STUCK)["ok"]["reference_id"]
    configured.advance(INTERVAL_MS - 1)
    assert "collection.payment.status" not in world.books().calls
    configured.advance(1)
    assert world.books().calls["collection.payment.status"] == 1
    configured.advance(3 * INTERVAL_MS)
    assert world.books().calls["collection.payment.status"] == 2, "missed rounds run as one"
    assert configured.ask("status", reference_id=sent)["ok"]["state"] == "pending"


def test_a_definite_no_is_a_fail_with_its_code(configured: Driver) -> None:
    assert configured.pay(PAID, amount="1.005")["fail"]["code"] == "INVALID_AMOUNT"
    assert configured.pay("12")["fail"]["code"] == "INVALID_MSISDN"
    assert configured.pay(PAID, currency="ZMW")["fail"]["code"] == "INVALID_CURRENCY"
    assert configured.ask("ledger")["ok"]["payments"] == []


def test_a_payment_that_got_no_answer_is_unknown_and_keeps_its_id(
    driver: Driver, wire: Wire
) -> None:
    token = b'{"access_token":"t","token_type":"access_token","expires_in":3600}'
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(token)
    wire.script = [head + token, wire.HANG, wire.RESET]
    driver.configure(base_url=wire.url)
    hung = driver.pay(PAID, deadline_ms=200)["unknown"]
    assert hung["why"] == "timeout"
    reset = driver.pay(PAID, key="order-8")["unknown"]
    assert reset["why"] == "connection lost"
    rows = driver.ask("ledger")["ok"]["payments"]
    assert {row["reference_id"] for row in rows} == {hung["reference_id"], reset["reference_id"]}


def test_without_a_token_a_payment_is_a_fail_and_a_status_unknown(
    configured: Driver, wire: Wire
) -> None:
    sent = configured.pay(PAID)["ok"]["reference_id"]
    configured.configure(base_url=wire.url, resume=True)
    wire.script = [wire.RESET, wire.RESET]
    asked = configured.ask("status", reference_id=sent)
    assert asked == {"unknown": {"reference_id": sent, "why": "NO_ANSWER"}}
    refused = configured.pay(PAID, key="order-8")["fail"]
    assert refused["code"] == "NO_ANSWER"
    states = {
        row["reference_id"]: row["state"] for row in configured.ask("ledger")["ok"]["payments"]
    }
    assert states == {sent: "pending", refused["reference_id"]: "failed"}


def test_a_killed_driver_resumes_with_its_books(
    configured: Driver, world: World, ledger_url: str
) -> None:
    sent = configured.pay(PAID)["ok"]["reference_id"]
    configured.kill()
    successor = Driver(world, ledger_url)
    try:
        successor.configure(resume=True)
        assert successor.ask("reconcile")["ok"]["completed"] == 1
        assert successor.ask("status", reference_id=sent)["ok"]["state"] == "completed"
        successor.configure()
        assert successor.ask("ledger")["ok"] == {"payments": [], "entries": [], "balance": {}}
    finally:
        successor.kill()


def test_the_v1_view_is_examined_the_same_way(driver: Driver, world: World) -> None:
    driver.configure(status_view="request_to_pay")
    driver.pay(PAID)
    assert driver.ask("reconcile")["ok"]["completed"] == 1
    assert world.books().calls["collection.requesttopay.status"] == 1


def test_what_it_does_not_know_or_cannot_read_is_answered_in_kind(driver: Driver) -> None:
    assert driver.ask("transfer") == {"unsupported": True}
    assert driver.ask("ledger")["fail"]["code"] == "BAD_REQUEST"
    for line in ("not json", "[]", "7", '{"op":'):
        assert driver.say(line)["fail"]["code"] == "BAD_REQUEST"
        assert driver.say(line)["id"] is None
    driver.configure()
    assert driver.ask("request_to_pay", key="k")["fail"]["code"] == "BAD_REQUEST"
    assert driver.ask("status", reference_id="x")["fail"]["code"] == "INVALID_REFERENCE"
    unknown = driver.ask("status", reference_id=str(uuid4()))
    assert unknown["fail"]["code"] == "UNKNOWN_REFERENCE"
    assert driver.configure(currency="CFA")["fail"]["code"] == "CONFIGURATION"


def test_it_ends_with_0_on_stop_and_at_the_end_of_its_input(
    configured: Driver, world: World, ledger_url: str
) -> None:
    assert configured.ask("stop") == {"ok": {}}
    assert configured.process.wait() == 0
    other = Driver(world, ledger_url)
    rest, _ = other.process.communicate()
    assert (rest, other.process.returncode) == ("", 0)
