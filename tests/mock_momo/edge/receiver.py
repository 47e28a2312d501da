"""A merchant's callback endpoint on a real socket: it keeps what comes and answers as told."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came: request line, headers in order, body."""

    line: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.body)
        return found


class Receiver:
    """Answers with `statuses` in turn, then with 200; `on_request` runs before each answer.

    The first `hangs` requests are never answered; `extra` is more lines of each answer's head. An
    `is_echo` sends back what it was sent, which is no answer.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.statuses: list[int | None] = []
        self.on_request: Callable[[], Awaitable[object]] | None = None
        self.hangs = 0
        self.extra = ""
        self.is_echo = False
        self.port = 0
        self.scheme = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}/callbacks/momo"

    @property
    def statuses_seen(self) -> list[object]:
        return [row.json["status"] for row in self.received]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().removesuffix("\r\n\r\n")
            line, *rows = head.split("\r\n")
            headers = tuple((name, text) for name, text in (row.split(": ", 1) for row in rows))
            length = int(dict(headers)["Content-Length"])
            self.received.append(Received(line, headers, await reader.readexactly(length)))
            if len(self.received) <= self.hangs:
                await reader.read()
                return
            if self.is_echo:
                writer.write(f"{head}\r\n\r\n".encode())
                return
            if self.on_request is not None:
                await self.on_request()
            status = self.statuses.pop(0) if self.statuses else 200
            if status is not None:  # None: hang up without a word
                writer.write(
                    f"HTTP/1.1 {status} X\r\n{self.extra}Content-Length: 5\r\n\r\nreply".encode()
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver for as long as the block lasts."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.answer, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    receiver.scheme = "https" if tls else "http"
    try:
        yield receiver
    finally:
        server.close()
