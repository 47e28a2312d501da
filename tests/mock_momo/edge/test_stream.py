"""The event log as server-sent events, over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientResponse, ClientSession

from mock_momo.core.namespace import Namespace
from mock_momo.core.settings import Settings
from mock_momo.edge.control import stream
from momo_contracts.events import ExchangeBegan, RequestUnparsable
from tests.mock_momo.core.calls import BALANCE
from tests.mock_momo.edge.wire import PATIENCE_S, WALL_MS, Fake

Frame = dict[str, str]


class Reader:
    """Reads frames; a frame is its fields by name, a comment has the name ''."""

    def __init__(self, reply: ClientResponse) -> None:
        self.reply = reply

    async def frame(self) -> Frame | None:
        """The next frame, None at the end of the stream."""
        found: Frame = {}
        while line := await asyncio.wait_for(self.reply.content.readline(), PATIENCE_S):
            if line == b"\n":
                return found
            name, _, text = line.decode().rstrip("\n").partition(":")
            found[name] = text.strip()
        return None

    async def ids(self, count: int) -> list[str]:
        frames = [await self.frame() for _ in range(count)]
        return [frame["id"] for frame in frames if frame]


@asynccontextmanager
async def opened(
    fake: Fake, namespace: str = "default", query: str = "", **headers: str
) -> AsyncIterator[Reader]:
    url = f"http://127.0.0.1:{fake.port}/_mock/v1/namespaces/{namespace}/events/stream{query}"
    async with ClientSession() as session, session.get(url, headers=headers) as reply:
        reader = Reader(reply)
        if reply.status == 200:
            assert await reader.frame() == {"": f"the events of {namespace}"}
        yield reader


def record(namespace: Namespace, times: int = 1, problem: str = "x") -> None:
    for _ in range(times):
        namespace.record(RequestUnparsable(problem), WALL_MS)


async def test_an_event_is_one_frame_with_its_seq_as_id_as_the_log_shows_it(fake: Fake) -> None:
    async with opened(fake) as reader:
        await fake.ask("GET", BALANCE, fake.headers())
        frames = [await reader.frame() for _ in range(3)]

    listed = (await fake.control("GET", "namespaces/default/events")).body.decode().splitlines()
    assert reader.reply.headers["Content-Type"] == "text/event-stream"
    assert [frame for frame in frames if frame] == [
        {"id": str(number), "data": line} for number, line in enumerate(listed, 1)
    ]
    assert [json.loads(line)["kind"] for line in listed] == [
        "namespace_described", "exchange_began", "exchange_ended",
    ]  # fmt: skip


async def test_it_begins_where_it_is_told_to(fake: Fake) -> None:
    record(fake.registry.default, 4)
    async with opened(fake, query="?after=2") as reader:
        assert await reader.ids(2) == ["3", "4"]


async def test_a_client_that_comes_back_goes_on_where_it_was(fake: Fake) -> None:
    record(fake.registry.default, 4)
    async with opened(fake, query="?after=1", **{"Last-Event-ID": "3"}) as reader:
        assert await reader.ids(1) == ["4"]


async def test_an_id_of_another_run_begins_at_the_beginning(fake: Fake) -> None:
    record(fake.registry.default, 2)
    async with opened(fake, **{"Last-Event-ID": "77"}) as reader:
        assert await reader.ids(3) == ["1", "2", "3"]


async def test_an_id_that_is_no_number_is_refused(fake: Fake) -> None:
    async with opened(fake, **{"Last-Event-ID": "x"}) as reader:
        assert reader.reply.status == 400
        assert (await reader.reply.json())["error"] == (
            "'Last-Event-ID' must be a whole number, not 'x'"
        )


async def test_a_gap_says_how_many_were_lost(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fake.registry.default.log, "_max_events", 2)
    record(fake.registry.default, 4)
    async with opened(fake, query="?after=1") as reader:
        assert await reader.frame() == {"event": "gap", "data": '{"lost":2}'}
        assert await reader.ids(2) == ["4", "5"]


async def test_a_silent_stream_shows_that_it_is_alive(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.001)
    async with opened(fake, query="?after=1") as reader:
        assert await reader.frame() == {"": ""}


async def test_no_secret_is_in_the_stream(fake: Fake) -> None:
    async with opened(fake, query="?after=1") as reader:
        await fake.ask("GET", BALANCE, fake.headers())
        frame = await reader.frame()

    began = next(fake.registry.default.log.after(1)).detail
    assert isinstance(began, ExchangeBegan)
    secret = str(fake.headers()["Ocp-Apim-Subscription-Key"])
    assert secret.encode() in dict(began.headers).values()
    assert frame is not None
    assert secret not in frame["data"]


ENDS: dict[str, Callable[[Fake], object]] = {
    "the namespace goes away": lambda fake: fake.control("DELETE", "namespaces/gone"),
    "the fake stops": lambda fake: fake.server.stop(drain_s=PATIENCE_S),
}


@pytest.mark.parametrize("what", ENDS)
async def test_it_ends_in_order_when(fake: Fake, what: str) -> None:
    fake.registry.create("gone", Settings())
    async with opened(fake, "gone", "?after=1") as reader:
        ending = ENDS[what](fake)
        assert asyncio.iscoroutine(ending)
        running = asyncio.create_task(ending)

        assert await reader.frame() is None
        await running


async def test_a_client_that_leaves_is_forgotten(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.001)
    async with opened(fake):
        assert fake.server.services.bells.of(fake.registry.default).hearers
    while fake.server.services.bells.of(fake.registry.default).hearers:  # noqa: ASYNC110  # nothing says so
        await asyncio.sleep(0)


async def test_a_client_that_does_not_read_keeps_nobody_waiting(fake: Fake) -> None:
    async with opened(fake):
        record(fake.registry.default, 9_000, "long" * 250)
        answer = await fake.ask("GET", BALANCE, fake.headers())

    assert answer.status == 200


async def test_an_unknown_namespace_is_404(fake: Fake) -> None:
    async with opened(fake, "nope") as reader:
        assert reader.reply.status == 404
