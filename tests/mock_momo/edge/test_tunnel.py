"""The tunnel on real sockets: whom it lets through, what it refuses, how it ends."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from mock_momo.edge.tls import MTN_HOSTS
from mock_momo.edge.tunnel import HEAD_LIMIT, Tunnel

PATIENCE_S = 10.0
SANDBOX = "sandbox.momodeveloper.mtn.com:443"
CONNECTED = b"HTTP/1.1 200 Connection established\r\n\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer when the client has said all: only a half-closed connection can be heard out."""
    writer.write(await reader.read(-1))
    writer.close()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send RST: no time to linger."""
    await reader.read(1)
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    writer.transport.abort()


async def hold(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read(-1)


@dataclass(slots=True)
class Behind:
    """A tunnel, and a server where the fake would be."""

    tunnel: Tunnel
    port: int
    connections: int

    async def opened(self) -> Streams:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def told(self, content: bytes) -> bytes:
        """Everything that comes back for these bytes, the client's side staying open."""
        reader, writer = await self.opened()
        writer.write(content)
        async with asyncio.timeout(PATIENCE_S):
            answer = await reader.read(-1)
        writer.close()
        return answer


@asynccontextmanager
async def behind(behaviour: Behaviour = echo, head_s: float = PATIENCE_S) -> AsyncIterator[Behind]:
    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.connections += 1
        await behaviour(reader, writer)
        writer.close()

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    tunnel = Tunnel("127.0.0.1", server.sockets[0].getsockname()[1], head_s)
    found = Behind(tunnel, await tunnel.start(0), 0)
    async with server:
        yield found
        await tunnel.stop(0)


def connect(target: str) -> bytes:
    return f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()


@pytest.mark.parametrize("host", [*MTN_HOSTS, "SANDBOX.momodeveloper.MTN.com"])
async def test_every_host_of_mtn_leads_to_the_fake(host: str) -> None:
    async with behind() as found:
        reader, writer = await found.opened()
        writer.write(connect(f"{host}:443") + b"hel")
        writer.write(b"lo")
        writer.write_eof()
        async with asyncio.timeout(PATIENCE_S):
            assert await reader.read(-1) == CONNECTED + b"hello"
        writer.close()


async def test_what_is_long_comes_whole() -> None:
    said = bytes(range(256)) * 8192
    async with behind() as found:
        reader, writer = await found.opened()
        writer.write(connect(SANDBOX) + said)
        writer.write_eof()
        async with asyncio.timeout(PATIENCE_S):
            assert await reader.read(-1) == CONNECTED + said
        writer.close()


@pytest.mark.parametrize(
    "head",
    [
        connect("example.com:443"),
        connect("sandbox.momodeveloper.mtn.com:80"),
        connect("sandbox.momodeveloper.mtn.com.example.com:443"),
        connect("127.0.0.1:443"),
        b"GET http://sandbox.momodeveloper.mtn.com/ HTTP/1.1\r\n\r\n",
        b"GET https://sandbox.momodeveloper.mtn.com/ HTTP/1.1\r\n\r\n",
        b"GET sandbox.momodeveloper.mtn.com:443 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
    ],
)
async def test_all_else_is_refused_with_one_line_that_says_what_it_is_for(head: bytes) -> None:
    async with behind() as found:
        answer = await found.told(head)

    top, _, body = answer.decode().partition("\r\n\r\n")
    assert top.startswith("HTTP/1.1 403 Forbidden\r\n")
    assert f"Content-Length: {len(body)}" in top
    assert body.count("\n") == 1
    assert "sandbox.momodeveloper.mtn.com" in body
    assert "leads to the fake alone" in body
    assert found.connections == 0


@pytest.mark.parametrize(
    "head",
    [
        b"CONNECT\r\n\r\n",
        b"CONNECT sandbox.momodeveloper.mtn.com HTTP/1.1\r\n\r\n",
        b"CONNECT https://sandbox.momodeveloper.mtn.com:443 HTTP/1.1\r\n\r\n",
        b"CONNECT sandbox.momodeveloper.mtn.com:443 HTTP/2\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"CONNECT " + SANDBOX.encode() + b" HTTP/1.1\r\nX: " + b"x" * HEAD_LIMIT + b"\r\n\r\n",
        b"x" * (HEAD_LIMIT + 4),
    ],
)
async def test_what_is_no_connect_is_told_so(head: bytes) -> None:
    async with behind() as found:
        answer = await found.told(head)

    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert answer.count(b"\n") == 6
    assert found.connections == 0


async def test_a_head_as_long_as_may_be_is_read() -> None:
    begin, end = b"CONNECT " + SANDBOX.encode() + b" HTTP/1.1\r\nX: ", b"\r\n\r\n"
    async with behind(reset) as found:
        answer = await found.told(begin + b"x" * (HEAD_LIMIT - len(begin + end)) + end + b"!")

    assert answer == CONNECTED


async def test_a_head_that_does_not_come_in_time_ends_the_connection() -> None:
    async with behind(head_s=0.01) as found:
        assert (await found.told(b"CONNECT ")).startswith(b"HTTP/1.1 408 Request Timeout\r\n")


async def test_a_client_that_leaves_before_its_head_is_whole_is_no_trouble() -> None:
    async with behind() as found:
        reader, writer = await found.opened()
        writer.write(b"CONNECT ")
        writer.write_eof()
        assert (await reader.read(-1)).startswith(b"HTTP/1.1 400 ")
        writer.close()


async def test_where_the_fake_cuts_the_client_is_cut() -> None:
    async with behind(reset) as found:
        assert await found.told(connect(SANDBOX) + b"!") == CONNECTED


async def test_where_the_client_cuts_the_fake_is_cut() -> None:
    heard = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        client.transport.abort()
        await reader.read(-1)
        heard.set()

    async with behind(listen) as found:
        _, client = await found.opened()
        client.write(connect(SANDBOX) + b"!")
        async with asyncio.timeout(PATIENCE_S):
            await heard.wait()


async def test_without_a_fake_the_client_is_told_nothing() -> None:
    async with behind() as found:
        tunnel = Tunnel("127.0.0.1", 1)
        port = await tunnel.start(0)
        answer = await Behind(tunnel, port, 0).told(connect(SANDBOX))
        await tunnel.stop(0)

    assert (answer, found.connections) == (b"", 0)


async def test_its_end_cuts_what_does_not_end_by_itself() -> None:
    async with behind(hold) as found:
        silent, (reader, writer) = await found.opened(), await found.opened()
        writer.write(connect(SANDBOX))
        assert await reader.readexactly(len(CONNECTED)) == CONNECTED
        await found.tunnel.stop(0.01)
        async with asyncio.timeout(PATIENCE_S):
            assert await reader.read(-1) == b""
            assert await silent[0].read(-1) == b""
        with pytest.raises(ConnectionRefusedError):
            await found.opened()
        for stream in (writer, silent[1]):
            stream.close()


async def test_its_end_waits_for_what_is_under_way_and_for_no_head() -> None:
    goes_on = asyncio.Event()

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await goes_on.wait()
        writer.write(b"late")

    async with behind(answer) as found:
        silent, (reader, writer) = await found.opened(), await found.opened()
        writer.write(connect(SANDBOX))
        assert await reader.readexactly(len(CONNECTED)) == CONNECTED
        stopping = asyncio.create_task(found.tunnel.stop(PATIENCE_S))
        async with asyncio.timeout(PATIENCE_S):
            assert await silent[0].read(-1) == b"", "a client without a head is not waited for"
            goes_on.set()
            assert await reader.read(4) == b"late"
            writer.close()
            await stopping
        silent[1].close()


async def test_one_that_was_never_opened_can_be_stopped() -> None:
    await Tunnel("127.0.0.1", 1).stop(0)
