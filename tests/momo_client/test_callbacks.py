"""Callbacks against the fake: what is taken, what is believed, and what never happens twice."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from decimal import Decimal
from uuid import uuid4

import pytest

from mock_momo.testing import World
from momo_client import (
    Cause,
    Checker,
    Ledger,
    ManualClock,
    Payment,
    PaymentStatus,
    Review,
    Settings,
)
from momo_client.core.bookings import WALLET
from momo_client.core.events import (
    CallbackContradicted,
    CallbackRefused,
    CallbackTaken,
    CallbackUnconfirmed,
    PaymentSettled,
    RoundEnded,
)
from momo_client.core.flows import GRACE_MS
from tests.momo_client.receiver import Receiver, receiving

SecondSettings = Callable[..., Settings]
PAID = "46733123499"
REJECTED = "46733123451"
STUCK = "46733123453"
STATUS = "collection.payment.status"
CREATE = "collection.requesttopay.create"


@pytest.fixture
async def receiver(
    changed_settings: SecondSettings, ledger: Ledger, clock: ManualClock
) -> AsyncIterator[Receiver]:
    """Payments ask for callbacks here."""
    async with receiving(changed_settings, ledger, clock) as receiver:
        yield receiver


@pytest.fixture
async def by_hand(
    changed_settings: SecondSettings, ledger: Ledger, clock: ManualClock
) -> AsyncIterator[Receiver]:
    """Payments ask for no callbacks: the test sends them."""
    async with receiving(changed_settings, ledger, clock, is_asked_for=False) as receiver:
        yield receiver


def is_final(settled: PaymentSettled) -> bool:
    return settled.payment.is_final


async def until_final(receiver: Receiver, sent: Payment) -> None:
    """Wait until a payment has ended."""
    wanted = sent.reference_id
    await receiver.told.until(
        PaymentSettled, lambda it: is_final(it) and it.payment.reference_id == wanted
    )


def wallet(ledger: Ledger) -> Decimal:
    held = ledger.balance(WALLET).get("EUR")
    return held.amount if held else Decimal(0)


async def calls(world: World, operation: str = STATUS) -> int:
    return (await world.aio.books()).calls.get(operation, 0)


async def test_payments_end_by_callbacks_alone_in_the_statuses_that_the_provider_gives(
    receiver: Receiver, ledger: Ledger, world: World
) -> None:
    paid = await receiver.client.request_to_pay("2.50", PAID, "order-1")
    rejected = await receiver.client.request_to_pay("2.50", REJECTED, "order-2")

    for sent, status in ((paid, PaymentStatus.COMPLETED), (rejected, PaymentStatus.FAILED)):
        await until_final(receiver, sent)
        assert ledger.find(sent.reference_id).status is status
    assert wallet(ledger) == (await world.aio.books()).credited == Decimal("2.5")
    assert receiver.told.of(RoundEnded) == []
    assert (await world.aio.verify()).is_ok


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_either_method_confirms_a_payment(
    by_hand: Receiver, ledger: Ledger, method: str
) -> None:
    sent = await by_hand.client.request_to_pay("1", PAID, "order")

    assert await by_hand.call_back(sent.reference_id.upper(), method=method) == 200

    await by_hand.told.until(PaymentSettled, is_final)
    assert wallet(ledger) == 1


async def test_five_of_the_same_at_once_credit_once(
    by_hand: Receiver, ledger: Ledger, world: World
) -> None:
    sent = await by_hand.client.request_to_pay("1", PAID, "order")

    answers = await asyncio.gather(*(by_hand.call_back(sent.reference_id) for _ in range(5)))

    await by_hand.told.until(PaymentSettled, is_final)
    assert (answers, await by_hand.call_back(sent.reference_id)) == ([200] * 5, 200)
    assert wallet(ledger) == 1
    assert await calls(world) == 1


async def test_a_payment_of_somebody_else_s_is_taken_and_does_nothing(
    by_hand: Receiver, ledger: Ledger, world: World
) -> None:
    unknown = str(uuid4())

    assert await by_hand.call_back(unknown) == 200

    assert by_hand.told.events == [CallbackTaken(unknown, is_known=False, word="SUCCESSFUL")]
    assert (ledger.payments(), await calls(world)) == ((), 0)


async def test_a_forged_success_is_not_believed(
    by_hand: Receiver, ledger: Ledger, world: World
) -> None:
    sent = await by_hand.client.request_to_pay("1", STUCK, "order")

    assert await by_hand.call_back(sent.reference_id) == 200

    await by_hand.told.until(PaymentSettled, lambda it: it.payment.provider_status == "PENDING")
    assert ledger.find(sent.reference_id).status is PaymentStatus.PENDING
    assert wallet(ledger) == 0
    assert await calls(world) == 1


async def test_a_callback_that_beats_the_202_settles_the_payment_once(
    receiver: Receiver, ledger: Ledger, world: World
) -> None:
    await world.aio.set_rules([{"name": "early", "match": {}, "fault": "callback_early"}])
    await world.aio.close_gate("202", "before_reply", {"operation": CREATE})

    paying = asyncio.create_task(receiver.client.request_to_pay("1", PAID, "order"))
    await receiver.told.until(PaymentSettled, is_final)
    assert not paying.done()
    await world.aio.open_gate("202")

    assert (await paying).status is PaymentStatus.COMPLETED
    assert wallet(ledger) == 1
    assert len(ledger.entries()) == 2


async def test_the_answer_waits_for_the_ledger_and_not_for_the_status(
    by_hand: Receiver, ledger_url: str, world: World, clock: ManualClock
) -> None:
    sent = await by_hand.client.request_to_pay("1", PAID, "order")
    clock.move_to(clock.now_ms() + 1000)
    with closing(sqlite3.connect(ledger_url.removeprefix("sqlite:///"))) as raw, raw:
        raw.execute("UPDATE payments SET next_check_at_ms = next_check_at_ms + 1000000000")
    await world.aio.close_gate("slow", "before_reply", {"operation": STATUS})

    assert await by_hand.call_back(sent.reference_id) == 200

    with closing(Ledger.open(ledger_url)) as other:
        due_at_ms = other.find(sent.reference_id).next_check_at_ms
    assert due_at_ms == clock.now_ms() + GRACE_MS
    held = await world.aio.wait_held("slow")
    assert [row.reference_id for row in held.held] == [sent.reference_id]
    assert not any(map(is_final, by_hand.told.of(PaymentSettled)))
    await world.aio.open_gate("slow")
    await by_hand.told.until(PaymentSettled, is_final)


async def test_what_comes_while_the_status_is_read_makes_it_be_read_once_more(
    by_hand: Receiver, world: World
) -> None:
    sent = await by_hand.client.request_to_pay("1", STUCK, "order")
    await world.aio.close_gate("slow", "before_reply", {"operation": STATUS})
    await by_hand.call_back(sent.reference_id)
    await world.aio.wait_held("slow")
    await world.aio.approve(sent.reference_id)

    for _ in range(3):
        await by_hand.call_back(sent.reference_id)
    await world.aio.open_gate("slow")

    settled = await by_hand.told.until(PaymentSettled, is_final)
    assert settled.payment.status is PaymentStatus.COMPLETED
    assert await calls(world) == 2


async def test_a_failure_that_comes_after_the_success_changes_nothing_and_is_told(
    by_hand: Receiver, ledger: Ledger, world: World
) -> None:
    sent = await by_hand.client.request_to_pay("1", PAID, "order")
    await by_hand.call_back(sent.reference_id)
    await by_hand.told.until(PaymentSettled, is_final)
    before = ledger.payments(), ledger.entries(), await calls(world)

    assert await by_hand.call_back(sent.reference_id, "FAILED") == 200

    (payment,) = ledger.payments()
    assert by_hand.told.of(CallbackContradicted) == [CallbackContradicted(payment, "FAILED")]
    assert (ledger.payments(), ledger.entries(), await calls(world)) == before


async def test_a_callback_that_the_status_contradicts_loses_and_is_told(
    receiver: Receiver, ledger: Ledger, world: World
) -> None:
    rule = {"name": "liar", "match": {"operation": CREATE}, "fault": "callback_contradicts"}
    await world.aio.set_rules([rule])
    await receiver.client.request_to_pay("1", PAID, "order")

    told = await receiver.told.until(CallbackContradicted)

    assert (told.word, told.payment.status) == ("FAILED", PaymentStatus.COMPLETED)
    assert wallet(ledger) == 1


async def test_a_success_after_the_deadline_asks_people(
    receiver: Receiver, ledger: Ledger, world: World, clock: ManualClock
) -> None:
    sent = await receiver.client.request_to_pay("1", STUCK, "order")
    clock.move_to(sent.deadline_at_ms)
    await Checker(receiver.client).check_now()
    assert ledger.find(sent.reference_id).cause is Cause.DEADLINE

    await world.aio.approve(sent.reference_id)

    await receiver.told.until(PaymentSettled, lambda it: it.payment.review is Review.OPEN)
    assert [row.reference_id for row in ledger.reviews()] == [sent.reference_id]
    assert wallet(ledger) == 0


async def test_while_the_ledger_is_broken_the_sender_is_asked_to_come_again(
    by_hand: Receiver, ledger: Ledger, ledger_url: str
) -> None:
    sent = await by_hand.client.request_to_pay("1", PAID, "order")
    file = ledger_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("ALTER TABLE payments RENAME TO hidden")

    assert await by_hand.call_back(sent.reference_id) == 503

    assert "no such table" in by_hand.told.of(CallbackRefused)[0].why
    assert by_hand.told.of(CallbackTaken) == []
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("ALTER TABLE hidden RENAME TO payments")
    assert await by_hand.call_back(sent.reference_id) == 200
    await by_hand.told.until(PaymentSettled, is_final)
    assert wallet(ledger) == 1


async def test_what_cannot_be_confirmed_is_left_to_the_checker(
    changed_settings: SecondSettings,
    ledger: Ledger,
    clock: ManualClock,
    new_payment: Callable[..., Payment],
) -> None:
    sent = new_payment(next_check_at_ms=clock.now_ms() + 10**9)
    ledger.record(sent)
    async with receiving(changed_settings, ledger, clock, api_key="wrong") as receiver:
        assert await receiver.call_back(sent.reference_id) == 200

        told = await receiver.told.until(CallbackUnconfirmed)

    assert told.reference_id == sent.reference_id
    assert ledger.find(sent.reference_id).next_check_at_ms == clock.now_ms() + GRACE_MS


async def test_a_ledger_that_fails_the_confirmation_is_left_to_the_checker_too(
    by_hand: Receiver, ledger: Ledger, ledger_url: str, clock: ManualClock
) -> None:
    sent = await by_hand.client.request_to_pay("1", PAID, "order")
    file = ledger_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute(
            "CREATE TRIGGER full BEFORE UPDATE OF status ON payments "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )

    assert await by_hand.call_back(sent.reference_id) == 200

    assert "disk full" in (await by_hand.told.until(CallbackUnconfirmed)).problem
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("DROP TRIGGER full")
    clock.move_to(clock.now_ms() + GRACE_MS)
    assert (await Checker(by_hand.client).check_now()).completed == 1
    assert wallet(ledger) == 1
