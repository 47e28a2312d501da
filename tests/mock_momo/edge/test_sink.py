"""Writing events out: nobody waits for a slow reader, and what it misses is counted."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from mock_momo.core.registry import Registry
from mock_momo.core.settings import Settings
from mock_momo.edge.log.bell import Bells
from mock_momo.edge.log.follower import Batch
from mock_momo.edge.log.sink import Sink
from momo_contracts.events import RequestUnparsable

PATIENCE_S = 10.0
PIPE_IS_FULL = 1 << 21
"""More than any pipe takes."""


class Pipe:
    """A pipe with a sink on one end and a test on the other."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        self.registry = Registry(Settings())
        self.bells = Bells(self.registry)
        self.ended = asyncio.Event()
        self.sink = Sink(self.writing, self._shown, self.ended.set)
        self.size = 1

    def start(self) -> None:
        self.sink.start(self.bells, self.registry)

    def record(self, count: int = 1) -> None:
        for _ in range(count):
            self.registry.default.record(RequestUnparsable("x"), 0)

    async def stop(self, seconds: float = PATIENCE_S) -> None:
        self.bells.end_everywhere()
        await self.sink.finish(seconds)

    async def read(self, least: int = 1) -> bytes:
        """At least so many bytes, or all up to the end."""
        found = b""
        while len(found) < least:
            more = await asyncio.to_thread(os.read, self.reading, 1 << 16)
            if not more:
                break
            found += more
        return found

    def _shown(self, batch: Batch) -> bytes:
        return b"".join(b"%d\n" % event.seq for event in batch.events) * self.size


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    for descriptor in (made.reading, made.writing):
        try:
            os.close(descriptor)
        except OSError:
            continue


async def test_all_that_was_and_comes_is_written_in_order(pipe: Pipe) -> None:
    pipe.record(2)
    pipe.start()
    assert await pipe.read(4) == b"1\n2\n"
    pipe.record()
    assert await pipe.read(2) == b"3\n"


async def test_what_is_left_at_the_stop_is_written_too(pipe: Pipe) -> None:
    pipe.start()
    pipe.record(3)
    await pipe.stop()

    assert await pipe.read(6) == b"1\n2\n3\n"
    assert pipe.ended.is_set()


async def test_a_reader_who_does_not_read_holds_up_nobody_and_is_given_up_at_the_stop(
    pipe: Pipe,
) -> None:
    pipe.size = PIPE_IS_FULL
    pipe.start()
    pipe.record()

    with pytest.raises(TimeoutError):
        await pipe.stop(seconds=0.01)
    pipe.size = 0
    await pipe.read(2 * PIPE_IS_FULL)  # lets the thread go


async def test_events_that_the_ring_let_go_meanwhile_are_counted(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe.registry.default.log, "_max_events", 5)
    pipe.size = PIPE_IS_FULL
    pipe.start()
    pipe.record()
    await pipe.read()
    pipe.size = 1
    pipe.record(8)
    await pipe.read(2 * PIPE_IS_FULL - (1 << 16))
    await pipe.stop()

    assert pipe.sink.lost == 3


async def test_a_reader_who_is_gone_ends_it(pipe: Pipe) -> None:
    os.close(pipe.reading)
    pipe.start()
    pipe.record()
    await asyncio.wait_for(pipe.ended.wait(), PATIENCE_S)

    with pytest.raises(BrokenPipeError):
        await pipe.stop()


async def test_a_descriptor_that_somebody_made_non_blocking_is_waited_for(pipe: Pipe) -> None:
    os.set_blocking(pipe.writing, False)
    pipe.size = PIPE_IS_FULL
    pipe.start()
    pipe.record()

    assert len(await pipe.read(2 * PIPE_IS_FULL)) == 2 * PIPE_IS_FULL


async def test_one_that_never_began_is_finished(pipe: Pipe) -> None:
    await pipe.stop()
