"""The client without a bug does all that the driver protocol asks of it, and loses no money."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mock_momo.testing import World
from momo_conformance.driver import Driver
from momo_conformance.protocol import Answer, Ok
from tests.mutants.conftest import MakeWorld, command, configuration

DAY_S = 24 * 3600
PAY: dict[str, Any] = {
    "key": "order-1",
    "amount": "12.50",
    "currency": "EUR",
    "payer": "46733123499",
    "deadline_ms": 4000,
}
TRANSFER = {name: value for name, value in PAY.items() if name != "payer"} | {
    "payee": "46733123499"
}
SUCCEEDS_LATER = {"outcome": "SUCCESSFUL; after=10s"}
Start = Callable[..., Driver]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a configured client of a world."""
    drivers: list[Driver] = []

    def start_one(world: World, *bugs: str, **other: object) -> Driver:
        drivers.append(Driver(command(*bugs)))
        drivers[-1].ask("configure", **configuration(world, tmp_path, **other))
        return drivers[-1]

    yield start_one
    for driver in drivers:
        driver.stop()


def value(answer: Answer) -> Any:  # noqa: ANN401  # what the schema of the op allows
    assert isinstance(answer, Ok), answer
    return answer.value


def pass_time(world: World, driver: Driver, seconds: float) -> None:
    world.advance(Decimal(str(seconds)))
    assert driver.ask("clock.advance", ms=int(seconds * 1000)) == Ok({})


def wallet(driver: Driver) -> object:
    return value(driver.ask("ledger"))["balance"]


def calls(world: World, operation: str) -> list[tuple[str | None, int]]:
    """Reference id and status of each exchange of an operation, in order."""
    ended = world.events(kind="exchange_ended", operation=operation)
    return [(event["reference_id"], event["status"]) for event in ended]


def fault(name: str, operation: str, **other: object) -> dict[str, object]:
    return {"name": name, "match": {"operation": operation}, "fault": name, **other}


def test_it_introduces_itself(start: Start, make_world: MakeWorld) -> None:
    client = start(make_world()).introduce()
    assert client.has_clock
    assert client.has_ledger


def test_a_payment_completes_and_is_credited_once(start: Start, make_world: MakeWorld) -> None:
    world = make_world(**SUCCEEDS_LATER)
    driver = start(world)
    paid = value(driver.ask("request_to_pay", **PAY))
    assert paid["state"] == "pending"
    for seconds in (31, 31, 31):
        pass_time(world, driver, seconds)
    assert value(driver.ask("status", reference_id=paid["reference_id"]))["state"] == "completed"
    assert wallet(driver) == {"EUR": "12.50"}
    assert len(calls(world, "collection.request_to_pay_status")) <= 1


def test_a_transfer_that_fails_comes_to_nothing(start: Start, make_world: MakeWorld) -> None:
    world = make_world(outcome="FAILED; reason=PAYEE_NOT_FOUND; after=10s", opening_balance="100")
    driver = start(world)
    sent = value(driver.ask("transfer", **TRANSFER))
    assert wallet(driver) == {"EUR": "-12.50"}
    pass_time(world, driver, 31)
    ended = value(driver.ask("status", reference_id=sent["reference_id"]))
    assert (ended["state"], ended["code"]) == ("failed", "PAYEE_NOT_FOUND")
    assert wallet(driver) == {"EUR": "0.00"}
    assert len(value(driver.ask("ledger"))["entries"]) == 4
