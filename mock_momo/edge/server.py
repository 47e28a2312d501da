"""The server: bytes in, facts to the core, bytes out, both ends in the event log.

aiohttp's low-level server without an application: there is one handler, and the catalogue of
operations is the only router.
"""

import asyncio
import sys
from collections.abc import Callable
from email.utils import formatdate
from itertools import count

from aiohttp.web import BaseRequest, Response, StreamResponse
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge

from mock_momo.core.calls import Call
from mock_momo.core.effects import SendCallback
from mock_momo.core.exchange import conduct
from mock_momo.core.gates import Point
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.core.rendered import Handover, Manner, Rendered
from mock_momo.core.routes import split_namespace
from mock_momo.core.rules import subject_of
from mock_momo.edge.bell import Bells
from mock_momo.edge.connections import HttpServer, connection_id
from mock_momo.edge.control import PREFIX as CONTROL_PREFIX
from mock_momo.edge.control import Control
from mock_momo.edge.courier import DEFAULT_COURIER, Courier, CourierOptions
from mock_momo.edge.facts import read_call
from mock_momo.edge.gatekeeper import Gatekeeper
from mock_momo.edge.handover import hand_over
from mock_momo.edge.performer import Performer
from mock_momo.edge.render import render, render_error
from mock_momo.edge.services import Services
from mock_momo.edge.wall import wall_ms
from momo_contracts import wire_errors
from momo_contracts.events import (
    EMPTY_BODY,
    Body,
    ClientAborted,
    ExchangeBegan,
    ExchangeEnded,
    RequestUnparsable,
)


class FakeServer:
    """The fake on a socket. `crashes` holds exceptions of ours that a request met: always none."""

    def __init__(
        self,
        registry: Registry,
        wall: Callable[[], int] = wall_ms,
        courier: CourierOptions = DEFAULT_COURIER,
    ) -> None:
        self.registry = registry
        self.crashes: list[BaseException] = []
        self._wall = wall
        self._gatekeeper = Gatekeeper(wall)
        self._performer = Performer(
            Courier(courier), self._gatekeeper, wall, on_crash=self.crashes.append
        )
        self._bells = Bells(registry)
        self.services = Services(registry, self._performer, self._gatekeeper, self._bells, wall)
        self._control = Control(self.services)
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
        self._gatekeeper.free_all()
        self._bells.end()
        self._listener.close()
        self._http.pre_shutdown()
        await self._http.shutdown(drain_s)
        await self._performer.stop()
        self._bells.end_everywhere()

    async def handle(self, request: BaseRequest) -> StreamResponse:
        """Answer one request."""
        if request.raw_path.startswith(CONTROL_PREFIX):
            return await self._control.handle(request)
        try:
            content = await request.read()
        except HTTPRequestEntityTooLarge:
            return await self._exchange(request, None)
        except ConnectionError:
            _, namespace, _ = self._attribute(request, b"")
            namespace.record(ClientAborted("request body"), self._wall(), connection_id(request))
            raise
        return await self._exchange(request, content)

    def unparsable(self, connection_id: int, problem: str) -> Response:
        """Answer bytes that are not HTTP."""
        detail = RequestUnparsable(problem)
        self.registry.default.record(detail, self._wall(), connection_id)
        error = wire_errors.UNPARSABLE_REQUEST
        return self._respond(render_error(error, error.status), self.registry.default, why=problem)

    def crashed(self, exc: BaseException) -> Response:
        """Answer a request that met a defect of ours: as the gateway does, and loudly to us."""
        self.crashes.append(exc)
        sys.stderr.write(f"mock-momo: internal error, please report it: {exc!r:.500}\n")
        error = wire_errors.UNEXPECTED
        return self._respond(render_error(error, error.status), self.registry.default)

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

    async def _exchange(self, request: BaseRequest, content: bytes | None) -> StreamResponse:
        """Take a request through its namespace, and log both ends of it."""
        call, namespace, how = self._attribute(request, content)
        wall = self._wall()
        ids = connection_id(request), next(self._exchanges)
        namespace.calls[call.operation.name if call.operation else "unknown"] += 1
        namespace.record(_began(request, content, call, how), wall, *ids)
        if namespace.gates:
            await self._pass_gate(namespace, call, Point.REQUEST_RECEIVED)
        done = conduct(namespace, call, namespace.now_ms(self._wall()), render)
        sends = self._performer.note(namespace, done.effects) if done.effects else ()
        await self._performer.send_now(namespace, [send for send in sends if send.is_early])
        if namespace.gates:
            await self._pass_gate(namespace, call, Point.BEFORE_REPLY)
        for strike in done.shaping.strikes:
            namespace.record(strike.consumed, wall, *ids)
        handover, rule = done.handover, done.shaping.rule_names
        namespace.record(_ended(handover.rendered, call, rule, done.why), wall, *ids)
        response = self._respond(handover.rendered, namespace, rule, done.why)
        if namespace.engine.next_wake_ms is not None:
            self._performer.start(namespace, ())
        later = [send for send in sends if not send.is_early]
        if later:
            return await self._hand_over_and_send(request, response, handover, namespace, later)
        if handover.is_plain:
            return response
        return await hand_over(request, response, handover, self._stopping)

    async def _pass_gate(self, namespace: Namespace, call: Call, point: Point) -> None:
        await self._gatekeeper.let_pass(namespace, point, subject_of(call, namespace.engine))

    async def _hand_over_and_send(
        self,
        request: BaseRequest,
        response: Response,
        handover: Handover,
        namespace: Namespace,
        sends: list[SendCallback],
    ) -> StreamResponse:
        """Callbacks go out once the reply has left; where none ever will, at once."""
        if handover.manner is Manner.HANG:
            self._performer.start(namespace, sends)
            return await hand_over(request, response, handover, self._stopping)
        try:
            final = await hand_over(request, response, handover, self._stopping)
            if handover.is_plain:
                await final.prepare(request)
                await final.write_eof()
        finally:
            self._performer.start(namespace, sends)
        return final

    def _respond(
        self,
        rendered: Rendered,
        namespace: Namespace,
        rule: str | None = None,
        why: str | None = None,
    ) -> Response:
        date = self._dates.text(namespace.now_ms(self._wall()))
        headers = {**rendered.headers.fields, "Date": date}
        if rule:
            headers["X-Mock-Rule"] = _printable(rule)
        if why:
            headers["X-Mock-Why"] = _printable(why)
        return Response(status=rendered.status, headers=headers, body=rendered.body)


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
    request: BaseRequest, content: bytes | None, call: Call, attributed_by: str
) -> ExchangeBegan:
    return ExchangeBegan(
        request.method,
        request.raw_path,
        request.raw_headers,
        Body.of(content) if content else EMPTY_BODY,
        attributed_by,
        call.operation.name if call.operation else None,
        call.resource_id or call.reference_id,
    )


def _ended(rendered: Rendered, call: Call, rule: str | None, why: str | None) -> ExchangeEnded:
    body = Body.of(rendered.body) if rendered.body else EMPTY_BODY
    return ExchangeEnded(
        rendered.status,
        rendered.headers.raw,
        body,
        rendered.layer,
        call.operation.name if call.operation else None,
        call.resource_id or call.reference_id,
        rule,
        why,
    )


def _printable(text: str) -> str:
    """Text as one header line: anything but printable ASCII becomes a question mark."""
    return "".join(char if " " <= char <= "~" else "?" for char in text)
