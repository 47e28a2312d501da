"""Moving a clock while callbacks are on the wire."""

import asyncio
from uuid import uuid4

from tests.mock_momo.edge.merchant import advance, pay, world
from tests.mock_momo.edge.receiver import receiving
from tests.mock_momo.edge.wire import WALL_MS, Fake


async def test_a_clock_is_moved_while_payments_keep_coming(fake: Fake) -> None:
    """Each callback makes the next payment: there is always one on the wire."""
    frozen = asyncio.Event()

    async def pay_again() -> None:
        if not frozen.is_set():
            await pay(fake, receiver.url, reference_id=str(uuid4()))

    async with receiving() as receiver:
        receiver.on_request = pay_again
        await pay_again()
        answer = await fake.control("POST", "namespaces/default/clock", {"action": "freeze"})
        frozen.set()
        await fake.server.performer.quiesce(fake.registry.default)

    assert (answer.status, answer.json["mode"]) == (200, "frozen")


async def test_a_clock_that_waited_for_a_callback_is_frozen_no_earlier_than_its_end(
    fake: Fake,
) -> None:
    async def pass_time() -> None:
        fake.wall.ms += 1500

    async with receiving() as receiver:
        receiver.on_request = pass_time
        await pay(fake, receiver.url)
        answer = await fake.control("POST", "namespaces/default/clock", {"action": "freeze"})

    events = list(fake.registry.default.log.after(0))
    assert answer.json["now_ms"] == WALL_MS + 1500
    assert [event.at_ms for event in events] == sorted(event.at_ms for event in events)


async def test_a_fake_that_stops_in_the_middle_of_a_journey_sends_nothing_more(fake: Fake) -> None:
    arrived, hangs = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        arrived.set()
        await hangs.wait()

    async with receiving() as receiver:
        receiver.on_request = hang
        await world(fake)
        for seconds in (1, 2, 3):
            plan = f"SUCCESSFUL; after={seconds}s"
            await pay(fake, receiver.url, plan, reference_id=str(uuid4()))
        moving = asyncio.create_task(advance(fake, 60))
        await arrived.wait()
        await fake.server.stop(drain_s=0)
        hangs.set()
        await asyncio.gather(moving, return_exceptions=True)

    assert len(receiver.received) == 1
