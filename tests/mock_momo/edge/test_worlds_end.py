"""A world that is emptied or taken away owes nobody anything: no callback of it is sent."""

import asyncio
import gc
import json
from weakref import ref

import pytest

from tests.mock_momo.core.calls import REFERENCE_ID, REQUEST_TO_PAY
from tests.mock_momo.edge.merchant import ORDER, advance, deliveries, lab, pay, world
from tests.mock_momo.edge.receiver import Receiver, receiving
from tests.mock_momo.edge.test_gates import gate, held
from tests.mock_momo.edge.wire import Fake

IDS = [f"{REFERENCE_ID[:-1]}{digit}" for digit in "123"]


async def reset(fake: Fake) -> None:
    assert (await fake.control("POST", "namespaces/default/reset")).status == 200


def on_first_request(receiver: Receiver, fake: Fake) -> None:
    """Empty the world while the first callback is on the wire."""

    async def empty() -> None:
        receiver.on_request = None
        await reset(fake)

    receiver.on_request = empty


async def at_rest(fake: Fake) -> None:
    await fake.server.performer.quiesce(fake.registry.default)


async def test_what_was_queued_is_not_sent_once_the_world_is_emptied(fake: Fake) -> None:
    async with receiving() as receiver:
        await world(fake)
        await lab(fake, "pause")
        for reference_id in IDS:
            await pay(fake, receiver.url, reference_id=reference_id)
        on_first_request(receiver, fake)
        await lab(fake, "resume")

    assert [row.json["status"] for row in receiver.received] == ["SUCCESSFUL"]
    assert await deliveries(fake) == []


@pytest.mark.parametrize(("what", "status"), [("resend", 200), ("duplicate", 201)])
async def test_a_lab_call_whose_world_is_emptied_meanwhile_is_answered(
    fake: Fake, what: str, status: int
) -> None:
    async with receiving() as receiver:
        await world(fake)
        await pay(fake, receiver.url)
        await advance(fake, 1)
        on_first_request(receiver, fake)
        answer = await lab(fake, f"{REFERENCE_ID}.1/{what}")

    assert (answer.status, answer.json["reference_id"]) == (status, REFERENCE_ID)


@pytest.mark.parametrize("point", ["before_reply", "callback_before_send"])
async def test_what_a_gate_held_is_not_sent_once_the_world_is_emptied(
    fake: Fake, point: str
) -> None:
    async with receiving() as receiver:
        await world(fake)
        await gate(fake, "slow", point)
        paying = asyncio.create_task(pay(fake, receiver.url))
        await held(fake, "slow", 1)
        await reset(fake)
        await paying
        await at_rest(fake)

    assert receiver.received == []


async def test_a_later_world_with_the_same_reference_id_keeps_its_own_result(fake: Fake) -> None:
    async with receiving() as receiver:
        await world(fake)
        await gate(fake, "slow", "before_reply")
        paying = asyncio.create_task(pay(fake, receiver.url))
        await held(fake, "slow", 1)
        await world(fake)
        await lab(fake, "pause")
        assert (await paying, await pay(fake, receiver.url)) == (202, 202)
        await at_rest(fake)

    assert [(row["stage"], row["attempts"]) for row in await deliveries(fake)] == [("queued", [])]


async def test_a_namespace_that_is_taken_away_owes_nothing(fake: Fake) -> None:
    async with receiving() as receiver:
        await fake.control("PUT", "namespaces/x", {"switches": {"callback_retry": "backoff"}})
        namespace = fake.registry.find("x")
        assert namespace is not None
        receiver.statuses = [500, 200]
        headers = fake.headers(namespace)
        headers |= {"X-Reference-Id": REFERENCE_ID, "X-Callback-Url": receiver.url}
        paid = await fake.ask("POST", REQUEST_TO_PAY, headers, json.dumps(ORDER).encode())
        await fake.server.performer.quiesce(namespace)
        assert (await fake.control("DELETE", "namespaces/x")).status == 200
        fake.wall.ms += 60_000
        fake.server.performer.catch_up(namespace)
        await fake.server.performer.quiesce(namespace)

    assert (paid.status, len(receiver.received)) == (202, 1)


async def test_a_namespace_that_made_room_for_another_holds_nobody(fake: Fake) -> None:
    await fake.control("PUT", "namespaces/x")
    namespace = fake.registry.find("x")
    assert namespace is not None
    path = "namespaces/x/gates/slow"
    await fake.control("PUT", path, {"point": "request_received"})
    asking = asyncio.create_task(fake.ask("GET", "/", fake.headers(namespace)))
    await fake.control("GET", f"{path}?held=1&wait_s=10")
    fake.registry.remove(namespace)

    assert (await asking).status == 404


@pytest.mark.parametrize(
    ("method", "what"), [("POST", "w/reset"), ("PUT", "w"), ("PUT", "w/state"), ("DELETE", "w")]
)
async def test_its_memory_is_given_back_at_once_and_not_when_cycles_are_looked_for(
    fake: Fake, method: str, what: str
) -> None:
    namespace = fake.registry.find_or_create("w")
    state = (await fake.control("GET", "namespaces/w/state")).json
    async with receiving() as receiver:
        headers = fake.headers(namespace) | {
            "X-Reference-Id": REFERENCE_ID,
            "X-Callback-Url": receiver.url,
        }
        body = json.dumps(ORDER).encode()
        assert (await fake.ask("POST", REQUEST_TO_PAY, headers, body)).status == 202
        await fake.server.performer.quiesce(namespace)
    engine = ref(namespace.engine)
    del namespace

    gc.disable()
    try:
        message = state if what == "w/state" else {} if method == "PUT" else None
        await fake.control(method, f"namespaces/{what}", message)
        assert engine() is None
    finally:
        gc.enable()
