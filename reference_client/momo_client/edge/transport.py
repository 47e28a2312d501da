"""The synchronous way to the network: a Protocol, and its default on the standard library."""

import socket
import ssl
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    IncompleteRead,
)
from io import BufferedReader, RawIOBase
from time import monotonic
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from momo_client.core.http import Answer, Headers, HttpReply, HttpRequest, NoAnswer

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

REPLY_LIMIT = 1024 * 1024
"""Assumed: the most bytes of a reply's body that are read. The API's own stay below 1 KiB."""


class Transport(Protocol):
    """Anything that can carry one request, once: no retry, no redirect, no exception.

    A reply that did not arrive whole is NoAnswer. A gevent session fits as well as a socket.
    """

    def send(self, request: HttpRequest) -> Answer: ...


class SocketTransport:
    """One connection per request, so that a stale one never leaves a payment undecided.

    `timeout_s` bounds the whole exchange; only of a host with several addresses each one that
    does not answer takes that long.
    """

    def __init__(self, base_url: str, timeout_s: float) -> None:
        parts = urlsplit(base_url)
        self._host = parts.hostname or ""
        self._port = parts.port
        self._prefix = parts.path.rstrip("/")
        self._timeout_s = timeout_s
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None

    def send(self, request: HttpRequest) -> Answer:
        return self.exchange(request.method, request.path, request.headers, request.body)

    def exchange(self, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        """As `send`, for what is none of the API's operations."""
        deadline_s = monotonic() + self._timeout_s
        connection = self._connection()
        try:
            self._connect(connection, deadline_s)
            connection.request(method, self._prefix + path, body or None, dict(headers))
            return _read_reply(_TimedReader(connection.sock, deadline_s))
        except (OSError, HTTPException, ValueError) as error:
            return NoAnswer(problem_of(error))
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        if self._tls is None:
            return HTTPConnection(self._host, self._port)
        return HTTPSConnection(self._host, self._port, context=self._tls)

    def _connect(self, connection: HTTPConnection, deadline_s: float) -> None:
        address = (self._host, connection.port)
        connection.sock = socket.create_connection(address, self._timeout_s)
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is not None:
            connection.sock.settimeout(_left_s(deadline_s))
            connection.sock = self._tls.wrap_socket(connection.sock, server_hostname=self._host)


class _TimedReader(RawIOBase):
    """A socket's bytes until a deadline: however many waits there are, they share the time."""

    def __init__(self, connection: socket.socket, deadline_s: float) -> None:
        self._connection = connection
        self._deadline_s = deadline_s

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        self._connection.settimeout(_left_s(self._deadline_s))
        return self._connection.recv_into(buffer)

    def makefile(self, _mode: str) -> BufferedReader:
        """The one thing that an HTTPResponse asks of a socket."""
        return BufferedReader(self)


def _read_reply(reader: _TimedReader) -> Answer:
    reply = HTTPResponse(reader)  # type: ignore[arg-type]  # asks for `makefile` alone
    reply.begin()
    body = reply.read(REPLY_LIMIT + 1)
    if len(body) > REPLY_LIMIT:
        return NoAnswer("reply too long")
    if reply.length:
        raise IncompleteRead(body, reply.length)
    return HttpReply(reply.status, tuple(reply.getheaders()), body)


def _left_s(deadline_s: float) -> float:
    left_s = deadline_s - monotonic()
    if left_s <= 0:
        raise TimeoutError
    return left_s


_PROBLEMS: tuple[tuple[type[BaseException], str], ...] = (
    (TimeoutError, "timeout"),
    (socket.gaierror, "unknown host"),
    (ssl.SSLError, "TLS failed"),
    (ConnectionRefusedError, "connection refused"),
    (IncompleteRead, "truncated reply"),
    (OSError, "connection lost"),
    (ValueError, "unsendable request"),
)


def problem_of(error: BaseException) -> str:
    """A short phrase for what went wrong on the way; it never quotes the error's own text."""
    return next((text for kind, text in _PROBLEMS if isinstance(error, kind)), "unreadable reply")
