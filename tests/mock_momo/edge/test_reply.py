"""Our replies beside aiohttp's own, byte by byte."""

import asyncio
import re
from collections.abc import Callable
from functools import partial

import pytest
from aiohttp.web import BaseRequest, Response, StreamResponse

from mock_momo.core.rendered import NO_REPLY, Headers, Rendered
from mock_momo.core.replies import Refusal
from mock_momo.edge.wire.connections import HttpServer
from mock_momo.edge.wire.render import render_error
from mock_momo.edge.wire.reply import Reply
from momo_contracts import wire_errors
from tests.mock_momo.edge.wire import DATE, PATIENCE_S

JSON = Headers.of({"Content-Type": "application/json;charset=utf-8", "Pragma": "no-cache"})
REPLIES = {
    "empty": Rendered(202, NO_REPLY.headers),
    "json": Rendered(200, JSON, b'{"a":"\xc3\xbc"}'),
    "gateway": render_error(Refusal(wire_errors.MISSING_SUBSCRIPTION_KEY, "")),
    "waf": render_error(Refusal(wire_errors.WAF_REJECTED, "")),
    "busy": render_error(Refusal(wire_errors.RATE_LIMITED, "", retry_after_s=7)),
    "odd status": Rendered(599, JSON, b"{}"),
}
END = b"GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class Answering:
    """Gives every request the same reply."""

    def __init__(self, answer: Callable[[], StreamResponse]) -> None:
        self._answer = answer

    async def handle(self, _request: BaseRequest) -> StreamResponse:
        return self._answer()

    def unparsable(self, _connection_id: int, problem: str) -> StreamResponse:
        raise AssertionError(problem)

    def crashed(self, exc: BaseException) -> StreamResponse:
        raise AssertionError from exc


def ours(rendered: Rendered, why: str | None) -> StreamResponse:
    return Reply(rendered, DATE, rule=why, why=why)


def theirs(rendered: Rendered, why: str | None) -> StreamResponse:
    notes = {"X-Mock-Rule": why, "X-Mock-Why": why} if why else {}
    headers = {**rendered.headers.fields, "Date": DATE, **notes}
    reason = "Access Denied" if rendered.status == 401 else None
    response = Response(status=rendered.status, headers=headers, body=rendered.body, reason=reason)
    if "Connection" in headers:
        response.force_close()  # aiohttp would announce the end, and go on
    return response


async def received(content: bytes, answer: Callable[[], StreamResponse]) -> bytes:
    """All that comes back until the connection ends."""
    server = HttpServer(Answering(answer))
    listener = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*listener.sockets[0].getsockname())
    writer.write(content)
    try:
        return await asyncio.wait_for(reader.read(), PATIENCE_S)
    finally:
        writer.close()
        listener.close()
        await server.shutdown(0)


@pytest.mark.parametrize("connection", ["", "Connection: close\r\n", "Connection: keep-alive\r\n"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
@pytest.mark.parametrize("name", REPLIES)
async def test_a_reply_has_the_bytes_of_aiohttps_own(
    name: str, method: str, version: str, connection: str
) -> None:
    request = f"{method} / HTTP/{version}\r\nHost: x\r\n{connection}\r\n".encode()
    if "alive" in connection or (version == "1.1" and not connection):
        request += END
    for why in (None, "send a key"):
        found = await received(request, partial(ours, REPLIES[name], why))

        whole = await received(request, partial(theirs, REPLIES[name], why))
        assert found == re.sub(rb"Server: [^\r]+\r\n", b"", whole), "we do not name our server"
        assert found.startswith(f"HTTP/{version} {REPLIES[name].status} ".encode())


async def test_a_reply_that_announces_the_end_is_the_last_of_its_connection() -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\n\r\n"

    found = await received(request + END, partial(ours, REPLIES["waf"], None))

    assert found.count(b"HTTP/1.1 ") == found.count(b"Connection: close") == 1


async def test_a_header_stays_one_line_whatever_is_put_into_it() -> None:
    evil = "a\r\nSet-Cookie: b\x00ü"
    rendered = Rendered(200, Headers.of({"Content-Type": evil}))

    found = await received(END, partial(ours, rendered, evil))

    lines = found.split(b"\r\n")
    for name in (b"Content-Type", b"X-Mock-Rule", b"X-Mock-Why"):
        assert name + b": a??Set-Cookie: b??" in lines
