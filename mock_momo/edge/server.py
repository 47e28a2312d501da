"""The server: bytes in, facts to the core, bytes out, both ends in the event log.

aiohttp's low-level server without an application: there is one handler, and the catalogue of
operations is the only router.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from email.utils import formatdate
from itertools import count
from logging import NullHandler, getLogger

from aiohttp.web import BaseRequest, RequestHandler, Response, Server, StreamResponse
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge

from mock_momo.core import gateway
from mock_momo.core.calls import Call
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.core.replies import Refusal
from mock_momo.edge.control import PREFIX as CONTROL_PREFIX
from mock_momo.edge.control import Control
from mock_momo.edge.facts import read_call
from mock_momo.edge.render import Rendered, render, render_error
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

_NAMESPACE_PREFIX = "/ns/"
_silent = getLogger("mock_momo.http")
_silent.addHandler(NullHandler())
_silent.propagate = False


class FakeServer:
    """The fake on a socket. `crashes` holds exceptions of ours that a request met: always none."""

    def __init__(self, registry: Registry, wall: Callable[[], int] = wall_ms) -> None:
        self.registry = registry
        self.crashes: list[BaseException] = []
        self._wall = wall
        self._control = Control(registry, wall)
        self._exchanges = count(1)
        self._dates = _Dates()
        self._http: _HttpServer | None = None
        self._listener: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; port 0 takes a free one. Returns the port. Raises OSError when it is taken."""
        self._http = _HttpServer(self)
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._http, host, port, backlog=1024)
        bound: int = self._listener.sockets[0].getsockname()[1]
        return bound

    async def stop(self, drain_s: float = 3.0) -> None:
        """Stop listening, let requests under way finish for at most `drain_s`, then close."""
        if self._listener is None or self._http is None:
            return
        self._listener.close()
        self._http.pre_shutdown()
        await self._http.shutdown(drain_s)

    async def handle(self, request: BaseRequest) -> StreamResponse:
        """Answer one request."""
        if request.raw_path.startswith(CONTROL_PREFIX):
            return await self._control.handle(request)
        try:
            content = await request.read()
        except HTTPRequestEntityTooLarge:
            why = f"the body is larger than {request.client_max_size} bytes"
            return self._refuse(request, wire_errors.BODY_TOO_LARGE, why)
        except ConnectionError:
            default = self.registry.default
            default.record(ClientAborted("request body"), self._wall(), _connection_id(request))
            raise
        return self._exchange(request, content)

    def unparsable(self, connection_id: int, problem: str) -> Response:
        """Answer bytes that are not HTTP."""
        detail = RequestUnparsable(problem)
        self.registry.default.record(detail, self._wall(), connection_id)
        error = wire_errors.UNPARSABLE_REQUEST
        return self._respond(render_error(error, error.status), self.registry.default, problem)

    def crashed(self, exc: BaseException) -> Response:
        """Answer a request that met a defect of ours: as the gateway does, and loudly to us."""
        self.crashes.append(exc)
        sys.stderr.write(f"mock-momo: internal error, please report it: {exc!r:.500}\n")
        error = wire_errors.UNEXPECTED
        return self._respond(render_error(error, error.status), self.registry.default)

    def _exchange(self, request: BaseRequest, content: bytes) -> Response:
        path, _, query = request.raw_path.partition("?")
        name, path = _split_namespace(path)
        call = read_call(request, path, query, content)
        if name is None:
            namespace, how = self.registry.attribute(call)
        else:
            found = self.registry.find(name)
            if found is None:
                why = f"no namespace {name[:80]!r}; create it with PUT {CONTROL_PREFIX}namespaces/…"
                return self._refuse(request, wire_errors.UNKNOWN_ROUTE, why)
            namespace, how = found, "prefix"
        return self._answer(request, content, call, namespace, how)

    def _answer(
        self, request: BaseRequest, content: bytes, call: Call, namespace: Namespace, how: str
    ) -> Response:
        """Take a call through its namespace, and log both ends of it."""
        wall = self._wall()
        ids = _connection_id(request), next(self._exchanges)
        operation = call.operation.name if call.operation else None
        namespace.calls[operation or "unknown"] += 1
        body = Body.of(content) if content else EMPTY_BODY
        reference_id = call.resource_id or call.reference_id
        namespace.record(
            ExchangeBegan(
                request.method,
                request.raw_path,
                request.raw_headers,
                body,
                how,
                operation,
                reference_id,
            ),
            wall,
            *ids,
        )
        reply, effects = gateway.answer(namespace, call, namespace.now_ms(wall))
        rendered, why = render(reply), reply.why if isinstance(reply, Refusal) else None
        for effect in effects:
            namespace.record(effect, wall, *ids)
        namespace.record(_ended(rendered, why), wall, *ids)
        return self._respond(rendered, namespace, why)

    def _refuse(self, request: BaseRequest, error: wire_errors.WireError, why: str) -> Response:
        """Refuse a request that belongs to no namespace or was not read whole."""
        namespace, wall = self.registry.default, self._wall()
        ids = _connection_id(request), next(self._exchanges)
        began = ExchangeBegan(
            request.method, request.raw_path, request.raw_headers, EMPTY_BODY, "default"
        )
        namespace.record(began, wall, *ids)
        rendered = render_error(error, error.status)
        namespace.record(_ended(rendered, why), wall, *ids)
        return self._respond(rendered, namespace, why)

    def _respond(
        self, rendered: Rendered, namespace: Namespace, why: str | None = None
    ) -> Response:
        date = self._dates.text(namespace.now_ms(self._wall()))
        headers = {**rendered.headers, "Date": date}
        if why:
            headers["X-Mock-Why"] = _printable(why)
        return Response(status=rendered.status, headers=headers, body=rendered.body)


class _HttpServer(Server):
    """aiohttp's server, making connections that speak the gateway's dialect also in error."""

    def __init__(self, fake: FakeServer) -> None:
        super().__init__(fake.handle)
        self._fake = fake
        self._connection_ids = count(1)

    def __call__(self) -> RequestHandler:
        return _Connection(self, self._fake, next(self._connection_ids))


class _Connection(RequestHandler):
    __slots__ = ("connection_id", "fake")

    def __init__(self, server: Server, fake: FakeServer, connection_id: int) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # aiohttp takes None for "no access log"
            logger=_silent,
            auto_decompress=False,
        )
        self.fake = fake
        self.connection_id = connection_id

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
        else:  # what follows a colon quotes the client's bytes, which may be a secret
            problem = (message or "not HTTP").strip().partition("\n")[0].partition(":")[0]
            response = self.fake.unparsable(self.connection_id, problem)
        response.force_close()
        return response


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


def _split_namespace(path: str) -> tuple[str | None, str]:
    """The namespace that a path names, and the path without it."""
    if not path.startswith(_NAMESPACE_PREFIX):
        return None, path
    name, slash, rest = path.removeprefix(_NAMESPACE_PREFIX).partition("/")
    return name, slash + rest


def _ended(rendered: Rendered, why: str | None) -> ExchangeEnded:
    headers = _raw(rendered.headers)
    body = Body.of(rendered.body) if rendered.body else EMPTY_BODY
    return ExchangeEnded(rendered.status, headers, body, rendered.layer, why=why)


def _raw(headers: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


def _connection_id(request: BaseRequest) -> int:
    connection = request.protocol
    return connection.connection_id if isinstance(connection, _Connection) else 0


def _printable(text: str) -> str:
    """Text as one header line: anything but printable ASCII becomes a question mark."""
    return "".join(char if " " <= char <= "~" else "?" for char in text)
