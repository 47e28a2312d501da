"""The client without a bug does what the driver protocol asks of it, and loses no money."""

import pytest

from momo_conformance.protocol import Fail, Ok
from tests.mutants.asking import (
    CREATE,
    PAY,
    SETTLED_LATER,
    STATUS,
    TOKEN,
    TRANSFER,
    ask_all,
    calls,
    fault,
    pass_time,
    payment,
    reference_of,
    value,
    wallet,
)
from tests.mutants.conftest import MakeWorld, Start

DAY_S = 24 * 3600


def test_it_introduces_itself(start: Start, make_world: MakeWorld) -> None:
    client = start(make_world()).introduce()
    assert client.has_clock
    assert client.has_ledger


@pytest.mark.parametrize(
    ("view", "operation"),
    [("payment", STATUS), ("request_to_pay", "collection.requesttopay.status")],
)
def test_a_payment_completes_and_is_credited_once(
    start: Start, make_world: MakeWorld, view: str, operation: str
) -> None:
    world = make_world(**SETTLED_LATER)
    driver = start(world, status_view=view)
    paid = value(driver.ask("request_to_pay", **PAY))
    assert paid["state"] == "pending"
    for _ in range(3):
        pass_time(world, driver, 31)
    assert value(driver.ask("status", reference_id=paid["reference_id"]))["state"] == "completed"
    assert wallet(driver) == {"EUR": "12.50"}
    assert len(calls(world, operation)) == 1


def test_a_transfer_that_fails_comes_to_nothing(start: Start, make_world: MakeWorld) -> None:
    world = make_world(outcome="FAILED; reason=PAYEE_NOT_FOUND; after=10s")
    driver = start(world)
    sent = value(driver.ask("transfer", **TRANSFER))
    assert wallet(driver) == {"EUR": "-12.50"}
    pass_time(world, driver, 31)
    ended = value(driver.ask("status", reference_id=sent["reference_id"]))
    assert (ended["state"], ended["code"]) == ("failed", "PAYEE_NOT_FOUND")
    assert wallet(driver) == {"EUR": "0.00"}
    assert len(value(driver.ask("ledger"))["entries"]) == 4


def test_what_was_paid_is_given_back_but_not_more(start: Start, make_world: MakeWorld) -> None:
    driver = start(make_world())
    paid = value(driver.ask("request_to_pay", **PAY))["reference_id"]
    assert value(driver.ask("status", reference_id=paid))["state"] == "completed"
    order = {"reference_id": paid, "currency": "EUR", "deadline_ms": 4000}
    given = value(driver.ask("refund", key="refund-1", amount="10", **order))
    assert value(driver.ask("status", reference_id=given["reference_id"]))["state"] == "completed"
    assert driver.ask("refund", key="refund-2", amount="2.51", **order) == Fail(
        "NOT_REFUNDABLE", None
    )
    assert wallet(driver) == {"EUR": "2.50"}


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"amount": "0"}, "INVALID_AMOUNT"),
        ({"amount": "-1"}, "INVALID_AMOUNT"),
        ({"amount": "NaN"}, "INVALID_AMOUNT"),
        ({"amount": "1e2"}, "INVALID_AMOUNT"),
        ({"amount": "1,5"}, "INVALID_AMOUNT"),
        ({"amount": "1.005"}, "INVALID_AMOUNT"),
        ({"currency": "USD"}, "INVALID_CURRENCY"),
        ({"payer": "0977123456"}, "INVALID_MSISDN"),
        ({"payer": "call me"}, "INVALID_MSISDN"),
    ],
)
def test_what_cannot_be_right_is_never_sent(
    start: Start, make_world: MakeWorld, other: dict[str, str], code: str
) -> None:
    world = make_world()
    assert start(world).ask("request_to_pay", **PAY | other) == Fail(code, None)
    assert calls(world, "*") == []


def test_orders_of_one_key_at_the_same_time_are_one_payment(
    make_world: MakeWorld, start: Start
) -> None:
    world = make_world(**SETTLED_LATER)
    driver = start(world)
    answers = ask_all(driver, [PAY] * 16)
    assert len({reference_of(answer) for answer in answers}) == 1
    assert len(world.payments()) == 1
    assert len(calls(world, CREATE)) == 1


def test_many_at_the_same_time_fetch_one_token(make_world: MakeWorld, start: Start) -> None:
    world = make_world()
    orders = [PAY | {"key": f"order-{n}"} for n in range(16)]
    assert all(isinstance(answer, Ok) for answer in ask_all(start(world), orders))
    assert len(calls(world, TOKEN)) == 1
    assert len(world.payments()) == 16


def test_a_client_killed_in_the_middle_of_a_payment_finds_it_again(
    make_world: MakeWorld, start: Start
) -> None:
    world = make_world(**SETTLED_LATER)
    world.close_gate("paying", "before_reply", {"operation": CREATE}, times=1)
    killed = start(world)
    killed.pose("request_to_pay", **PAY)
    world.wait_held("paying")
    killed.kill()
    world.open_gate("paying")
    driver = start(world, resume=True)
    pass_time(world, driver, 31)
    assert wallet(driver) == {"EUR": "12.50"}
    assert value(driver.ask("request_to_pay", **PAY))["state"] == "completed"
    assert len(calls(world, CREATE)) == 1


def test_a_client_killed_before_the_provider_had_it_sends_the_same_id_again(
    make_world: MakeWorld, start: Start
) -> None:
    world = make_world()
    world.close_gate("paying", "request_received", {"operation": CREATE}, times=1)
    killed = start(world)
    killed.pose("request_to_pay", **PAY)
    (held,) = world.wait_held("paying").held
    killed.kill()
    driver = start(world, resume=True)
    for _ in range(2):
        pass_time(world, driver, 31)
    assert wallet(driver) == {"EUR": "12.50"}
    assert [row.reference_id for row in world.payments()] == [held.reference_id]
    world.open_gate("paying")


def test_a_callback_is_confirmed_before_it_is_believed(make_world: MakeWorld, start: Start) -> None:
    world = make_world(outcome="SUCCESSFUL; after=40s", rules=[fault("callback_lost", CREATE)])
    driver = start(world, callback_url="http://localhost/momo")
    paid = value(driver.ask("request_to_pay", **PAY))["reference_id"]
    callback = {"method": "PUT", "path": f"/{paid}", "body": '{"status":"SUCCESSFUL"}'}
    assert driver.ask("deliver_callback", **callback) == Ok({"status": 200})
    assert driver.ask("clock.advance", ms=0) == Ok({})
    assert (len(calls(world, STATUS)), wallet(driver)) == (1, {})
    pass_time(world, driver, 45)
    world.advance(1)
    for method in ("POST", "PUT"):
        assert driver.ask("deliver_callback", **callback | {"method": method}) == Ok(
            {"status": 200}
        )
    driver.ask("reconcile")
    assert wallet(driver) == {"EUR": "12.50"}


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"path": "/146cd472-45da-42b0-b52f-1f7cbc4960e1"}, 200),
        ({"method": "GET"}, 405),
        ({"body": ""}, 400),
        ({"body": "[]"}, 400),
        ({"body": "[" * 100_000}, 413),
        ({"body": "[" * 60_000}, 400),
        ({"body": '{"status": 1}'}, 400),
        ({"body": "<html>"}, 400),
    ],
)
def test_what_is_no_callback_of_ours_has_no_effect(
    make_world: MakeWorld, start: Start, other: dict[str, str], status: int
) -> None:
    world = make_world()
    driver = start(world)
    paid = value(driver.ask("request_to_pay", **PAY))["reference_id"]
    callback = {"method": "PUT", "path": f"/{paid}", "body": '{"status":"SUCCESSFUL"}'} | other
    assert driver.ask("deliver_callback", **callback) == Ok({"status": status})
    driver.ask("clock.advance", ms=0)
    assert calls(world, STATUS) == []


def test_what_is_pending_for_a_day_fails_once_and_a_late_success_is_for_a_person(
    make_world: MakeWorld, start: Start
) -> None:
    world = make_world(rules=[fault("late_success", CREATE)])
    driver = start(world)
    driver.ask("request_to_pay", **PAY)
    pass_time(world, driver, DAY_S - 1)
    assert payment(driver)["state"] == "pending"
    pass_time(world, driver, 31)
    assert payment(driver)["state"] == "failed"
    assert not payment(driver)["needs_review"]
    pass_time(world, driver, DAY_S)
    assert payment(driver)["needs_review"]
    assert wallet(driver) == {}


def test_the_balance_is_a_plain_decimal(make_world: MakeWorld, start: Start) -> None:
    driver = start(make_world(opening_balance="1000.50"))
    assert value(driver.ask("balance")) == {"available": "1000.5", "currency": "EUR"}
