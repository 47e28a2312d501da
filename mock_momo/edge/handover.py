"""Handing a reply over as a fault wants it: late, never, cut off, byte by byte, or not at all."""

import asyncio
import socket
import struct

from aiohttp.web import BaseRequest, Response, StreamResponse

from mock_momo.core.rendered import Handover, Manner

_LINGER_NOT = struct.pack("ii", 1, 0)
LONGEST_HANG_S = 600.0
"""A hang ends by itself, and so does a drip, its rest at once: a forgotten client costs nothing."""


async def hand_over(
    request: BaseRequest, response: Response, handover: Handover, stopping: asyncio.Event
) -> StreamResponse:
    """Do what the handover says with the response. Waiting ends early when the fake stops."""
    if handover.wait_ms:
        await _pause(handover.wait_ms / 1000, stopping)
    match handover.manner:
        case Manner.SEND if handover.drip_ms or handover.cut_at is not None:
            return await _send_by_hand(request, response, handover, stopping)
        case Manner.SEND:
            return response
        case Manner.HANG:
            await _pause(LONGEST_HANG_S, stopping)
            _reset(request)
        case Manner.RESET:
            _reset(request)
        case Manner.CLOSE:
            _close(request)
    return Response()


async def _send_by_hand(
    request: BaseRequest, response: Response, handover: Handover, stopping: asyncio.Event
) -> StreamResponse:
    content = response.body if isinstance(response.body, bytes) else b""
    stream = StreamResponse(status=response.status, headers=response.headers)
    stream.content_length = len(content)
    await stream.prepare(request)
    sent = content if handover.cut_at is None else content[: handover.cut_at]
    if handover.drip_ms:
        pause_s = handover.drip_ms / 1000
        dripping = sent[: int(LONGEST_HANG_S / pause_s)]
        for byte in dripping:
            await stream.write(bytes((byte,)))
            await _pause(pause_s, stopping)
        await stream.write(sent[len(dripping) :])
    else:
        await stream.write(sent)
    if handover.cut_at is not None:
        _close(request)
    return stream


async def _pause(seconds: float, stopping: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return


def _reset(request: BaseRequest) -> None:
    """A real TCP reset: with no time to linger, aborting sends RST and drops what is queued."""
    transport = request.transport
    if transport is not None:
        transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT
        )
        transport.abort()


def _close(request: BaseRequest) -> None:
    if request.transport is not None:
        request.transport.close()
