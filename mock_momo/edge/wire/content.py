"""The body of a request, waited for where it has to be."""

from aiohttp import HttpVersion11
from aiohttp.web import BaseRequest
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge


async def read_content(request: BaseRequest) -> bytes:
    """The body; one that came with its head, as nearly all do, is there without a wait.

    Raises HTTPRequestEntityTooLarge; for a body that says it is too long, without waiting for it.
    """
    body = request.content
    if body.is_eof() and body.total_bytes <= request.client_max_size:
        return body.read_nowait()
    if (request.content_length or 0) > request.client_max_size:
        raise HTTPRequestEntityTooLarge(request.client_max_size)
    if "Expect" in request.headers:
        await _ask_for_it(request)
    return await request.read()


async def _ask_for_it(request: BaseRequest) -> None:
    """Let a client go on that waits for our leave."""
    if request.headers["Expect"].lower() != "100-continue" or request.version < HttpVersion11:
        return
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    request.writer.output_size = 0  # this was no reply: an error may still be answered
