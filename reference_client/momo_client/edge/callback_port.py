"""The client's own receiver of callbacks behind a loopback port, for a driver's examiner."""

import asyncio
from contextlib import AsyncExitStack
from io import BytesIO

from aiohttp import ClientError, ClientSession
from yarl import URL

from momo_client.edge.asyncio_shell import MomoClient
from momo_client.errors import BadRequest

_LOOPBACK = "127.0.0.1"
_STOP_S = 1.0


class CallbackPort:
    """Hands callbacks to a client as a provider would: over a socket. Opened by the first one."""

    def __init__(self, client: MomoClient) -> None:
        self._client = client
        self._opened = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._origin = ""
        self._session: ClientSession

    async def deliver(self, method: str, path: str, body: str) -> int | None:
        """The status that a callback is answered with; None when it is not answered.

        Raises BadRequest for what is no HTTP request.
        """
        if path and path[0] not in "/?":
            raise _bad(method, path)
        async with self._opening:
            if not self._origin:
                await self._open()
        try:
            async with self._session.request(
                method,
                URL(self._origin + path, encoded=True),
                data=BytesIO(body.encode(errors="surrogatepass")),
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
            ) as reply:
                return reply.status
        except ClientError:
            return None
        except ValueError:
            raise _bad(method, path) from None

    async def close(self) -> None:
        """Stop listening; looks that are under way are finished first."""
        await self._opened.aclose()

    async def _open(self) -> None:
        # Most processes that an examiner starts are never called back.
        from aiohttp import web  # noqa: PLC0415

        from momo_client.edge.callbacks import callback_app  # noqa: PLC0415

        app = callback_app(self._client)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_S)
        await runner.setup()
        self._opened.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, _LOOPBACK, 0).start()
        self._session = await self._opened.enter_async_context(ClientSession())
        self._origin = f"http://{_LOOPBACK}:{runner.addresses[0][1]}"


def _bad(method: str, path: str) -> BadRequest:
    return BadRequest(f"{method[:20]!r} {path[:80]!r} is no HTTP request to a callback's address")
