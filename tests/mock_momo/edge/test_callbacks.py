"""Callbacks over real sockets: what is sent, when, how often, and what the lab can do with it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from momo_contracts.events import CallbackAttempted, ExchangeEnded, PaymentSettled
from tests.mock_momo.core.calls import REFERENCE_ID, REQUEST_TO_PAY
from tests.mock_momo.edge.merchant import OTHER_ID, advance, attempts, deliveries, pay, read, world
from tests.mock_momo.edge.receiver import Receiver
from tests.mock_momo.edge.wire import PATIENCE_S, WALL_MS, Fake

FAILED = (
    b'{"externalId":"7","amount":"100","currency":"EUR","payer":{"partyIdType":"MSISDN",'
    b'"partyId":"46733120001"},"payeeNote":"note","status":"FAILED","reason":"%s"}'
)
TOLD = (
    ("FAILED; reason=NOT_ENOUGH_FUNDS", FAILED % b"NOT_ENOUGH_FUNDS"),
    ("TIMEOUT", FAILED % b"EXPIRED"),
    ("REJECTED", FAILED % b"APPROVAL_REJECTED"),
)


async def test_a_delivery_looks_as_it_was_captured(fake: Fake, receiver: Receiver) -> None:
    await world(fake)
    await pay(fake, receiver.url, "SUCCESSFUL; after=10s")

    await advance(fake, 10)

    received = receiver.received[0]
    assert received.line == "POST /callbacks/momo HTTP/1.1"
    assert received.headers == (
        ("Host", f"localhost:{receiver.port}"),
        ("User-Agent", "LWAC Http Client 1.0"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Accept-Encoding", "gzip"),
        ("Connection", "keep-alive"),
        ("Content-Length", str(len(received.body))),
    )
    told = received.json
    assert list(told)[:2] == ["financialTransactionId", "externalId"]
    assert list(told)[2:] == ["amount", "currency", "payer", "payeeNote", "status"]
    assert (
        told["financialTransactionId"]
        == (await fake.ask("GET", f"{REQUEST_TO_PAY}/{REFERENCE_ID}", fake.headers())).json[
            "financialTransactionId"
        ]
    )


@pytest.mark.parametrize(("plan", "body"), TOLD)
async def test_a_failure_is_told_in_the_words_of_v1(
    fake: Fake, receiver: Receiver, plan: str, body: bytes
) -> None:
    await world(fake)
    await pay(fake, receiver.url, f"{plan}; after=1s")
    await advance(fake, 1)

    assert [row.body for row in receiver.received] == [body]


async def test_an_outcome_that_never_comes_is_never_told(fake: Fake, receiver: Receiver) -> None:
    await world(fake)
    await pay(fake, receiver.url, "PENDING")
    await fake.control("POST", "namespaces/default/clock", {"action": "run_until_idle"})

    assert (receiver.received, await deliveries(fake)) == ([], [])


async def test_a_callback_of_an_immediate_outcome_follows_the_202(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake)
    arrived = asyncio.Event()
    receiver.on_request = _set(arrived)

    assert await pay(fake, receiver.url) == 202
    await arrived.wait()
    await advance(fake, 0)

    kinds = [type(event.detail) for event in fake.registry.default.log.after(0)]
    assert kinds[-4:-1] == [PaymentSettled, ExchangeEnded, CallbackAttempted]


@pytest.mark.parametrize("fault", ["hang", "lose_reply", "empty_reply"])
async def test_a_callback_comes_also_where_the_202_never_does(
    fake: Fake, receiver: Receiver, fault: str
) -> None:
    await world(fake, [{"name": "misery", "fault": fault}])
    arrived = asyncio.Event()
    receiver.on_request = _set(arrived)

    waiting = asyncio.create_task(pay(fake, receiver.url))
    await asyncio.wait_for(arrived.wait(), PATIENCE_S)
    await fake.server.stop()

    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await waiting
    assert receiver.statuses_seen == ["SUCCESSFUL"]


async def test_a_real_clock_delivers_without_any_further_request(
    fake: Fake, receiver: Receiver
) -> None:
    arrived = asyncio.Event()
    receiver.on_request = _set(arrived)

    await pay(fake, receiver.url, "SUCCESSFUL; after=0ms")
    await arrived.wait()

    assert receiver.statuses_seen == ["SUCCESSFUL"]


async def test_a_state_put_back_over_another_wakes_by_its_own_clock(
    fake: Fake, receiver: Receiver
) -> None:
    arrived = asyncio.Event()
    receiver.on_request = _set(arrived)
    await pay(fake, receiver.url, "SUCCESSFUL; after=1h")
    early = (await fake.control("GET", "namespaces/default/state")).json
    await advance(fake, 3_599.999)
    late = (await fake.control("GET", "namespaces/default/state")).json
    await fake.control("POST", "namespaces/default/reset")

    for state in (early, late):
        assert (await fake.control("PUT", "namespaces/other/state", state)).status == 200
    fake.wall.ms += 1
    await asyncio.wait_for(arrived.wait(), PATIENCE_S)

    assert receiver.statuses_seen == ["SUCCESSFUL"]


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_the_method_is_a_switch(fake: Fake, receiver: Receiver, method: str) -> None:
    await world(fake, callback_method=method)
    await pay(fake, receiver.url, "SUCCESSFUL; after=1s")
    await advance(fake, 1)

    assert receiver.received[0].line.split()[0] == method


@pytest.mark.parametrize(
    ("retry", "expected"),
    [
        ("once", [(0, 503, None)]),
        ("backoff", [(0, 503, 2000), (2, 503, 4000), (6, 503, 8000), (14, 503, None)]),
    ],
)
async def test_an_unacknowledged_callback_is_tried_again_as_the_switch_says(
    fake: Fake, receiver: Receiver, retry: str, expected: list[object]
) -> None:
    await world(fake, callback_retry=retry)
    receiver.statuses = [503] * 9
    await pay(fake, receiver.url, "SUCCESSFUL; after=0ms")

    await fake.control("POST", "namespaces/default/clock", {"action": "run_until_idle"})

    assert attempts(fake) == expected
    assert len({row.body for row in receiver.received}) == 1
    assert (await deliveries(fake))[0]["stage"] == "failed"


async def test_the_schedule_in_blocks_is_twenty_seconds_then_an_hour_then_a_day(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake, callback_retry="blocks")
    receiver.statuses = [500] * 100
    await pay(fake, receiver.url, "SUCCESSFUL; after=0ms")

    await fake.control("POST", "namespaces/default/clock", {"action": "run_until_idle"})

    waits = [wait for _, _, wait in attempts(fake)]
    assert waits == [1000] * 20 + [120_000] * 30 + [3_600_000] * 24 + [None]


async def test_each_result_is_fed_back_before_the_next_step_and_an_answer_ends_the_tries(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake, callback_retry="backoff")
    receiver.statuses = [500, None, 200]
    await pay(fake, receiver.url, "SUCCESSFUL; after=1s")
    await pay(fake, receiver.url, "FAILED; after=4s", OTHER_ID)

    fired = await advance(fake, 60)

    seconds = [(int(str(row["at_ms"])) - WALL_MS) / 1000 for row in fired]
    told = [row.get("status", row.get("state")) for row in fired]
    assert list(zip(seconds, told, strict=True)) == [
        (1, "SUCCESSFUL"), (1, 500), (3, None), (4, "FAILED"), (4, 200), (7, 200),
    ]  # fmt: skip
    assert [row["stage"] for row in await deliveries(fake)] == ["acknowledged"] * 2


async def test_a_duplicate_three_minutes_later_is_a_switch(fake: Fake, receiver: Receiver) -> None:
    await world(fake, callback_duplicates="after_180_s")
    await pay(fake, receiver.url, "SUCCESSFUL; after=0ms")

    await fake.control("POST", "namespaces/default/clock", {"action": "run_until_idle"})

    assert [second for second, _, _ in attempts(fake)] == [0, 180]
    assert receiver.received[0].body == receiver.received[1].body


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("callback_lost", []),
        ({"callback_duplicated": {"copies": 3}}, [0, 0, 0]),
        ({"callback_delayed": {"after_s": 90}}, [90]),
    ],
)
async def test_a_fault_loses_repeats_or_delays_the_callback(
    fake: Fake, receiver: Receiver, fault: object, expected: list[int]
) -> None:
    await world(fake, [{"name": "misery", "fault": fault}])
    await pay(fake, receiver.url, "SUCCESSFUL; after=0ms")

    await fake.control("POST", "namespaces/default/clock", {"action": "run_until_idle"})

    assert [second for second, _, _ in attempts(fake)] == expected
    assert len(receiver.received) == len(expected)


async def test_an_early_callback_is_answered_before_the_202_and_before_a_read_shows_it(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake, [{"name": "early", "fault": "callback_early"}])
    shown: list[str] = []

    async def look() -> None:
        shown.append(await read(fake))

    receiver.on_request = look
    await pay(fake, receiver.url, "SUCCESSFUL; after=5s")

    assert (shown, receiver.statuses_seen) == (["PENDING"], ["SUCCESSFUL"])
    ended = [e.detail for e in fake.registry.default.log.after(0)]
    creates = [d for d in ended if isinstance(d, ExchangeEnded) and d.status == 202]
    told = [d for d in ended if isinstance(d, CallbackAttempted)]
    assert ended.index(told[0]) < ended.index(creates[0])
    await advance(fake, 60)
    assert len(receiver.received) == 1, "the outcome is told once"


async def test_an_early_callback_of_a_payment_without_an_outcome_comes_with_the_outcome(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake, [{"name": "early", "fault": "callback_early"}])
    await pay(fake, receiver.url, "PENDING")
    assert receiver.received == []

    await fake.control("POST", f"namespaces/default/payments/{REFERENCE_ID}/approve")
    await advance(fake, 0)

    assert receiver.statuses_seen == ["SUCCESSFUL"]


async def test_a_callback_can_contradict_every_read(fake: Fake, receiver: Receiver) -> None:
    await world(fake, [{"name": "liar", "fault": {"callback_contradicts": {"says": "REJECTED"}}}])
    await pay(fake, receiver.url, "SUCCESSFUL; after=1s")
    await advance(fake, 1)

    assert receiver.received[0].json["reason"] == "APPROVAL_REJECTED"
    assert "financialTransactionId" not in receiver.received[0].json
    assert await read(fake) == "SUCCESSFUL"


def _set(event: asyncio.Event) -> Callable[[], Awaitable[None]]:
    async def arrived() -> None:
        event.set()

    return arrived
