"""The server: a socket, and who answers what comes by it.

aiohttp's low-level server without an application: there is one handler, and the catalogue of
operations is the only router.
"""

import asyncio
import sys
from collections.abc import Callable
from ssl import SSLContext

from aiohttp.web import BaseRequest, StreamResponse
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge

from mock_momo.core.draws import INCIDENTS, draw_number
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.core.replies import Refusal
from mock_momo.edge.control import PREFIX as CONTROL_PREFIX
from mock_momo.edge.control import Control
from mock_momo.edge.courier import DEFAULT_COURIER, Courier, CourierOptions
from mock_momo.edge.gatekeeper import Gatekeeper
from mock_momo.edge.log.bell import Bells
from mock_momo.edge.performer import Performer
from mock_momo.edge.services import Services
from mock_momo.edge.tally import Tally
from mock_momo.edge.wall import wall_ms
from mock_momo.edge.wire.connections import HttpServer
from mock_momo.edge.wire.content import read_content
from mock_momo.edge.wire.exchanges import Dates, Exchanges
from mock_momo.edge.wire.render import render_error
from mock_momo.edge.wire.reply import Reply
from momo_contracts import wire_errors
from momo_contracts.events import RequestUnparsable

DRAIN_S = 3.0
_SCHEMES = ("http://", "https://")
"""How a target begins that names its host, as clients of a proxy send it (RFC 9112, 3.2.2)."""


class FakeServer:
    """The fake on a socket. `crashes` holds exceptions of ours that a request met: always none."""

    def __init__(
        self,
        registry: Registry,
        wall: Callable[[], int] = wall_ms,
        courier: CourierOptions = DEFAULT_COURIER,
        control_token: str | None = None,
    ) -> None:
        self.registry = registry
        self.crashes: list[BaseException] = []
        self._wall = wall
        self._gatekeeper, self._bells = Gatekeeper(wall), Bells(registry)
        tally = Tally(registry)
        self.performer = Performer(
            Courier(courier), self._gatekeeper, tally, wall, on_crash=self.crashes.append
        )
        self.services = Services(
            registry,
            self.performer,
            self._gatekeeper,
            self._bells,
            tally,
            wall,
            control_token=control_token,
        )
        registry.on_added.append(self._added)
        registry.on_removed.append(self._removed)
        for namespace in registry.all():
            self._added(namespace)
        self.control = Control(self.services)
        self._exchanges = Exchanges(self.services)
        self._dates = Dates()
        self._http: HttpServer | None = None
        self._listener: asyncio.Server | None = None

    async def start(self, host: str, port: int, tls: SSLContext | None = None) -> int:
        """Listen; port 0 takes a free one. Returns the port. Raises OSError when it is taken."""
        self._http = HttpServer(self)
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._http, host, port, ssl=tls, backlog=1024)
        for namespace in self.registry.named():
            self.performer.catch_up(namespace)
        bound: int = self._listener.sockets[0].getsockname()[1]
        return bound

    async def stop(self, drain_s: float = DRAIN_S) -> None:
        """Stop listening, let requests under way finish for at most `drain_s`, then close."""
        if self._listener is None or self._http is None:
            return
        self.services.stopping.set()
        self._gatekeeper.free_all()
        self._bells.end()
        self._listener.close()
        await self._http.drain(drain_s)
        await self.performer.stop()
        self._bells.end_everywhere()

    async def handle(self, request: BaseRequest) -> StreamResponse:
        """Answer one request."""
        if request.raw_path.startswith(_SCHEMES):
            request = request.clone(rel_url=request.rel_url)  # whose host is none of our business
        if request.raw_path.startswith(CONTROL_PREFIX):
            return await self.control.handle(request)
        try:
            content = await read_content(request) if request.body_exists else b""
        except HTTPRequestEntityTooLarge:
            return await self._exchanges.run(request, None)
        except ConnectionError:
            self._exchanges.aborted(request)
            raise
        return await self._exchanges.run(request, content)

    def unparsable(self, connection_id: int, problem: str) -> Reply:
        """Answer bytes that are not HTTP."""
        detail = RequestUnparsable(problem)
        self.registry.default.record(detail, self._wall(), connection_id)
        refusal = Refusal(wire_errors.UNPARSABLE_REQUEST, problem)
        return Reply(render_error(refusal), self._date(), why=refusal.explanation)

    def crashed(self, exc: BaseException) -> Reply:
        """Answer a request that met a defect of ours: as the gateway does, and loudly to us."""
        self.crashes.append(exc)
        sys.stderr.write(f"mock-momo: internal error, please report it: {exc!r:.500}\n")
        incident = draw_number(0, "crash", str(len(self.crashes)), below=INCIDENTS)
        refusal = Refusal(wire_errors.UNEXPECTED, "a defect of ours", incident=incident)
        return Reply(render_error(refusal), self._date())

    def _added(self, namespace: Namespace) -> None:
        """A log begins by saying how it is to be read; a server before us may have seen to it."""
        if not namespace.log.last_seq:
            namespace.describe(self._wall())

    def _removed(self, namespace: Namespace) -> None:
        """Nothing holds, and nothing waits for, a namespace that is no more."""
        self._gatekeeper.free(namespace.gates.remove_all())
        self.performer.start(namespace, ())

    def _date(self) -> str:
        return self._dates.text(self.registry.default.now_ms(self._wall()))
