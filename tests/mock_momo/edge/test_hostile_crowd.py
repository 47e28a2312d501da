"""Five hundred hostile connections at once, and good traffic beside them."""

import asyncio
import gc
import json
from asyncio import StreamReader, StreamWriter
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it comes without types
from aiohttp.web import RequestHandler

from mock_momo.core.draws import draw_uuid
from tests.mock_momo.commands.conftest import Console, Serving
from tests.mock_momo.core.calls import BALANCE, REQUEST_TO_PAY, TOKEN, basic
from tests.mock_momo.edge.hostile_requests import GOOD_BODY, NAMESPACES, RIGHT
from tests.mock_momo.edge.wire import PATIENCE_S, Answer, Fake, Headers, compose, read_answer

Connection = tuple[StreamReader, StreamWriter]

OF_EACH = 50
PAYMENTS = 60
TURNS = 1000  # of the loop: many times what it takes to see a client go, and to end
POST = b"POST " + REQUEST_TO_PAY.encode() + b" HTTP/1.1\r\nHost: x\r\n"
SLOW = b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
HALF_A_BODY = POST + b"Content-Length: 100\r\n\r\n{"
HELD = {
    "says nothing": b"",
    "half a request line": b"GET /coll",
    "a header, byte by byte": SLOW,
    "half a body": HALF_A_BODY,
    "half a body of control": HALF_A_BODY.replace(REQUEST_TO_PAY.encode(), NAMESPACES.encode()),
    "a megabyte that never comes": POST + b"Content-Length: 1000000\r\n\r\n",
    "half a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nff\r\nabc",
    "waits to be told, and is told": POST + b"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n",
    "hundreds at once, replies unread": compose("GET", f"/ns/flood{BALANCE}", RIGHT) * 200,
    "a feed, unread": compose("GET", f"{NAMESPACES}/default/events/stream", RIGHT),
}
"""What the fake must bear as long as the client likes."""
ENDED = {
    "garbage": b"garbage\r\n\r\n",
    "too much announced": POST + b"Content-Length: 2000000\r\n\r\n",
    "half-closed in the head": SLOW,
    "half-closed in the body": HALF_A_BODY,
    "gone in the body": HALF_A_BODY,
}
"""What the fake ends, or has to see ended, at once."""
LEFT_IN_THE_BODY = ("half a body", "a megabyte that never comes", "half a chunk",
                    "waits to be told, and is told", "half-closed in the body",
                    "gone in the body")  # fmt: skip


class Crowd:
    """Many hostile clients of one port."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._held: dict[str, list[Connection]] = {}

    async def come(self, of_each: int) -> None:
        for name, content in (HELD | ENDED).items():
            connecting = (self._connect(content) for _ in range(of_each))
            self._held[name] = await asyncio.gather(*connecting)
        for reader, _ in self._held["garbage"]:
            assert (await asyncio.wait_for(read_answer(reader), PATIENCE_S)).status == 400
        for reader, _ in self._held["too much announced"]:
            assert (await asyncio.wait_for(read_answer(reader), PATIENCE_S)).status == 413
        for name in ("half-closed in the head", "half-closed in the body"):
            for reader, writer in self._held[name]:
                writer.write_eof()
                assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
        for _, writer in self._held["gone in the body"]:
            writer.transport.abort()

    async def _connect(self, content: bytes) -> Connection:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(content)
        return reader, writer

    def trickle(self) -> None:
        """One byte more from whoever sends byte by byte."""
        for _, writer in self._held["a header, byte by byte"]:
            writer.write(b"a")

    async def go(self) -> None:
        writers = [writer for held in self._held.values() for _, writer in held]
        for writer in writers:
            writer.transport.abort()
        await asyncio.gather(*(w.wait_closed() for w in writers), return_exceptions=True)


@asynccontextmanager
async def crowd(port: int, of_each: int) -> AsyncIterator[Crowd]:
    """So many hostile clients of each kind, until the end."""
    hostile = Crowd(port)
    try:
        await hostile.come(of_each)
        yield hostile
    finally:
        await hostile.go()


class GoodClient:
    """Pays over one connection that is kept alive."""

    def __init__(self, connection: Connection, headers: Headers) -> None:
        self._reader, self._writer = connection
        self._headers = headers

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str | None) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._writer.write(compose(method, path, self._headers | named, body))
        return await asyncio.wait_for(read_answer(self._reader), PATIENCE_S)

    async def log_in(self, user: str, key: str) -> None:
        answer = await self.ask("POST", TOKEN, Authorization=basic(user, key))
        self._headers = self._headers | {"Authorization": f"Bearer {answer.json['access_token']}"}

    async def pay(self, reference_id: str) -> tuple[int, str]:
        """The status of the request to pay, and of the payment."""
        asked = await self.ask("POST", REQUEST_TO_PAY, GOOD_BODY, X_Reference_Id=reference_id)
        found = await self.ask("GET", f"{REQUEST_TO_PAY}/{reference_id}")
        return asked.status, str(found.json["status"])


@asynccontextmanager
async def good_client(serving: Serving) -> AsyncIterator[GoodClient]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(serving))
    client = GoodClient((reader, writer), RIGHT)
    told = (await client.ask("GET", f"{NAMESPACES}/default")).json
    await client.log_in(str(told["api_user"]), str(told["api_key"]))
    yield client
    writer.transport.abort()


def port_of(serving: Serving) -> int:
    return int(serving.url.rpartition(":")[2])


async def until_open(client: GoodClient, process: psutil.Process, files: int) -> None:
    """Until the fake has so many files open; it is asked something good meanwhile."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            while process.num_fds() != files:
                assert (await client.ask("GET", BALANCE)).status == 200
    assert process.num_fds() == files


async def amid_a_crowd(client: GoodClient, serving: Serving) -> None:
    assert (await client.ask("PUT", f"{NAMESPACES}/flood", b"{}")).status == 201
    process = psutil.Process(serving.child.pid)
    before = process.num_fds()
    async with crowd(port_of(serving), OF_EACH) as hostile:
        for number in range(PAYMENTS):
            assert await client.pay(draw_uuid(number)) == (202, "SUCCESSFUL")
            hostile.trickle()
        assert process.num_fds() >= before + OF_EACH * len(HELD)
    await until_open(client, process, before)


async def test_good_traffic_goes_on_beside_500_hostile_connections(tmp_path: Path) -> None:
    with Console(tmp_path).serving() as serving:
        async with good_client(serving) as client:
            await amid_a_crowd(client, serving)
            log = await client.ask("GET", f"{NAMESPACES}/default/events")
        ended = serving.stop()

    assert (ended.code, ended.err) == (0, "")
    kinds = Counter(json.loads(line)["kind"] for line in log.body.splitlines())
    assert kinds["request_unparsable"] == OF_EACH
    assert kinds["client_aborted"] == OF_EACH * len(LEFT_IN_THE_BODY)
    assert kinds["payment_settled"] == PAYMENTS


def in_memory() -> int:
    """How many connections of servers there are that nothing has let go."""
    gc.collect()
    return sum(issubclass(type(one), RequestHandler) for one in gc.get_objects())


async def test_whoever_has_gone_leaves_nothing_behind(fake: Fake) -> None:
    before = asyncio.all_tasks(), in_memory()
    async with crowd(fake.port, 2):
        assert in_memory() >= before[1] + 2 * len(HELD)

    for _ in range(TURNS):
        await asyncio.sleep(0)

    assert (asyncio.all_tasks(), in_memory()) == before
    assert fake.registry.names() == ["default"]
