"""HTTP, one connection a request, under one deadline: whatever the other side does, it ends."""

import io
import json
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from time import monotonic
from typing import cast
from urllib.parse import SplitResult, urlsplit

from tests.mutants.client.log import Log
from tests.mutants.client.settings import Settings

Headers = tuple[tuple[str, str], ...]


class NoAnswer(Exception):
    """No whole answer came in time: whatever was asked for may have happened."""


class Unreadable(Exception):
    """The body of an answer is not a JSON object, or does not say that it is one."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `path` follows the base URL and begins with a slash."""

    method: str
    path: str
    headers: Headers = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> Mapping[str, object]:
        """The body as a JSON object. Raises Unreadable."""
        if not self.is_json:
            raise Unreadable("the answer is not JSON")
        try:
            document = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Unreadable("the answer does not parse") from None
        if not isinstance(document, dict):
            raise Unreadable("the answer is no JSON object")
        return document

    @property
    def is_json(self) -> bool:
        return "json" in self.headers.get("content-type", "").partition(";")[0].lower()


class Wire:
    """Sends requests to one base URL."""

    BODY_LIMIT = 1 << 20

    def __init__(self, settings: Settings, log: Log) -> None:
        self.settings = settings
        self.log = log
        self.base = urlsplit(settings.base_url)

    def exchange(self, request: Request) -> Reply:
        """The answer to a request; redirects are answers like any other. Raises NoAnswer."""
        path = self.target(request)
        try:
            reply = self.once(request)
        except (OSError, HTTPException) as problem:
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
            return self.received(request, connection, deadline)

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

    def tls(self) -> ssl.SSLContext:
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

    def received(self, request: Request, connection: socket.socket, deadline: float) -> Reply:
        incoming = cast("socket.socket", _Incoming(connection, deadline))
        response = HTTPResponse(incoming, method=request.method)
        response.begin()
        body = response.read(self.BODY_LIMIT)
        if self.is_cut(response):
            raise HTTPException("the body is cut short, or too long")
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, headers, body)

    def is_cut(self, response: HTTPResponse) -> bool:
        """True while some of the body is missing: it ended early, or it is beyond the limit."""
        return bool(response.length) or not (response.isclosed() or response.read(1) == b"")


class _Incoming(io.RawIOBase):
    """What comes out of a socket, as HTTPResponse wants it, each wait cut by one deadline."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self.connection = connection
        self.deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

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
