"""What the tests of the client have in common: what they ask, and how they look at the fake."""

import shlex
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from mock_momo.testing import World
from momo_conformance.driver import Driver
from momo_conformance.protocol import Answer, Ok, Unknown

CLIENT = Path(__file__).with_name("client")
START_MS = 2_208_988_800_000
CREATE = "collection.requesttopay.create"
STATUS = "collection.payment.status"
TOKEN = "collection.token"
ORDER: dict[str, Any] = {
    "key": "order-1",
    "amount": "12.50",
    "currency": "EUR",
    "deadline_ms": 4000,
}
PAY = ORDER | {"payer": "46733123499"}
TRANSFER = ORDER | {"payee": "46733123499"}
SETTLED_LATER = {"outcome": "SUCCESSFUL; after=10s"}


def command(*bugs: str) -> str:
    """The command line of the client with these bugs."""
    return shlex.join((sys.executable, str(CLIENT), *bugs))


def configuration(world: World, folder: Path, **other: object) -> dict[str, object]:
    """What `configure` needs for a client of this world; `other` replaces some of it."""
    return {
        "base_url": world.base_url,
        "api_user": world.api_user,
        "api_key": world.api_key,
        "subscription_keys": dict(world.subscription_keys),
        "target_environment": world.target_environment,
        "currency": world.currency,
        "now_ms": START_MS,
        "ledger_url": f"sqlite:///{folder / 'ledger.sqlite3'}",
        "resume": False,
        "status_view": "payment",
        "callback_url": None,
        "request_timeout_ms": 2000,
    } | other


def ask_all(driver: Driver, orders: Iterable[Mapping[str, object]]) -> list[Answer]:
    """Orders at the same time; the answers in their order."""
    questions = [driver.pose("request_to_pay", **order) for order in orders]
    return [driver.wait(question) for question in questions]


def value(answer: Answer) -> Any:  # noqa: ANN401  # what the schema of the op allows
    assert isinstance(answer, Ok), answer
    return answer.value


def reference_of(answer: Answer) -> str:
    """The reference id that an answer to an order names."""
    match answer:
        case Ok({"reference_id": str(reference_id)}) | Unknown(str(reference_id)):
            return reference_id
        case _:
            raise AssertionError(f"{answer} names none")


def pass_time(world: World, driver: Driver, seconds: float) -> None:
    world.advance(Decimal(str(seconds)))
    assert driver.ask("clock.advance", ms=int(seconds * 1000)) == Ok({})


def wallet(driver: Driver) -> object:
    return value(driver.ask("ledger"))["balance"]


def payment(driver: Driver) -> Any:  # noqa: ANN401  # a row of the ledger
    """The only payment in the ledger."""
    (row,) = value(driver.ask("ledger"))["payments"]
    return row


def calls(world: World, operation: str) -> list[tuple[str | None, int | None]]:
    """Reference id and status of each exchange of an operation; None when no answer was sent."""
    ended = world.events(kind="exchange_ended", operation=operation)
    return [(event["reference_id"], event["status"]) for event in ended]


def fault(what: str | dict[str, object], operation: str, **other: object) -> dict[str, object]:
    """A rule that lets an operation go wrong."""
    return {"name": "fault", "match": {"operation": operation}, "fault": what, **other}
