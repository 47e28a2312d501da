"""What a bench does with the examiner's orders, and what it says of them."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from mock_momo.testing import World
from momo_client import Ledger
from momo_client.edge.bench import Bench
from tests.momo_client.examiner import INTERVAL_MS, PAID, REJECTED, Answer, Examiner, configuration

CREATE = "collection.requesttopay.create"
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
async def examiner(world: World, ledger_url: str) -> AsyncIterator[Examiner]:
    async with Bench.opened(configuration(world, ledger_url)) as bench:
        yield Examiner(bench, world)


def send(examiner: Examiner, **changes: object) -> asyncio.Task[Answer]:
    order = {"key": "salary", "amount": "5.00", "currency": "EUR", "payee": PAID}
    return examiner.begin("transfer", **(order | changes))


def give_back(examiner: Examiner, paid: str, **changes: object) -> asyncio.Task[Answer]:
    order = {"key": "return", "amount": "2.50", "currency": "EUR", "reference_id": paid}
    return examiner.begin("refund", **(order | changes))


async def paid_one(examiner: Examiner) -> str:
    sent = (await examiner.pay("paid"))["ok"]["reference_id"]
    assert (await examiner.ask("status", reference_id=sent))["ok"]["state"] == "completed"
    return str(sent)


async def entries(examiner: Examiner, reference_id: str) -> list[tuple[str, str]]:
    lines = (await examiner.ask("ledger"))["ok"]["entries"]
    return [
        (line["account"], line["amount"]) for line in lines if line["reference_id"] == reference_id
    ]


async def test_a_payments_code_and_number_are_the_providers(world: World, ledger_url: str) -> None:
    view = configuration(world, ledger_url, status_view="request_to_pay")
    async with Bench.opened(view) as bench:
        examiner = Examiner(bench, world)
        sent = (await examiner.pay())["ok"]
        assert (sent["code"], sent["financial_transaction_id"]) == (None, None)
        paid = (await examiner.ask("status", reference_id=sent["reference_id"]))["ok"]
        assert (paid["state"], paid["code"]) == ("completed", None)
        assert paid["financial_transaction_id"].isdigit()
        sent = (await examiner.pay("no", REJECTED))["ok"]
        no = (await examiner.ask("status", reference_id=sent["reference_id"]))["ok"]
        assert (no["state"], no["code"]) == ("failed", "APPROVAL_REJECTED")


async def test_a_transfer_leaves_the_wallet_and_comes_back_when_it_fails(
    examiner: Examiner,
) -> None:
    sent = (await send(examiner))["ok"]
    assert await entries(examiner, sent["reference_id"]) == [
        ("in_transit", "5.00"),
        ("wallet", "-5.00"),
    ]
    assert (await examiner.ask("ledger"))["ok"]["balance"] == {"EUR": "-5.00"}
    lost = (await send(examiner, key="lost", payee=REJECTED))["ok"]
    await examiner.ask("reconcile")
    states = {row["key"]: row["state"] for row in await examiner.payments()}
    assert states == {"salary": "completed", "lost": "failed"}
    assert len(await entries(examiner, lost["reference_id"])) == 4
    assert (await examiner.ask("ledger"))["ok"]["balance"] == {"EUR": "-5.00"}


async def test_a_completed_payment_is_given_back_in_parts_and_no_more(examiner: Examiner) -> None:
    paid = await paid_one(examiner)
    part = (await give_back(examiner, paid))["ok"]
    assert part["state"] == "pending"
    excess = (await give_back(examiner, paid, key="more", amount="10.01"))["fail"]
    assert (excess["code"], excess["reference_id"]) == ("INVALID_AMOUNT", None)
    of_refund = (await give_back(examiner, part["reference_id"], key="again"))["fail"]
    assert (of_refund["code"], of_refund["reference_id"]) == ("NOT_REFUNDABLE", None)
    await examiner.ask("reconcile")
    assert (await examiner.ask("ledger"))["ok"]["balance"] == {"EUR": "10.00"}


@pytest.mark.parametrize("op", ["request_to_pay", "transfer", "refund"])
async def test_a_key_that_comes_twice_at_once_is_one_payment(examiner: Examiner, op: str) -> None:
    order = {"key": "twice", "amount": "2.50", "currency": "EUR", "payer": PAID, "payee": PAID}
    order["reference_id"] = await paid_one(examiner)
    answers = await asyncio.gather(*(examiner.ask(op, **order) for _ in range(5)))
    named = {(answer.get("ok") or answer["unknown"])["reference_id"] for answer in answers}
    made = await examiner.world.aio.payments()
    assert {row.reference_id for row in made} == named | {order["reference_id"]}
    assert (await examiner.ask(op, **order))["ok"]["reference_id"] in named


async def test_after_a_failure_the_same_key_is_a_new_payment(examiner: Examiner) -> None:
    first = (await examiner.pay(payer=REJECTED))["ok"]["reference_id"]
    await examiner.ask("reconcile")
    again = (await examiner.pay(payer=PAID))["ok"]
    assert again["state"] == "pending"
    assert again["reference_id"] != first


@pytest.mark.parametrize(
    "amount", ["0", "-1", "0.00", "1.005", "1e3", "NaN", "inf", "", " 1", "1,50", "0x10", "١٢"]
)
async def test_an_amount_that_is_none_is_refused_before_anything_is_sent(
    examiner: Examiner, amount: str
) -> None:
    assert (await examiner.pay(amount=amount))["fail"]["code"] == "INVALID_AMOUNT"
    assert (await send(examiner, amount=amount))["fail"]["code"] == "INVALID_AMOUNT"
    assert not (await examiner.world.aio.books()).calls
    assert await examiner.payments() == []


@pytest.mark.parametrize(
    "typed", ["+46 733-123 499", "0046733123499", "46733123499", "+46(733)123499"]
)
async def test_a_number_is_taken_as_it_is_typed(examiner: Examiner, typed: str) -> None:
    await examiner.pay(payer=typed)
    assert [row.party for row in await examiner.world.aio.payments()] == [PAID]


@pytest.mark.parametrize("typed", ["0733123499", "12", "+460", "forty-six", "46733123499x"])
async def test_a_number_that_cannot_be_one_is_refused(examiner: Examiner, typed: str) -> None:
    assert (await examiner.pay(payer=typed))["fail"]["code"] == "INVALID_MSISDN"
    assert (await send(examiner, payee=typed))["fail"]["code"] == "INVALID_MSISDN"


async def test_the_note_is_what_both_sides_read_and_else_the_key(
    world: World, ledger_url: str
) -> None:
    async with Bench.opened(configuration(world, ledger_url)) as bench:
        examiner = Examiner(bench, world)
        await examiner.pay("noted", note="Tomatoes")
        await examiner.pay("plain")
    async with Bench.opened(configuration(world, ledger_url, resume=True)):
        texts = {
            payment.external_id: (payment.payer_message, payment.payee_note)
            for payment in Ledger.open(ledger_url).payments()
        }
    assert texts == {"noted": ("Tomatoes", "Tomatoes"), "plain": ("plain", "plain")}


async def test_the_balance_is_a_plain_number_or_nobody_knows(examiner: Examiner) -> None:
    assert (await examiner.ask("balance"))["ok"] == {"available": "1000", "currency": "EUR"}
    await examiner.strike("collection.balance", "malformed_json")
    assert (await examiner.ask("balance"))["unknown"]["why"] == "UNREADABLE_REPLY"


async def test_a_success_that_came_too_late_needs_review(examiner: Examiner) -> None:
    await examiner.strike(CREATE, "late_success")
    sent = (await examiner.pay())["ok"]["reference_id"]
    await examiner.advance(DAY_MS)
    assert [(row["state"], row["needs_review"]) for row in await examiner.payments()] == [
        ("failed", False)
    ]
    assert (await examiner.ask("status", reference_id=sent))["ok"]["code"] is None
    await examiner.advance(DAY_MS)
    assert [(row["state"], row["needs_review"]) for row in await examiner.payments()] == [
        ("failed", True)
    ]
    assert await entries(examiner, sent) == []


async def test_a_payment_that_is_not_answered_in_time_is_unknown_and_keeps_its_id(
    examiner: Examiner,
) -> None:
    await examiner.strike(CREATE, "hang", times=1)
    hung = (await examiner.pay(deadline_ms=200))["unknown"]
    assert hung["why"] == "timeout"
    again = (await examiner.pay())["unknown"]
    assert again["reference_id"] == hung["reference_id"]
    await examiner.advance(2 * INTERVAL_MS)
    assert [(row["reference_id"], row["state"]) for row in await examiner.payments()] == [
        (hung["reference_id"], "completed")
    ]


async def test_one_request_takes_no_longer_than_it_may(world: World, ledger_url: str) -> None:
    brief = configuration(world, ledger_url, request_timeout_ms=100)
    async with Bench.opened(brief) as bench:
        examiner = Examiner(bench, world)
        await examiner.strike(CREATE, "hang", times=1)
        await examiner.pay()
        assert await examiner.steps_until(CREATE, 2) <= 5
        assert [row["state"] for row in await examiner.payments()] == ["completed"]


async def test_callbacks_are_asked_for_where_the_examiner_listens_or_not_at_all(
    world: World, ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTN_CALLBACK_URL", "http://localhost/elsewhere")
    for url in (None, "http://localhost:1/here"):
        async with Bench.opened(configuration(world, ledger_url, callback_url=url)) as bench:
            sent = (await Examiner(bench, world).pay())["ok"]["reference_id"]
        (create,) = world.events(reference_id=sent, kind="exchange_began")
        asked = [value for name, value in create["headers"] if name == "X-Callback-Url"]
        assert asked == ([f"{url}/{sent}"] if url else [])
