"""HTTP, one connection a request, under one deadline: whatever the other side does, it ends."""

import io
import socket
from contextlib import closing
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, urlsplit

from tests.mutants.client.log import Log
from tests.mutants.client.reply import Broken, Reply, ReplyReader
from tests.mutants.client.settings import Settings

if TYPE_CHECKING:
    import ssl

Headers = tuple[tuple[str, str], ...]


class NoAnswer(Exception):
    """No whole answer came in time: whatever was asked for may have happened."""


class Request(NamedTuple):
    """One request; `path` follows the base URL and begins with a slash."""

    method: str
    path: str
    headers: Headers
    body: bytes | None = None

    def __repr__(self) -> str:
        return f"{self.method} {self.path}"


class Wire:
    """Sends requests to one base URL."""

    def __init__(self, settings: Settings, log: Log) -> None:
        self.settings = settings
        self.log = log
        self.reader = ReplyReader()
        self.base = urlsplit(settings.base_url)

    def exchange(self, request: Request) -> Reply:
        """The answer to a request; redirects are answers like any other. Raises NoAnswer."""
        path = self.target(request)
        try:
            reply = self.once(request)
        except (OSError, Broken) as problem:
            kind = type(problem).__name__
            self.log.request(request.method, path, kind)
            raise NoAnswer(kind) from None
        self.log.request(request.method, path, reply.status)
        return reply

    def once(self, request: Request) -> Reply:
        deadline = monotonic() + self.timeout_s()
        with closing(self.connected(self.base, deadline)) as connection:
            connection.settimeout(_left_s(deadline))
            connection.sendall(self.head(request) + (request.body or b""))
            return self.received(connection, deadline)

    def timeout_s(self) -> float:
        return self.settings.request_timeout_ms / 1000

    def connected(self, address: SplitResult, deadline: float) -> socket.socket:
        is_tls = address.scheme == "https"
        host, port = address.hostname or "", address.port or (443 if is_tls else 80)
        connection = socket.create_connection((host, port), _left_s(deadline))
        if not is_tls:
            return connection
        try:
            connection.settimeout(_left_s(deadline))
            return self.tls().wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise

    def tls(self) -> "ssl.SSLContext":
        import ssl  # noqa: PLC0415  # as slow to import as half of the rest

        return ssl.create_default_context()

    def target(self, request: Request) -> str:
        return self.base.path.rstrip("/") + request.path

    def head(self, request: Request) -> bytes:
        lines = [
            f"{request.method} {self.target(request)} HTTP/1.1",
            f"Host: {self.base.netloc}",
            "Connection: close",
            *(f"{name}: {value}" for name, value in request.headers),
            *self.length(request),
        ]
        return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")

    def length(self, request: Request) -> tuple[str, ...]:
        """Content-Length, zero included, for all that could have a body."""
        if request.method == "GET":
            return ()
        return (f"Content-Length: {len(request.body or b'')}",)

    def received(self, connection: socket.socket, deadline: float) -> Reply:
        return self.reader.read(io.BufferedReader(_Incoming(connection, deadline)))


class _Incoming(io.RawIOBase):
    """What comes out of a socket, each wait for it cut by one deadline."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self.connection = connection
        self.deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # all it is given
        self.connection.settimeout(_left_s(self.deadline))
        return self.connection.recv_into(buffer)


def _left_s(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError("the request took too long")
    return left
