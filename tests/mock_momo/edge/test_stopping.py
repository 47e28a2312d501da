"""What clients see that are being answered, or not, while the fake stops."""

import asyncio
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mock_momo.edge.documents.rule_messages import RuleMessage, rules_from
from momo_contracts.events import BODY_LIMIT, NO_HEADERS, Body, ExchangeBegan
from tests.mock_momo.core.calls import BALANCE, TOKEN
from tests.mock_momo.edge.wire import PATIENCE_S, Fake, compose, read_answer

HALF_A_BODY = b"POST " + TOKEN.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
LONG_EVENT = ExchangeBegan("GET", "/", NO_HEADERS, Body.of(b"x" * BODY_LIMIT), "default")
MANY = 1500  # 24 MB in all: more than the buffers between the fake and a client that waits
WAITING: dict[str, object] = {
    "latency": {"latency": {"ms": 60_000}},
    "slow_drip": {"slow_drip": {"ms": 60_000}},
}


@asynccontextmanager
async def connected(fake: Fake) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
    yield reader, writer
    writer.transport.abort()


async def until_begun(fake: Fake, requests: int) -> None:
    """Until so many requests are in their handlers."""
    http = fake.server._http  # noqa: SLF001  # nothing public tells
    assert http is not None
    async with asyncio.timeout(PATIENCE_S):
        while http.requests_count < requests:  # noqa: ASYNC110  # likewise
            await asyncio.sleep(0)


async def stopped(fake: Fake, drain_s: float) -> None:
    await asyncio.wait_for(fake.server.stop(drain_s), PATIENCE_S)


@pytest.mark.parametrize("fault", WAITING)
async def test_what_a_fault_holds_back_comes_whole_and_at_once(fake: Fake, fault: str) -> None:
    message = RuleMessage.model_validate({"name": "slow", "fault": WAITING[fault]})
    fake.registry.default.rule(rules_from([message]))
    async with connected(fake) as (reader, writer):
        writer.write(compose("GET", BALANCE, fake.headers()))
        await until_begun(fake, 1)

        await stopped(fake, drain_s=PATIENCE_S)

        answer = await asyncio.wait_for(read_answer(reader), PATIENCE_S)
        assert answer.body == b'{"availableBalance":"1000","currency":"EUR"}'


async def test_a_reply_under_way_may_finish(fake: Fake) -> None:
    for _ in range(MANY):
        fake.registry.default.record(LONG_EVENT, fake.wall())
    async with connected(fake) as (reader, writer):
        path = "/_mock/v1/namespaces/default/events?after=1"
        writer.write(compose("GET", path, {"Host": "x"}))
        await until_begun(fake, 1)
        stopping = asyncio.create_task(stopped(fake, drain_s=PATIENCE_S))
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
        assert not stopping.done()

        body = await asyncio.wait_for(reader.read(-1), PATIENCE_S)

        assert f"Content-Length: {len(body)}".encode() in head
        assert body.count(b"\n") == MANY
        await stopping


@pytest.mark.parametrize("drain_s", [0, 0.01])
async def test_a_request_that_never_ends_is_cut(fake: Fake, drain_s: float) -> None:
    async with connected(fake) as (reader, writer):
        writer.write(HALF_A_BODY)
        await until_begun(fake, 1)

        await stopped(fake, drain_s)

        with pytest.raises((ConnectionResetError, IncompleteReadError)):
            await asyncio.wait_for(read_answer(reader), PATIENCE_S)
