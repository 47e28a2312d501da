"""A reply as bytes.

aiohttp's `Response` can be changed until it is sent, and every request pays for that. Ours is known
whole, so it is written as it stands: the same bytes, all at once.
"""

import asyncio
from http import HTTPStatus

from aiohttp import HttpVersion11
from aiohttp.abc import AbstractStreamWriter
from aiohttp.web import BaseRequest, StreamResponse

from mock_momo.core.rendered import Rendered, one_line
from momo_contracts.wire_errors import Layer

_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_OWN_PHRASES = {(Layer.GATEWAY, 401): "Access Denied", (Layer.WALLET, 500): "Server Error"}
"""Where a layer has words of its own on the status line (observed)."""


class Reply(StreamResponse):
    """What was rendered, its date, and in headers of ours what shaped it and what explains it."""

    def __init__(
        self, rendered: Rendered, date: str, rule: str | None = None, why: str | None = None
    ) -> None:
        super().__init__(status=rendered.status)
        self._rendered = rendered
        self._date = date
        self._ours = f"X-Mock-Rule: {one_line(rule)}\r\n" if rule else ""
        if why:
            self._ours += f"X-Mock-Why: {one_line(why)}\r\n"
        self._writer: AbstractStreamWriter | None = None
        self._whole = b""

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter:
        """Settle the bytes. None is written yet."""
        self._writer = request.writer
        head, body = self.parts(request)
        self._whole = head + body
        return self._writer

    async def write_eof(self, data: bytes = b"") -> None:
        """Write the bytes; a writer that was ended by hand takes no more.

        Requests that came together are all answered before the first reply is written: writes in
        a row wake their readers less often, and answers in a row keep the processor's cache.
        """
        await asyncio.sleep(0)
        if self._writer is not None:
            await self._writer.write_eof(self._whole + data)

    def parts(self, request: BaseRequest) -> tuple[bytes, bytes]:
        """Head and body as this request gets them."""
        body, status = self._rendered.body, self._rendered.status
        version = "1.0" if request.version < HttpVersion11 else "1.1"  # the ones we speak
        phrase = _PHRASES.get(status, "")
        if status in (401, 500):
            phrase = _OWN_PHRASES.get((self._rendered.layer, status), phrase)
        is_head = request.method == "HEAD"
        length = "" if is_head and not body else f"Content-Length: {len(body)}\r\n"
        head = (
            f"HTTP/{version} {status} {phrase}\r\n"
            f"{self._rendered.headers.lines}Date: {self._date}\r\n{self._ours}"
            f"{length}{self._connection(request)}\r\n"
        )
        return head.encode(), b"" if is_head else body

    def _connection(self, request: BaseRequest) -> str:
        """What keeps the connection, or ends it, where the version's own habit would not."""
        if self._rendered.headers.fields.get("Connection") == "close":
            self._keep_alive = False
            return ""
        if self._keep_alive is None:
            self._keep_alive = request.keep_alive
        if self._keep_alive:
            return "Connection: keep-alive\r\n" if request.version < HttpVersion11 else ""
        return "Connection: close\r\n" if request.version >= HttpVersion11 else ""
