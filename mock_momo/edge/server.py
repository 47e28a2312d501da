"""The server: bytes in, facts to the core, bytes out, both ends in the event log.

aiohttp's low-level server without an application: there is one handler, and the catalogue of
operations is the only router.
"""

import asyncio
import sys
from collections.abc import Callable
from email.utils import formatdate
from itertools import count

from aiohttp.web import BaseRequest, StreamResponse
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge

from mock_momo.core.calls import Call
from mock_momo.core.exchange import conduct
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.core.rendered import Rendered
from mock_momo.core.routes import split_namespace
from mock_momo.edge.connections import HttpServer, connection_id
from mock_momo.edge.control import PREFIX as CONTROL_PREFIX
from mock_momo.edge.control import Control
from mock_momo.edge.facts import read_call
from mock_momo.edge.handover import hand_over
from mock_momo.edge.render import render, render_error
from mock_momo.edge.reply import Reply
from mock_momo.edge.wall import wall_ms
from momo_contracts import wire_errors
from momo_contracts.events import (
    EMPTY_BODY,
    Body,
    ClientAborted,
    ExchangeBegan,
    ExchangeEnded,
    RawHeaders,
    RequestUnparsable,
)

_Subject = tuple[str | None, str | None]
"""Operation and reference id of an exchange, as far as they are known."""


class FakeServer:
    """The fake on a socket. `crashes` holds exceptions of ours that a request met: always none."""

    def __init__(self, registry: Registry, wall: Callable[[], int] = wall_ms) -> None:
        self.registry = registry
        self.crashes: list[BaseException] = []
        self._wall = wall
        self._control = Control(registry, wall)
        self._exchanges = count(1)
        self._dates = _Dates()
        self._stopping = asyncio.Event()
        self._http: HttpServer | None = None
        self._listener: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; port 0 takes a free one. Returns the port. Raises OSError when it is taken."""
        self._http = HttpServer(self)
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._http, host, port, backlog=1024)
        bound: int = self._listener.sockets[0].getsockname()[1]
        return bound

    async def stop(self, drain_s: float = 3.0) -> None:
        """Stop listening, let requests under way finish for at most `drain_s`, then close."""
        if self._listener is None or self._http is None:
            return
        self._stopping.set()
        self._listener.close()
        self._http.pre_shutdown()
        await self._http.shutdown(drain_s)

    async def handle(self, request: BaseRequest) -> StreamResponse:
        """Answer one request."""
        if request.raw_path.startswith(CONTROL_PREFIX):
            return await self._control.handle(request)
        try:
            content = await request.read() if request.body_exists else b""
        except HTTPRequestEntityTooLarge:
            return await self._exchange(request, None)
        except ConnectionError:
            _, namespace, _ = self._attribute(request, b"")
            namespace.record(ClientAborted("request body"), self._wall(), connection_id(request))
            raise
        return await self._exchange(request, content)

    def unparsable(self, connection_id: int, problem: str) -> Reply:
        """Answer bytes that are not HTTP."""
        detail = RequestUnparsable(problem)
        self.registry.default.record(detail, self._wall(), connection_id)
        error = wire_errors.UNPARSABLE_REQUEST
        return Reply(render_error(error, error.status), self._date(), why=problem)

    def crashed(self, exc: BaseException) -> Reply:
        """Answer a request that met a defect of ours: as the gateway does, and loudly to us."""
        self.crashes.append(exc)
        sys.stderr.write(f"mock-momo: internal error, please report it: {exc!r:.500}\n")
        error = wire_errors.UNEXPECTED
        return Reply(render_error(error, error.status), self._date())

    def _attribute(
        self, request: BaseRequest, content: bytes | None
    ) -> tuple[Call, Namespace, str]:
        """The facts of a request, whose world it is about, and how that was found."""
        path, _, query = request.raw_path.partition("?")
        name, inner_path = split_namespace(path)
        named = self.registry.find(name) if name else None
        if named is not None:
            return read_call(request, inner_path, query, content), named, "prefix"
        call = read_call(request, path, query, content)
        return call, *self.registry.attribute(call)

    async def _exchange(self, request: BaseRequest, content: bytes | None) -> Reply:
        """Take a request through its namespace, and log both ends of it."""
        call, namespace, how = self._attribute(request, content)
        operation = call.operation.name if call.operation else None
        subject = operation, call.resource_id or call.reference_id
        wall = self._wall()
        now = namespace.now_ms(wall)
        ids = connection_id(request), next(self._exchanges)
        namespace.calls[operation or "unknown"] += 1
        record = namespace.log.record
        record(_began(request, content, how, subject), now, wall, *ids)
        done = conduct(namespace, call, now, render)
        namespace.note(done.effects, wall)
        for strike in done.shaping.strikes:
            record(strike.consumed, now, wall, *ids)
        handover, rule = done.handover, done.shaping.rule_names
        record(_ended(handover.rendered, subject, rule, done.why), now, wall, *ids)
        reply = Reply(handover.rendered, self._dates.text(now), rule, done.why)
        if handover.is_plain:
            return reply
        return await hand_over(request, reply, handover, self._stopping)

    def _date(self) -> str:
        return self._dates.text(self.registry.default.now_ms(self._wall()))


class _Dates:
    """The Date header's text; formatting it once per second is enough."""

    def __init__(self) -> None:
        self._second = -1
        self._text = ""

    def text(self, now_ms: int) -> str:
        second = now_ms // 1000
        if second != self._second:
            self._second, self._text = second, formatdate(second, usegmt=True)
        return self._text


def _began(
    request: BaseRequest, content: bytes | None, attributed_by: str, subject: _Subject
) -> ExchangeBegan:
    body = Body.of(content) if content else EMPTY_BODY
    headers = RawHeaders.of(request.raw_headers)
    return ExchangeBegan(request.method, request.raw_path, headers, body, attributed_by, *subject)


def _ended(
    rendered: Rendered, subject: _Subject, rule: str | None, why: str | None
) -> ExchangeEnded:
    body = Body.of(rendered.body) if rendered.body else EMPTY_BODY
    headers = rendered.headers.raw
    return ExchangeEnded(rendered.status, headers, body, rendered.layer, *subject, rule, why)
