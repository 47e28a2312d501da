"""A fake for the whole run, and for each test a world, a ledger and a wire of its own."""

import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from mock_momo.testing import Control, World, running_fake
from momo_client import Ledger, ManualClock, Payment, Settings
from momo_client.core.payments import DEADLINE_MS
from momo_contracts.operations import REQUEST_TO_PAY
from momo_contracts.values import Money, Msisdn
from tests.momo_client import secrets
from tests.momo_client.wire import Wire

secrets.watch()

NOW_MS = 1_800_000_000_000

SecondSettings = Callable[..., Settings]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None]:
    secrets.forget()
    yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Generator[None]:
    """While its ledger is open, a test's write-ahead log and its database are still there."""
    yield
    secrets.note_files(item.funcargs.get("tmp_path"), "*-wal")
    secrets.note_database(item.funcargs.get("postgres_url"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test fails during which a secret came out somewhere."""
    report = yield
    if call.when == "teardown" and report.passed:
        secrets.note("what it printed", report.capstdout + report.capstderr)
        secrets.note_files(item.funcargs.get("tmp_path"))
        if places := secrets.found():
            report.outcome = "failed"
            report.longrepr = f"a secret was found in: {', '.join(places)}"
    return report


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the person who runs the tests has set must not configure the client."""
    for name in os.environ:
        if name.startswith("MTN_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def fake() -> Iterator[Control]:
    with running_fake() as control:
        yield control


@pytest.fixture
def world(fake: Control) -> World:
    """A namespace of its own, its clock standing still."""
    world = fake.namespace(f"client-{uuid4().hex[:12]}")
    world.freeze()
    secrets.keep(world.api_key, *world.subscription_keys.values())
    return world


@pytest.fixture
def clock(world: World) -> ManualClock:
    """The client's clock, set to the world's."""
    return ManualClock(world.freeze().now_ms)


@pytest.fixture
def ledger_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    ledger = Ledger.create(ledger_url)
    yield ledger
    ledger.close()


@pytest.fixture
def settings(world: World, ledger_url: str) -> Settings:
    return settings_for(world, ledger_url=ledger_url)


def settings_for(world: World, **changes: Any) -> Settings:  # noqa: ANN401  # any setting
    values = {
        "base_url": world.base_url,
        "api_user": world.api_user,
        "api_key": world.api_key,
        "subscription_key": world.subscription_keys["collection"],
        "disbursement_subscription_key": world.subscription_keys["disbursement"],
        "remittance_subscription_key": world.subscription_keys["remittance"],
        "target_environment": world.target_environment,
        "currency": world.currency,
    }
    return Settings(**(values | changes))


@pytest.fixture
def changed_settings(world: World) -> SecondSettings:
    """Settings for the world, with some of them changed."""
    return lambda **changes: settings_for(world, **changes)


@pytest.fixture
def new_payment() -> Callable[..., Payment]:
    """Payments as the ledger first gets them, with some fields changed."""

    def make(**changes: Any) -> Payment:  # noqa: ANN401  # any field
        payment = Payment(
            operation=REQUEST_TO_PAY,
            reference_id=str(uuid4()),
            external_id=f"order-{uuid4()}",
            money=Money.of("12.50", "EUR"),
            msisdn=Msisdn("46733123499"),
            payer_message="order-7",
            payee_note="order-7",
            created_at_ms=NOW_MS,
            deadline_at_ms=NOW_MS + DEADLINE_MS,
            next_check_at_ms=NOW_MS,
        )
        return replace(payment, **changes)

    return make


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()
