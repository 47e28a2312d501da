"""aiohttp's server, with connections that speak the gateway's dialect also when things go wrong."""

import asyncio
from contextlib import suppress
from itertools import count
from logging import NullHandler, getLogger
from typing import Protocol

from aiohttp.http_exceptions import InvalidURLError
from aiohttp.web import BaseRequest, RequestHandler, Server, StreamResponse

_silent = getLogger("mock_momo.http")
_silent.addHandler(NullHandler())
_silent.propagate = False


class Answerer(Protocol):
    """Who answers: requests, bytes that are no HTTP, and defects of our own."""

    async def handle(self, request: BaseRequest) -> StreamResponse: ...
    def unparsable(self, connection_id: int, problem: str) -> StreamResponse: ...
    def crashed(self, exc: BaseException) -> StreamResponse: ...


class HttpServer(Server):
    """aiohttp's server, making connections that speak the gateway's dialect also in error."""

    def __init__(self, fake: Answerer) -> None:
        super().__init__(fake.handle)
        self._fake = fake
        self._connection_ids = count(1)

    async def drain(self, drain_s: float) -> None:
        """Let requests under way finish for at most `drain_s`, then cut every connection."""
        self.pre_shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(drain_s):
                await self.shutdown(timeout=None)
        for connection in self.connections:
            if connection.transport is not None:
                connection.transport.abort()

    def __call__(self) -> RequestHandler:
        return _Connection(self, self._fake, next(self._connection_ids))


class _Connection(RequestHandler):
    __slots__ = ("client_ip", "connection_id", "fake")

    def __init__(self, server: Server, fake: Answerer, connection_id: int) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # aiohttp takes None for "no access log"
            logger=_silent,
            auto_decompress=False,
        )
        self.fake = fake
        self.connection_id = connection_id
        self.client_ip = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Look once who it is: aiohttp would ask the system again for every request."""
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self.client_ip = str(peer[0]) if isinstance(peer, tuple) else ""

    def connection_lost(self, exc: BaseException | None) -> None:
        """End what reads on after a refusal: nobody sends the rest of that body any more."""
        reading_on = None if self._request_in_progress else self._task_handler
        super().connection_lost(exc)
        if reading_on is not None:
            reading_on.cancel()

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> StreamResponse:
        if request.writer.output_size > 0:
            raise ConnectionError("a reply has begun; it cannot be replaced")
        if isinstance(exc, ConnectionError):
            raise exc  # the client is gone: nobody to answer, no defect of ours
        if status >= 500 and exc is not None:
            response = self.fake.crashed(exc)
        else:
            response = self.fake.unparsable(self.connection_id, _described(exc, message))
        response.force_close()
        return response


def _described(exc: BaseException | None, message: str | None) -> str:
    """What is wrong with a client's bytes, without a word of them: they may be a secret."""
    if isinstance(exc, InvalidURLError):  # its message is the target
        return "the request target is no valid one; it wants /path or http://host:port/path"
    first_line = (message or "not HTTP").strip().partition("\n")[0]
    return first_line.partition(":")[0]  # what follows is a quotation


def client_ip(request: BaseRequest) -> str:
    """The address that a request came from; empty for one that came by no connection of ours."""
    connection = request.protocol
    return connection.client_ip if isinstance(connection, _Connection) else ""


def connection_id(request: BaseRequest) -> int:
    """Which connection a request came by: 1 for the first, 0 for one that is not ours."""
    connection = request.protocol
    return connection.connection_id if isinstance(connection, _Connection) else 0
