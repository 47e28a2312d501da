"""A clock that the examiner moves: what waits for it is answered at once and goes on with it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from mock_momo.testing import World
from momo_client.edge.answers import WAITING
from momo_client.edge.bench import Bench
from tests.momo_client.examiner import INTERVAL_MS, PAID, Examiner, configuration

CREATE = "collection.requesttopay.create"
TOKEN = "collection.token"
STATUS = "collection.payment.status"
DOWN = {"server_error": {"status": 503}}
TOKEN_LOST = [
    {"name": "lost", "match": {"operation": STATUS}, "fault": "token_revoked", "times": 1},
    {"name": "down", "match": {"operation": TOKEN}, "fault": DOWN, "times": 1},
]
GAPS = ((3, 5), (5, 10), (10, 20))
"""Half to the whole of 0.5, 1 and 2 s, in steps of 100 ms begun."""


@pytest.fixture
async def examiner(world: World, ledger_url: str) -> AsyncIterator[Examiner]:
    async with Bench.opened(configuration(world, ledger_url)) as bench:
        yield Examiner(bench, world)


async def test_the_gaps_between_attempts_are_seen_in_the_examiners_time(examiner: Examiner) -> None:
    await examiner.strike(CREATE, DOWN, times=3)
    answer = (await examiner.pay())["unknown"]
    assert answer["why"] == WAITING
    gaps = [await examiner.steps_until(CREATE, attempt) for attempt in (2, 3, 4)]
    assert all(least <= gap <= most for gap, (least, most) in zip(gaps, GAPS, strict=True)), gaps
    assert [row["state"] for row in await examiner.payments()] == ["pending"]
    assert [row.reference_id for row in await examiner.world.aio.payments()] == [
        answer["reference_id"]
    ]


async def test_who_is_told_to_retry_after_five_seconds_does_not_come_sooner(
    examiner: Examiner,
) -> None:
    await examiner.strike(CREATE, {"rate_limited": {"retry_after_s": 5}}, times=1)
    await examiner.pay()
    assert 50 <= await examiner.steps_until(CREATE, 2) <= 53


async def test_attempts_end_and_the_checker_takes_over(examiner: Examiner) -> None:
    await examiner.strike(CREATE, DOWN, times=4)
    await examiner.pay()
    for _ in range(4):
        await examiner.advance(8_000)
    assert await examiner.calls(CREATE) == 5, "four attempts, and the checker's"
    assert [row["state"] for row in await examiner.payments()] == ["pending"]


async def test_one_that_waits_is_answered_while_another_is_on_the_wire(examiner: Examiner) -> None:
    world = examiner.world
    await examiner.pay("first")
    await world.aio.close_gate("slow", "before_reply", {"external_id": "slow"})
    slow = asyncio.create_task(examiner.pay("slow"))
    await world.aio.wait_held("slow")
    await examiner.strike(CREATE, DOWN)
    assert "unknown" in await examiner.pay("broken")
    await examiner.advance(0)
    assert not slow.done()
    await world.aio.open_gate("slow")
    assert (await slow)["ok"]["state"] == "pending"


async def test_all_that_need_a_token_wait_with_the_one_who_fetches_it(examiner: Examiner) -> None:
    await examiner.strike(TOKEN, DOWN, times=1)
    answers = await asyncio.gather(*(examiner.pay(str(number)) for number in range(5)))
    assert {answer["unknown"]["why"] for answer in answers} == {WAITING}
    assert await examiner.calls(CREATE) == 0
    assert 2 <= await examiner.steps_until(CREATE, 5) <= 6
    assert await examiner.calls(TOKEN) == 2
    assert {row["state"] for row in await examiner.payments()} == {"pending"}


async def test_who_waits_for_a_token_on_the_wire_does_not_wait_for_the_clock(
    examiner: Examiner,
) -> None:
    world = examiner.world
    await world.aio.close_gate("token", "before_reply", {"operation": TOKEN})
    paying = [asyncio.create_task(examiner.pay(str(number))) for number in range(5)]
    await world.aio.wait_held("token")
    await examiner.advance(0)
    assert not any(task.done() for task in paying)
    await world.aio.open_gate("token")
    assert {answer["ok"]["state"] for answer in await asyncio.gather(*paying)} == {"pending"}


async def test_another_products_token_keeps_nobody_waiting(examiner: Examiner) -> None:
    await examiner.strike("disbursement.token", DOWN)
    order = {"key": "t", "amount": "1", "currency": "EUR", "payee": PAID}
    assert (await examiner.ask("transfer", **order))["unknown"]["why"] == WAITING
    world = examiner.world
    await world.aio.close_gate("token", "before_reply", {"operation": TOKEN})
    paying = [asyncio.create_task(examiner.pay(str(number))) for number in range(2)]
    await world.aio.wait_held("token")
    await examiner.ask("ledger")
    assert not any(task.done() for task in paying)
    await world.aio.open_gate("token")
    assert {answer["ok"]["state"] for answer in await asyncio.gather(*paying)} == {"pending"}


async def test_a_status_read_that_waits_for_its_token_says_what_is_known(
    examiner: Examiner,
) -> None:
    sent = (await examiner.pay())["ok"]
    await examiner.world.aio.set_rules(TOKEN_LOST)
    asked = await examiner.ask("status", reference_id=sent["reference_id"].upper())
    assert asked["ok"]["state"] == "pending"


async def test_a_round_that_waits_is_unknown_and_ends_later(examiner: Examiner) -> None:
    await examiner.pay()
    await examiner.world.aio.set_rules(TOKEN_LOST)
    assert await examiner.ask("reconcile") == {"unknown": {"reference_id": None, "why": WAITING}}
    assert (await examiner.ask("balance"))["unknown"]["why"] == WAITING
    await examiner.advance(1000)
    assert [row["state"] for row in await examiner.payments()] == ["completed"]


async def test_who_waits_is_woken_before_the_rounds_that_were_missed(examiner: Examiner) -> None:
    await examiner.strike(CREATE, DOWN, times=1)
    await examiner.pay()
    await examiner.advance(2 * INTERVAL_MS)
    assert (await examiner.calls(CREATE), await examiner.calls(STATUS)) == (2, 1)
    assert [row["state"] for row in await examiner.payments()] == ["completed"]


async def test_what_waits_when_a_bench_is_closed_is_cancelled(
    world: World, ledger_url: str
) -> None:
    async with Bench.opened(configuration(world, ledger_url)) as bench:
        examiner = Examiner(bench, world)
        await examiner.strike(CREATE, DOWN)
        sent = (await examiner.pay())["unknown"]["reference_id"]
    async with Bench.opened(configuration(world, ledger_url, resume=True)) as bench:
        examiner = Examiner(bench, world)
        await examiner.advance(INTERVAL_MS - 1)
        assert await examiner.calls(CREATE) == 1
        assert [(row["reference_id"], row["state"]) for row in await examiner.payments()] == [
            (sent, "pending")
        ]
