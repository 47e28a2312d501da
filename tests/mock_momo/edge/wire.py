"""Raw HTTP to a fake in this process: bytes out, one whole reply back."""

import asyncio
import json
from dataclasses import dataclass

from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.core.settings import Settings
from mock_momo.edge.wire.server import FakeServer
from momo_contracts.values import Product
from tests.mock_momo.core.calls import basic, bearer

WALL_MS = 1_700_000_000_000
DATE = "Tue, 14 Nov 2023 22:13:20 GMT"
PATIENCE_S = 10.0
OBSERVED = {
    "Request-Context": "appId=cid-v1:e996501c-e721-4ac1-97ff-dc6887b85e8c",
    "X-XSS-Protection": "1; mode=block",
}
WALLET = {"Content-Type": "application/json;charset=utf-8", **OBSERVED}
"""The headers of the wallet's replies; those without a body have the first two alone."""
Headers = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply as it came; `headers` without those that say nothing: Server, Date, length."""

    status: int
    headers: dict[str, str]
    body: bytes
    why: str | None = None

    @property
    def json(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.body)
        return found


class Wall:
    """A machine's clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.ms = WALL_MS

    def __call__(self) -> int:
        return self.ms


class Fake:
    """A server of ours on a real socket, and the right headers to talk to it."""

    def __init__(self) -> None:
        self.wall = Wall()
        self.registry = Registry(Settings())
        self.server = FakeServer(self.registry, self.wall)
        self.port = 0

    async def start(self) -> None:
        self.port = await self.server.start("127.0.0.1", 0)

    def headers(self, namespace: Namespace | None = None) -> Headers:
        room = namespace or self.registry.default
        return {
            "Host": "localhost",
            "Ocp-Apim-Subscription-Key": room.credentials.subscription_keys[Product.COLLECTION],
            "Authorization": bearer(room, room.now_ms(self.wall())),
            "X-Target-Environment": "sandbox",
        }

    def login(self, namespace: Namespace | None = None) -> Headers:
        credentials = (namespace or self.registry.default).credentials
        authorization = basic(credentials.api_user, credentials.api_key)
        return self.headers(namespace) | {"Authorization": authorization}

    async def ask(self, method: str, path: str, headers: Headers, body: bytes = b"") -> Answer:
        return await self.send(compose(method, path, headers, body))

    async def control(self, method: str, path: str, message: object = None) -> Answer:
        body = b"" if message is None else json.dumps(message).encode()
        return await self.ask(method, f"/_mock/v1/{path}", {"Host": "localhost"}, body)

    async def send(self, content: bytes, *, half_closed: bool = False) -> Answer:
        """Send bytes and read one reply. Raises IncompleteReadError when none comes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(content)
            if half_closed:
                writer.write_eof()
            return await asyncio.wait_for(read_answer(reader), PATIENCE_S)
        finally:
            writer.transport.abort()


def compose(method: str, path: str, headers: Headers, body: bytes = b"") -> bytes:
    """A request; a header of None is left out, and a body or a POST says its length."""
    lines = [f"{method} {path} HTTP/1.1"]
    length = {"Content-Length": str(len(body))} if body or method in ("POST", "PUT") else {}
    for name, value in (length | headers).items():
        if value is not None:
            lines.append(f"{name}: {value}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """One reply with a Content-Length, checked to be framed and dated rightly."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status_line, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert len(headers) == len(lines), f"a header came twice: {lines}"
    body = await reader.readexactly(int(headers.pop("Content-Length")))
    headers.pop("Server", None)  # of the control API
    headers.pop("Date")
    headers.pop("Connection", None)
    return Answer(int(status_line.split()[1]), headers, body, headers.pop("X-Mock-Why", None))
