"""The checker against the fake: who is asked, when, and what a round says about it."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing

import pytest

from mock_momo.testing import World
from momo_client import (
    BlockingChecker,
    BlockingMomoClient,
    Calls,
    Cause,
    Checker,
    Ledger,
    ManualClock,
    MomoClient,
    PaymentStatus,
    Round,
    Settings,
)
from momo_client.core.bookings import WALLET
from momo_client.core.events import Event, RoundLost

SecondSettings = Callable[..., Settings]
STUCK = "46733123453"
PAID = "46733123499"
REJECTED = "46733123451"


@pytest.fixture
def client(settings: Settings, ledger: Ledger, clock: ManualClock) -> BlockingMomoClient:
    return BlockingMomoClient(settings, ledger, clock=clock)


def test_a_round_settles_what_is_due_and_sums_it_up(
    client: BlockingMomoClient, ledger: Ledger, world: World
) -> None:
    for payer in (PAID, REJECTED, STUCK, PAID):
        client.request_to_pay("2.50", payer, "order", again=True)
    summary = BlockingChecker(client).check_now()
    assert summary == Round(checked=4, completed=2, failed=1, pending=1)
    assert ledger.balance(WALLET)["EUR"].amount == world.books().credited == 5


async def test_the_asyncio_checker_does_the_same(
    settings: Settings, ledger: Ledger, clock: ManualClock
) -> None:
    async with MomoClient(settings, ledger, clock=clock) as client:
        for payer in (PAID, REJECTED, STUCK, PAID):
            await client.request_to_pay("2.50", payer, "order", again=True)
        summary = await Checker(client).check_now()
    assert summary == Round(checked=4, completed=2, failed=1, pending=1)


def test_a_payment_rests_for_the_interval_and_final_ones_are_never_asked_again(
    client: BlockingMomoClient, clock: ManualClock
) -> None:
    checker = BlockingChecker(client)
    for payer in (PAID, STUCK):
        client.request_to_pay("2.50", payer, f"order-{payer}")
    assert checker.check_now().checked == 2
    assert checker.check_now().checked == 0
    clock.move_to(clock.now_ms() + 29_999)
    assert checker.check_now().checked == 0
    clock.move_to(clock.now_ms() + 1)
    assert checker.check_now() == Round(checked=1, pending=1)


def test_a_payment_that_stays_as_it_is_is_asked_for_in_every_interval(
    client: BlockingMomoClient, clock: ManualClock
) -> None:
    checker = BlockingChecker(client)
    client.request_to_pay("2.50", STUCK, "order")
    for _ in range(5):
        assert checker.check_now() == Round(checked=1, pending=1)
        clock.move_to(clock.now_ms() + 30_000)


def test_a_round_takes_ten_and_the_next_one_the_others(
    client: BlockingMomoClient, clock: ManualClock
) -> None:
    checker = BlockingChecker(client)
    for number in range(15):
        client.request_to_pay("1", STUCK, f"order-{number}")
    assert [checker.check_now().checked for _ in range(3)] == [10, 5, 0]
    clock.move_to(clock.now_ms() + 30_000)
    assert [checker.check_now().checked for _ in range(3)] == [10, 5, 0]


def test_at_24_h_a_payment_is_asked_for_once_more_and_then_given_up(
    client: BlockingMomoClient, ledger: Ledger, clock: ManualClock, world: World
) -> None:
    checker = BlockingChecker(client)
    sent = client.request_to_pay("1", STUCK, "order")
    clock.move_to(sent.deadline_at_ms - 1)
    world.advance(86_400)
    assert checker.check_now().pending == 1
    clock.move_to(clock.now_ms() + 30_000)
    asked = world.books().calls["collection.payment.status"]
    assert checker.check_now() == Round(checked=1, failed=1)
    assert world.books().calls["collection.payment.status"] == asked + 1
    payment = ledger.find(sent.reference_id)
    assert (payment.status, payment.cause) == (PaymentStatus.FAILED, Cause.DEADLINE)
    assert payment.provider_status == "PENDING"


def test_a_success_found_at_the_deadline_is_credited(
    client: BlockingMomoClient, ledger: Ledger, clock: ManualClock, world: World
) -> None:
    sent = client.request_to_pay("1", PAID, "order")
    clock.move_to(sent.deadline_at_ms + 1)
    world.advance(86_401)
    assert BlockingChecker(client).check_now().completed == 1
    assert ledger.balance(WALLET)["EUR"].amount == 1


def test_a_payment_of_a_product_without_credentials_stops_no_round(
    client: BlockingMomoClient, ledger: Ledger, clock: ManualClock, settings: Settings
) -> None:
    client.transfer("1", "46733120001", "payout-3")
    client.request_to_pay("1", PAID, "order-7")
    nothing = dict.fromkeys(("disbursement_subscription_key", "subscription_key"))
    collecting = settings.model_copy(
        update=nothing | {"collection_subscription_key": settings.subscription_key}
    )
    summary = BlockingChecker(BlockingMomoClient(collecting, ledger, clock=clock)).check_now()
    problem = "no token: CONFIGURATION"
    assert summary == Round(checked=2, completed=1, pending=1, problems=(problem,))


def test_a_round_without_a_token_says_so_and_loses_nothing(
    client: BlockingMomoClient,
    ledger: Ledger,
    clock: ManualClock,
    changed_settings: SecondSettings,
) -> None:
    for number in range(3):
        client.request_to_pay("1", PAID, f"order-{number}")
    locked_out = BlockingMomoClient(changed_settings(api_key="wrong"), ledger, clock=clock)
    summary = BlockingChecker(locked_out).check_now()
    assert summary == Round(checked=3, pending=3, problems=("no token: LOGIN_FAILED",))
    assert locked_out.calls == Calls(api_calls=0, token_calls=1)
    clock.move_to(clock.now_ms() + 30_000)
    assert BlockingChecker(client).check_now().completed == 3


async def test_the_asyncio_checker_runs_until_it_is_stopped(
    settings: Settings, ledger: Ledger, clock: ManualClock
) -> None:
    rounds: list[Round] = []

    def note(summary: Round) -> None:
        rounds.append(summary)
        checker.stop()

    async with MomoClient(settings, ledger, clock=clock) as client:
        await client.request_to_pay("1", PAID, "order")
        checker = Checker(client, note)
        await checker.run()
    assert rounds == [Round(checked=1, completed=1)]


class Mender:
    """Hides a ledger's payments, and brings them back when a round is told to be lost."""

    def __init__(self, ledger_url: str) -> None:
        self.lost: list[str] = []
        self._file = ledger_url.removeprefix("sqlite:///")

    def __call__(self, event: Event) -> None:
        if isinstance(event, RoundLost):
            self.lost.append(event.problem)
            self._rename("hidden", "payments")

    def hide(self) -> None:
        self._rename("payments", "hidden")

    def _rename(self, table: str, name: str) -> None:
        with closing(sqlite3.connect(self._file)) as raw, raw:
            raw.execute(f"ALTER TABLE {table} RENAME TO {name}")


@pytest.fixture
def mender(client: BlockingMomoClient, ledger_url: str) -> Mender:
    client.request_to_pay("1", PAID, "order")
    mender = Mender(ledger_url)
    mender.hide()
    return mender


def test_the_blocking_checker_outlives_a_round_that_the_ledger_failed(
    settings: Settings, ledger: Ledger, clock: ManualClock, mender: Mender
) -> None:
    impatient = settings.model_copy(update={"check_interval_s": 0})
    client = BlockingMomoClient(impatient, ledger, clock=clock, listeners=[mender])
    rounds: list[Round] = []

    def note(summary: Round) -> None:
        rounds.append(summary)
        checker.stop()

    checker = BlockingChecker(client, note)
    checker.run()
    assert rounds == [Round(checked=1, completed=1)]
    assert "no such table" in mender.lost[0]


async def test_the_asyncio_checker_outlives_it_too(
    settings: Settings, ledger: Ledger, clock: ManualClock, mender: Mender
) -> None:
    impatient = settings.model_copy(update={"check_interval_s": 0})
    rounds: list[Round] = []

    def note(summary: Round) -> None:
        rounds.append(summary)
        checker.stop()

    async with MomoClient(impatient, ledger, clock=clock, listeners=[mender]) as client:
        checker = Checker(client, note)
        await checker.run()
    assert rounds == [Round(checked=1, completed=1)]
    assert len(mender.lost) == 1


def test_the_blocking_checker_can_be_stopped_from_another_thread_while_it_rests(
    client: BlockingMomoClient,
) -> None:
    has_rested = threading.Event()
    checker = BlockingChecker(client, lambda _: has_rested.set())
    thread = threading.Thread(target=checker.run)
    thread.start()
    has_rested.wait()
    checker.stop()
    thread.join()


async def test_checkers_on_one_ledger_share_the_work_and_credit_each_payment_once(
    settings: Settings, ledger: Ledger, ledger_url: str, clock: ManualClock, world: World
) -> None:
    async with MomoClient(settings, ledger, clock=clock) as payer:
        for number in range(20):
            await payer.request_to_pay("1", PAID, f"order-{number}")
    others = [Ledger.open(ledger_url) for _ in range(3)]
    clients = [BlockingMomoClient(settings, one, clock=clock) for one in others]
    rounds = await asyncio.gather(
        *(asyncio.to_thread(BlockingChecker(one).check_now) for one in clients)
    )
    for one in others:
        one.close()
    assert sum(each.completed for each in rounds) == 20
    assert ledger.balance(WALLET)["EUR"].amount == world.books().credited == 20
    assert world.books().calls["collection.payment.status"] == 20
