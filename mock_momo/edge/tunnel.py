"""The tunnel: how clients that have MTN's host compiled in come to the fake.

A forward proxy for this machine that answers `CONNECT host:443` for MTN's hosts by joining the
client to the fake's own TLS port, and refuses all else: it connects to nothing but the fake.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mock_momo.edge.tls import MTN_HOSTS

HEAD_LIMIT = 8192
HEAD_S = 10.0
"""What a head may be long, in bytes, and how long it may take to come, in wall time."""

_CHUNK = 65_536
_REQUEST = re.compile(rb"([!-~]+) ([!-~]+) HTTP/1\.[01]\r\n")
_AUTHORITY = re.compile(rb"[^/@]+:\d{1,5}")
_TARGETS = frozenset(f"{host}:443".encode() for host in MTN_HOSTS)
_CONNECTED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_PURPOSE = (
    "this is mock-momo's tunnel for clients of MTN's hosts: it answers CONNECT to port 443 of "
    f"{', '.join(MTN_HOSTS)}, and leads to the fake alone"
)
_NO_HTTP = "400 Bad Request", "this is no CONNECT host:port of at most 8 KiB"
_TOO_LATE = "408 Request Timeout", "no CONNECT host:port came in time"
_NOT_MTN = "403 Forbidden", _PURPOSE


class Tunnel:
    """The tunnel to the fake that serves TLS on this host and port."""

    def __init__(self, host: str, port: int, head_s: float = HEAD_S) -> None:
        self._fake = host, port
        self._head_s = head_s
        self._clients: set[asyncio.Task[None]] = set()
        self._joined: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None

    async def start(self, port: int) -> int:
        """Listen on loopback; port 0 takes a free one. Returns it. Raises OSError when taken."""
        self._listener = await asyncio.start_server(
            self._accept, "127.0.0.1", port, limit=HEAD_LIMIT
        )
        bound: int = self._listener.sockets[0].getsockname()[1]
        return bound

    async def stop(self, drain_s: float) -> None:
        """Take no more; those that are joined have `drain_s` to end by themselves, then are cut."""
        if self._listener is None:
            return
        self._listener.close()
        for client in self._clients - self._joined:
            client.cancel()
        if self._clients:
            await asyncio.wait(self._clients, timeout=drain_s)
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = asyncio.create_task(self._serve(reader, writer))
        self._clients.add(client)
        client.add_done_callback(self._clients.discard)
        client.add_done_callback(self._joined.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with _closing(writer):
            refusal = await self._read(reader)
            if refusal is None:
                await self._join(reader, writer)
            else:
                writer.write(_answer(*refusal))

    async def _read(self, reader: asyncio.StreamReader) -> tuple[str, str] | None:
        """What is wrong with a request, if anything."""
        try:
            async with asyncio.timeout(self._head_s):
                head = await reader.readuntil(b"\r\n\r\n")
        except TimeoutError:
            return _TOO_LATE
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return _NO_HTTP
        request = _REQUEST.match(head)
        if request is None or (request[1] == b"CONNECT" and not _AUTHORITY.fullmatch(request[2])):
            return _NO_HTTP
        is_ours = request[1] == b"CONNECT" and request[2].lower() in _TARGETS
        return None if is_ours else _NOT_MTN

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_fake, to_fake = await asyncio.open_connection(*self._fake)
        client = asyncio.current_task()
        if client is not None:
            self._joined.add(client)
        async with _closing(to_fake):
            writer.write(_CONNECTED)
            await asyncio.gather(_pour(reader, to_fake), _pour(from_fake, writer))


_GONE = (OSError, RuntimeError)
"""What a connection raises that is cut; uvloop has a RuntimeError for writing to a closed one."""


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Pass on what comes, and that no more does; where one side is cut, cut the other."""
    try:
        while chunk := await source.read(_CHUNK):
            sink.write(chunk)
            await sink.drain()
        if not sink.is_closing():
            sink.write_eof()
    except _GONE:
        sink.transport.abort()


@asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close a connection when what is queued has left, or cut it when the block is cut short."""
    try:
        yield
        writer.close()
        await writer.wait_closed()
    except _GONE:
        return  # a side is gone: there is nobody to tell
    finally:
        writer.transport.abort()


def _answer(status: str, why: str) -> bytes:
    body = f"mock-momo: {why}\n"
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
        f"Connection: close\r\n\r\n{body}"
    ).encode()
