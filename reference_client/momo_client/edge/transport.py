"""The synchronous way to the network: a Protocol, and its default on the standard library."""

import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection, IncompleteRead
from typing import Protocol
from urllib.parse import urlsplit

from momo_client.core.http import Answer, HttpReply, HttpRequest, NoAnswer


class Transport(Protocol):
    """Anything that can carry one request, once: no retry, no redirect, no exception.

    A reply that did not arrive whole is NoAnswer. A gevent session fits as well as a socket.
    """

    def send(self, request: HttpRequest) -> Answer: ...


class SocketTransport:
    """One connection per request, so that a stale one never leaves a payment undecided.

    `timeout_s` bounds connecting and each wait for bytes.
    """

    def __init__(self, base_url: str, timeout_s: float) -> None:
        parts = urlsplit(base_url)
        self._host = parts.hostname or ""
        self._port = parts.port
        self._prefix = parts.path.rstrip("/")
        self._timeout_s = timeout_s
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None

    def send(self, request: HttpRequest) -> Answer:
        connection = self._connection()
        try:
            connection.request(
                request.method,
                self._prefix + request.path,
                request.body or None,
                dict(request.headers),
            )
            reply = connection.getresponse()
            return HttpReply(reply.status, tuple(reply.getheaders()), reply.read())
        except (OSError, HTTPException) as error:
            return NoAnswer(problem_of(error))
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        if self._tls is None:
            return HTTPConnection(self._host, self._port, timeout=self._timeout_s)
        return HTTPSConnection(self._host, self._port, timeout=self._timeout_s, context=self._tls)


_PROBLEMS: tuple[tuple[type[BaseException], str], ...] = (
    (TimeoutError, "timeout"),
    (socket.gaierror, "unknown host"),
    (ssl.SSLError, "TLS failed"),
    (ConnectionRefusedError, "connection refused"),
    (IncompleteRead, "truncated reply"),
    (OSError, "connection lost"),
)


def problem_of(error: BaseException) -> str:
    """A short phrase for what went wrong on the way; it never quotes the error's own text."""
    return next((text for kind, text in _PROBLEMS if isinstance(error, kind)), "unreadable reply")
