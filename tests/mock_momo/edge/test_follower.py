"""Following the log: nothing twice, nothing unsaid, across namespaces that come and go."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.core.settings import Settings
from mock_momo.edge.log.bell import Bells
from mock_momo.edge.log.follower import BATCH, Batch, following, following_all
from momo_contracts.events import RequestUnparsable

PATIENCE_S = 10.0


class Room:
    """Namespaces, and the bells on them."""

    def __init__(self) -> None:
        self.registry = Registry(Settings())
        self.bells = Bells(self.registry)

    def create(self, name: str) -> Namespace:
        return self.registry.create(name, Settings())


@pytest.fixture
def room() -> Room:
    return Room()


def record(namespace: Namespace, times: int = 1) -> None:
    for _ in range(times):
        namespace.record(RequestUnparsable("x"), 0)


async def next_of(batches: AsyncIterator[Batch | None]) -> Batch | None:
    return await asyncio.wait_for(anext(batches), PATIENCE_S)


def seqs(batch: Batch | None) -> list[int]:
    return [event.seq for event in batch.events] if batch else []


async def test_what_was_there_and_what_comes_is_read_once_and_in_order(room: Room) -> None:
    default = room.registry.default
    record(default, 3)
    with following(room.bells, default, after=1) as follower:
        batches = follower.batches()
        first = await next_of(batches)
        waiting = asyncio.create_task(next_of(batches))
        await asyncio.sleep(0)
        record(default, 2)

        assert (seqs(first), seqs(await waiting)) == ([2, 3], [4, 5])


async def test_a_backlog_is_read_in_batches(room: Room) -> None:
    record(room.registry.default, BATCH + 1)
    with following(room.bells, room.registry.default) as follower:
        batches = follower.batches()
        first, second = await next_of(batches), await next_of(batches)

        assert seqs(first) == list(range(1, BATCH + 1))
        assert seqs(second) == [BATCH + 1]


async def test_who_is_too_slow_is_told_how_much_is_missing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room.registry.default.log, "_max_events", 5)
    default = room.registry.default
    record(default, 2)
    with following(room.bells, default) as follower:
        assert follower.read() == Batch(0, tuple(default.log.after(0)))
        record(default, 10)
        late = follower.read()

        assert late is not None
        assert (late.lost, seqs(late)) == (5, [8, 9, 10, 11, 12])


async def test_nothing_for_a_while_is_said_too(room: Room) -> None:
    with following(room.bells, room.registry.default) as follower:
        assert await next_of(follower.batches(patience_s=0.001)) is None


async def test_two_followers_each_get_everything(room: Room) -> None:
    default = room.registry.default
    with (
        following(room.bells, default) as one,
        following_all(room.bells, room.registry) as other,
    ):
        record(default)

        assert (seqs(one.read()), seqs(other.read())) == ([1], [1])


async def test_a_follower_of_all_hears_namespaces_created_later_and_takes_turns(
    room: Room,
) -> None:
    with following_all(room.bells, room.registry) as follower:
        record(room.registry.default, BATCH + 1)
        record(room.create("later"))

        told = [follower.read(), follower.read(), follower.read()]
        assert [(batch.events[0].namespace, len(batch.events)) for batch in told if batch] == [
            ("default", BATCH),
            ("later", 1),
            ("default", 1),
        ]


async def test_a_follower_of_all_wakes_for_a_namespace_created_later(room: Room) -> None:
    with following_all(room.bells, room.registry) as follower:
        waiting = asyncio.create_task(next_of(follower.batches()))
        await asyncio.sleep(0)
        record(room.create("later"))

        assert seqs(await waiting) == [1]


async def test_a_namespace_of_an_old_name_begins_anew(room: Room) -> None:
    with following_all(room.bells, room.registry) as follower:
        for count in (2, 1):
            namespace = room.create("again")
            record(namespace, count)
            room.registry.remove(namespace)
            assert seqs(follower.read()) == list(range(1, count + 1))


async def test_the_end_of_a_namespace_is_read_and_ends_its_followers_only(room: Room) -> None:
    namespace = room.create("gone")
    with (
        following(room.bells, namespace) as one,
        following_all(room.bells, room.registry) as every,
    ):
        record(namespace)
        room.registry.remove(namespace)
        all_of_one = [seqs(batch) async for batch in one.batches()]
        batches = every.batches(patience_s=0.001)

        assert all_of_one == [[1]]
        assert (seqs(await next_of(batches)), await next_of(batches)) == ([1], None)


async def test_a_fake_that_stops_ends_those_of_a_namespace_first(room: Room) -> None:
    default = room.registry.default
    with (
        following(room.bells, default) as one,
        following_all(room.bells, room.registry) as every,
    ):
        room.bells.end()
        assert [batch async for batch in one.batches()] == []

        record(default)
        room.bells.end_everywhere()
        assert [seqs(batch) async for batch in every.batches()] == [[1]]


async def test_a_bell_that_is_asked_for_after_the_end_is_over(room: Room) -> None:
    room.bells.end()
    with following(room.bells, room.create("late")) as follower:
        assert [batch async for batch in follower.batches()] == []


async def test_followers_leave_nothing_behind(room: Room) -> None:
    with following_all(room.bells, room.registry):
        pass
    with following(room.bells, room.registry.default):
        pass

    assert room.bells.everywhere().hearers == []
    assert room.bells.of(room.registry.default).hearers == []
