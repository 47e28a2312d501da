"""The exchanges of the API: from a whole request to its reply on the way, both ends logged.

The order is that of `Exchanges.run`: facts, namespace, gate, rules and API, early callbacks, gate,
log, hand-over, the other callbacks.
"""

from collections.abc import Sequence
from email.utils import formatdate
from itertools import count

from aiohttp.web import BaseRequest

from mock_momo.core.calls import Call
from mock_momo.core.effects import SendCallback
from mock_momo.core.exchange import Conducted, conduct
from mock_momo.core.gates import Point
from mock_momo.core.namespace import Namespace
from mock_momo.core.rendered import Handover, Manner, Rendered
from mock_momo.core.routes import split_namespace
from mock_momo.core.rules import subject_of
from mock_momo.edge.services import Services
from mock_momo.edge.wire.connections import connection_id
from mock_momo.edge.wire.facts import read_call
from mock_momo.edge.wire.handover import hand_over
from mock_momo.edge.wire.render import render
from mock_momo.edge.wire.reply import Reply
from momo_contracts.events import (
    EMPTY_BODY,
    Body,
    ClientAborted,
    ExchangeBegan,
    ExchangeEnded,
    RawHeaders,
)

_Subject = tuple[str | None, str | None]
"""Operation and reference id of an exchange, as far as they are known."""


class Exchanges:
    """Takes requests through their namespaces. Waits and hangs end when the fake stops."""

    def __init__(self, services: Services) -> None:
        self._registry = services.registry
        self._performer = services.performer
        self._gatekeeper = services.gatekeeper
        self._tally = services.tally
        self._wall = services.wall
        self._stopping = services.stopping
        self._numbers = count(1)
        self._dates = Dates()

    async def run(self, request: BaseRequest, content: bytes | None) -> Reply:
        """Answer one request; `content` is None for a body that was too long to read."""
        call, namespace, how = self._attribute(request, content)
        operation = call.operation.name if call.operation else None
        subject = operation, call.resource_id or call.reference_id
        connection, exchange = connection_id(request), next(self._numbers)
        wall = self._wall()
        now = namespace.now_ms(wall)
        namespace.calls[operation or "unknown"] += 1
        record = namespace.log.record
        record(_began(request, content, how, subject), now, wall, connection, exchange)
        if namespace.gates.closed:
            await self._let_pass(namespace, call, Point.REQUEST_RECEIVED)
            now = namespace.now_ms(self._wall())
        done = conduct(namespace, call, now, render)
        sends: Sequence[SendCallback] = ()
        if done.effects or namespace.engine.next_wake_ms is not None:
            sends = await self._perform(namespace, done)
            now = namespace.now_ms(self._wall())
        if namespace.gates.closed:
            await self._let_pass(namespace, call, Point.BEFORE_REPLY)
            now = namespace.now_ms(self._wall())
        for strike in done.shaping.strikes:
            record(strike.consumed, now, wall, connection, exchange)
            self._tally.faults[strike.consumed.fault] += 1
        handover, rule = done.handover, done.shaping.rule_names
        ended = _ended(handover.rendered, subject, rule, done.why)
        record(ended, now, wall, connection, exchange)
        self._tally.requests[operation, handover.rendered.status] += 1
        reply = Reply(handover.rendered, self._dates.text(now), rule, done.why)
        if sends:
            return await self._send_after(request, reply, handover, namespace, sends)
        if handover.is_plain:
            return reply
        return await hand_over(request, reply, handover, self._stopping)

    def aborted(self, request: BaseRequest) -> None:
        """Write down that a client left before its request was whole."""
        _, namespace, _ = self._attribute(request, b"")
        namespace.record(ClientAborted("request body"), self._wall(), connection_id(request))

    def _attribute(
        self, request: BaseRequest, content: bytes | None
    ) -> tuple[Call, Namespace, str]:
        """The facts of a request, whose world it is about, and how that was found."""
        path, _, query = request.raw_path.partition("?")
        name, inner_path = split_namespace(path)
        named = self._registry.find(name) if name else None
        if named is not None:
            return read_call(request, inner_path, query, content), named, "prefix"
        call = read_call(request, path, query, content)
        return call, *self._registry.attribute(call)

    async def _let_pass(self, namespace: Namespace, call: Call, point: Point) -> None:
        await self._gatekeeper.let_pass(namespace, point, subject_of(call, namespace.engine))

    async def _perform(self, namespace: Namespace, done: Conducted) -> Sequence[SendCallback]:
        """Write down what happened and send early callbacks; returns those to send later."""
        if not done.effects:
            self._performer.start(namespace, ())
            return ()
        sends = self._performer.note(namespace, done.effects)
        if not sends:
            return ()
        early = [send for send in sends if send.is_early]
        if early:
            await self._performer.send_now(namespace, early)
        return [send for send in sends if not send.is_early]

    async def _send_after(
        self,
        request: BaseRequest,
        reply: Reply,
        handover: Handover,
        namespace: Namespace,
        sends: Sequence[SendCallback],
    ) -> Reply:
        """Callbacks go out once the reply has left; where none ever will, at once."""
        if handover.manner is Manner.HANG:
            self._performer.start(namespace, sends)
            return await hand_over(request, reply, handover, self._stopping)
        try:
            await hand_over(request, reply, handover, self._stopping)
            if handover.is_plain:
                await reply.prepare(request)
                await reply.write_eof()
        finally:
            self._performer.start(namespace, sends)
        return reply


class Dates:
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
