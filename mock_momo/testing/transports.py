"""How a question reaches the fake: over HTTP here, without a socket in `in_process`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import local
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

from mock_momo.errors import FakeUnavailable
from mock_momo.testing.question import Question, Reply

PREFIX = "/_mock/v1/"
ANSWER_S = 120.0
"""Wall time: a long journey of the clock may wait for many callbacks."""


def token_of_environment() -> str | None:
    """The control token of a fake that has one."""
    return os.environ.get("MOCK_MOMO_CONTROL_TOKEN")


class Transport(Protocol):
    """Takes questions to a fake. Raises FakeUnavailable when it is not there."""

    def send(self, question: Question[Any]) -> Reply: ...


class AsyncTransport(Protocol):
    """Takes questions to a fake. Raises FakeUnavailable when it is not there."""

    async def send(self, question: Question[Any]) -> Reply: ...


@dataclass(frozen=True, slots=True)
class HttpTransport:
    """A connection for each question, by the standard library."""

    url: str
    token: str | None = field(default_factory=token_of_environment, repr=False)

    def send(self, question: Question[Any]) -> Reply:
        connection = _opened(self.url, ANSWER_S + question.wait_s)
        try:
            connection.request(
                question.method, PREFIX + question.path, question.content, _headers(self.token)
            )
            reply = connection.getresponse()
            return Reply(reply.status, reply.read())
        except (OSError, HTTPException) as problem:
            raise _unavailable(self.url, problem) from None
        finally:
            connection.close()


class KeptTransport:
    """A connection for each thread that is kept, for whoever has thousands of questions.

    Close it in the end, or use it as a context manager.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url = url
        self._token = token or token_of_environment()
        self._own = local()
        self._all: list[HTTPConnection] = []

    def send(self, question: Question[Any]) -> Reply:
        is_kept = hasattr(self._own, "connection")
        try:
            return self._send(question)
        except (OSError, HTTPException) as problem:
            self._drop()
            if not (is_kept and isinstance(problem, ConnectionError)):
                raise _unavailable(self._url, problem) from None
        try:  # it had been closed while nobody used it
            return self._send(question)
        except (OSError, HTTPException) as problem:
            self._drop()
            raise _unavailable(self._url, problem) from None

    def close(self) -> None:
        for connection in self._all:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, question: Question[Any]) -> Reply:
        connection = self._connection()
        connection.timeout = ANSWER_S + question.wait_s
        if connection.sock is not None:
            connection.sock.settimeout(connection.timeout)
        path = PREFIX + question.path
        connection.request(question.method, path, question.content, _headers(self._token))
        reply = connection.getresponse()
        return Reply(reply.status, reply.read())

    def _connection(self) -> HTTPConnection:
        if not hasattr(self._own, "connection"):
            self._own.connection = _opened(self._url, ANSWER_S)
            self._all.append(self._own.connection)
        connection: HTTPConnection = self._own.connection
        return connection

    def _drop(self) -> None:
        if hasattr(self._own, "connection"):
            self._own.connection.close()
            del self._own.connection


@dataclass(frozen=True, slots=True)
class AsyncHttpTransport:
    """A connection for each question, by aiohttp, so that nothing is left to be closed."""

    url: str
    token: str | None = field(default_factory=token_of_environment, repr=False)

    async def send(self, question: Question[Any]) -> Reply:
        from aiohttp import ClientError, ClientSession, ClientTimeout  # noqa: PLC0415  # whoever does not await needs none of it

        wait = ClientTimeout(total=ANSWER_S + question.wait_s)
        address = f"{self.url}{PREFIX}{question.path}"
        try:
            async with (
                ClientSession(timeout=wait, headers=_headers(self.token)) as session,
                session.request(question.method, address, data=question.content) as reply,
            ):
                return Reply(reply.status, await reply.read())
        except (OSError, ClientError) as problem:
            raise _unavailable(self.url, problem) from None


def _opened(url: str, timeout_s: float) -> HTTPConnection:
    address = urlsplit(url)
    opened = HTTPSConnection if address.scheme == "https" else HTTPConnection
    return opened(address.hostname or "", address.port, timeout=timeout_s)


def _headers(token: str | None) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token.strip()}"} if token else {}


def _unavailable(url: str, problem: Exception) -> FakeUnavailable:
    return FakeUnavailable(f"no fake answers at {url}: {problem!s}; is it still running?")
