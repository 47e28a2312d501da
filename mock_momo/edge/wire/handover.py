"""Handing a reply over as a fault wants it: late, never, cut off, byte by byte, or not at all."""

import asyncio
import socket
import struct

from aiohttp.web import BaseRequest

from mock_momo.core.rendered import Handover, Manner
from mock_momo.edge.wire.reply import Reply

_LINGER_NOT = struct.pack("ii", 1, 0)
LONGEST_HANG_S = 600.0
"""A hang ends by itself, and so does a drip, its rest at once: a forgotten client costs nothing."""


async def hand_over(
    request: BaseRequest, reply: Reply, handover: Handover, stopping: asyncio.Event
) -> Reply:
    """Do what the handover says with the reply. Waiting ends early when the fake stops."""
    if handover.wait_ms:
        await _pause(handover.wait_ms / 1000, stopping)
    match handover.manner:
        case Manner.SEND if handover.drip_ms or handover.cut_at is not None:
            await _send_by_hand(request, reply, handover, stopping)
        case Manner.SEND:
            pass
        case Manner.HANG:
            await _pause(LONGEST_HANG_S, stopping)
            _reset(request)
        case Manner.RESET:
            _reset(request)
        case Manner.CLOSE:
            _close(request)
    return reply


async def _send_by_hand(
    request: BaseRequest, reply: Reply, handover: Handover, stopping: asyncio.Event
) -> None:
    head, body = reply.parts(request)
    await request.writer.write(head)
    sent = body if handover.cut_at is None else body[: handover.cut_at]
    if handover.drip_ms:
        pause_s = handover.drip_ms / 1000
        dripping = sent[: int(LONGEST_HANG_S / pause_s)]
        for byte in dripping:
            await request.writer.write(bytes((byte,)))
            await _pause(pause_s, stopping)
        await request.writer.write(sent[len(dripping) :])
    else:
        await request.writer.write(sent)
    if handover.cut_at is not None:
        _close(request)
    await request.writer.write_eof()


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
