"""The receiver of callbacks: an aiohttp application, to be mounted in one of your own.

A callback is a hint. It is in the ledger before it is acknowledged, and believed in nothing: the
status is read afterwards, as the checker reads it, and that settles the payment. What fails on the
way is left to the checker.
"""

import asyncio

from aiohttp import web

from momo_client.core import flows
from momo_client.core.callbacks import BODY_LIMIT, contradicts, read_reference_id, read_word
from momo_client.core.events import (
    CallbackContradicted,
    CallbackRefused,
    CallbackTaken,
    CallbackUnconfirmed,
)
from momo_client.edge.asyncio_shell import MomoClient
from momo_client.edge.confirmations import Confirmations
from momo_client.errors import LedgerError, MomoClientError

BODY_S = 10.0
"""Assumed: how long a sender may take for its body; MTN's gives up after 2 s (documented)."""


def callback_app(client: MomoClient) -> web.Application:
    """Takes callbacks, PUT or POST, for the payments in a client's ledger.

        app.add_subapp("/momo", callback_app(client))

    With that, `callback_url`, or MTN_CALLBACK_URL, is this application's address with `/momo` at
    the end. The client must be open before the application starts and until it is cleaned up.

    Answers 200 for a callback, of any payment, once it is durable; 400, 404, 405, 408 or 413 for
    what is none; 503 when the ledger is unusable and the sender should try again.
    """
    receiver = _Receiver(client)
    app = web.Application()
    for method in ("PUT", "POST"):
        app.router.add_route(method, "/{address:.*}", receiver.receive)
    app.on_shutdown.append(receiver.close)
    return app


class _Receiver:
    """Takes callbacks for one client."""

    def __init__(self, client: MomoClient) -> None:
        self._client = client
        self._confirmations = Confirmations(self._confirm)

    async def receive(self, request: web.Request) -> web.Response:
        """Read, make durable, acknowledge; confirm later."""
        try:
            reference_id, word = await _read(request)
        except web.HTTPException as refusal:
            self._client.tell(CallbackRefused(refusal.text or refusal.reason))
            raise
        try:
            await self._take(reference_id, word)
        except LedgerError as error:
            self._client.tell(CallbackRefused(error.message))
            raise web.HTTPServiceUnavailable(text="try again later") from None
        return web.Response()

    async def close(self, _app: web.Application) -> None:
        await self._confirmations.close()

    async def _take(self, reference_id: str, word: str) -> None:
        client = self._client
        payment = await client.drive(flows.take_hint(reference_id, client.clock.now_ms()))
        client.tell(CallbackTaken(reference_id, is_known=payment is not None, word=word))
        if payment is None:
            return
        if contradicts(payment, word):
            client.tell(CallbackContradicted(payment, word))
        elif payment.next_check_at_ms is not None:
            self._confirmations.ask(reference_id, word)

    async def _confirm(self, reference_id: str, word: str) -> None:
        client = self._client
        now_ms = client.clock.now_ms()
        flow = flows.confirm(client.merchant, reference_id, now_ms, client.policy)
        try:
            payment = await client.drive(flow)
        except MomoClientError as error:
            client.tell(CallbackUnconfirmed(reference_id, error.message))
            return
        if contradicts(payment, word):
            client.tell(CallbackContradicted(payment, word))


async def _read(request: web.Request) -> tuple[str, str]:
    """The reference id and the word of a callback. Raises HTTPException for what is none."""
    reference_id = read_reference_id(request.path)
    if reference_id is None:
        raise web.HTTPNotFound(text="the address does not end in a reference id")
    word = read_word(await _read_body(request))
    if word is None:
        raise web.HTTPBadRequest(text="the body is not a JSON object with a status")
    return reference_id, word


async def _read_body(request: web.Request) -> bytes:
    """The body, decompressed; of one that is too long no more than is needed to tell."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            while len(body) <= BODY_LIMIT and (part := await request.content.readany()):
                body += part
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body did not come in time") from None
    except web.RequestPayloadError:
        raise web.HTTPBadRequest(text="the body cannot be read") from None
    if len(body) > BODY_LIMIT:
        raise web.HTTPRequestEntityTooLarge(BODY_LIMIT, len(body), text="the body is too long")
    return bytes(body)
