"""Callbacks that an examiner hands over: received as from a socket, believed in nothing."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from mock_momo.testing import World
from momo_client.edge import confirmations
from momo_client.edge.bench import Bench
from momo_client.errors import BadRequest
from tests.momo_client.examiner import INTERVAL_MS, REJECTED, STUCK, Examiner, configuration

CREATE = "collection.requesttopay.create"
TOKEN = "collection.token"
STATUS = "collection.payment.status"
TOKEN_LOST = [
    {"name": "lost", "match": {"operation": STATUS}, "fault": "token_revoked", "times": 1},
    {"name": "down", "match": {"operation": TOKEN}, "fault": "gateway_failure", "times": 1},
]
SUCCESSFUL = '{"status":"SUCCESSFUL"}'


@pytest.fixture
async def examiner(world: World, ledger_url: str) -> AsyncIterator[Examiner]:
    async with Bench.opened(configuration(world, ledger_url)) as bench:
        yield Examiner(bench, world)


async def call_back(
    examiner: Examiner, reference_id: str, body: str = SUCCESSFUL, method: str = "PUT"
) -> int:
    fields = {"method": method, "path": f"/{reference_id}", "body": body}
    status: int = (await examiner.ask("deliver_callback", **fields))["ok"]["status"]
    return status


async def states(examiner: Examiner) -> list[str]:
    return [row["state"] for row in await examiner.payments()]


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("then", [("reconcile", {}), ("clock.advance", {"ms": 0})])
async def test_what_a_callback_says_has_been_looked_into_when_the_next_order_is_answered(
    examiner: Examiner, method: str, then: tuple[str, dict[str, int]]
) -> None:
    sent = (await examiner.pay())["ok"]["reference_id"]
    assert await call_back(examiner, sent, method=method) == 200
    await examiner.ask(then[0], **then[1])
    assert await examiner.calls(STATUS) == 1
    assert await states(examiner) == ["completed"]


@pytest.mark.parametrize(("payer", "end"), [(STUCK, "pending"), (REJECTED, "failed")])
async def test_a_forged_success_is_not_believed(examiner: Examiner, payer: str, end: str) -> None:
    sent = (await examiner.pay(payer=payer))["ok"]["reference_id"]
    answers = await asyncio.gather(*(call_back(examiner, sent) for _ in range(5)))
    assert answers == [200] * 5
    await examiner.ask("clock.advance", ms=0)
    assert await states(examiner) == [end]


async def test_a_callback_about_nobody_changes_nothing_and_one_that_is_none_is_refused(
    examiner: Examiner,
) -> None:
    assert await call_back(examiner, str(uuid4())) == 200
    sent = (await examiner.pay())["ok"]["reference_id"]
    for body in ("", "no", "[]", "{}", '{"status":7}', "\ud800", "x" * 2_000_000):
        assert 400 <= await call_back(examiner, sent, body) < 500
    assert await call_back(examiner, sent, method="GET") == 405
    assert await call_back(examiner, "nowhere") == 404
    assert await states(examiner) == ["pending"]
    assert await call_back(examiner, sent) == 200


@pytest.mark.parametrize(("method", "path"), [("PUT", "@elsewhere/"), ("A B", "/x")])
async def test_what_is_no_http_is_a_bad_request(examiner: Examiner, method: str, path: str) -> None:
    with pytest.raises(BadRequest):
        await examiner.ask("deliver_callback", method=method, path=path, body="")


async def test_the_clock_waits_for_a_slow_look_and_the_receiver_does_not(
    examiner: Examiner,
) -> None:
    world = examiner.world
    sent = (await examiner.pay())["ok"]["reference_id"]
    await world.aio.close_gate("slow", "before_reply", {"operation": STATUS})
    assert await call_back(examiner, sent) == 200
    await world.aio.wait_held("slow")
    advancing = examiner.begin("clock.advance", ms=0)
    assert await states(examiner) == ["pending"]
    assert not advancing.done()
    await world.aio.open_gate("slow")
    await advancing
    assert await states(examiner) == ["completed"]


async def test_a_callback_that_overtakes_the_answer_is_counted_once(examiner: Examiner) -> None:
    world = examiner.world
    await world.aio.close_gate("202", "before_reply", {"operation": CREATE})
    paying = asyncio.create_task(examiner.pay())
    await world.aio.wait_held("202")
    (made,) = await world.aio.payments()
    assert await call_back(examiner, made.reference_id) == 200
    await examiner.ask("clock.advance", ms=0)
    assert await states(examiner) == ["completed"]
    await world.aio.open_gate("202")
    assert (await paying)["ok"]["state"] == "completed"
    assert (await examiner.ask("ledger"))["ok"]["balance"] == {"EUR": "12.50"}


async def test_a_look_that_cannot_have_a_token_waits_for_the_clock(examiner: Examiner) -> None:
    sent = (await examiner.pay())["ok"]["reference_id"]
    await examiner.world.aio.set_rules(TOKEN_LOST)
    assert await call_back(examiner, sent) == 200
    await examiner.ask("clock.advance", ms=0)
    assert await states(examiner) == ["pending"]
    await examiner.advance(INTERVAL_MS - 1)
    assert await states(examiner) == ["completed"]


async def test_a_look_that_waits_does_not_hold_up_the_next_configure(
    world: World, ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirmations, "STOP_S", 3600)
    async with Bench.opened(configuration(world, ledger_url)) as bench:
        examiner = Examiner(bench, world)
        sent = (await examiner.pay())["ok"]["reference_id"]
        await world.aio.set_rules(TOKEN_LOST)
        await call_back(examiner, sent)
        await examiner.ask("clock.advance", ms=0)
    async with Bench.opened(configuration(world, ledger_url, resume=True)) as bench:
        assert await states(Examiner(bench, world)) == ["pending"]
        assert await Examiner(bench, world).calls(TOKEN) == 2
