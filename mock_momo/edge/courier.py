"""Sending one callback over HTTP, as the wallet platform was seen to send it.

Header names, order and User-Agent as captured in the sandbox: no signature, no reference id. The
answer is awaited for two seconds (documented in one stored version of MTN's page), in wall time.
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass

import orjson
from aiohttp import (
    ClientError,
    ClientResponseError,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from yarl import URL

from mock_momo.core.deliveries import Attempt
from mock_momo.core.effects import SendCallback
from mock_momo.edge.egress import EgressGuard, EgressRefused
from mock_momo.edge.wire.statuses import show_callback
from momo_contracts.events import BODY_LIMIT, Body

TIMEOUT_S = 2.0
_HEADERS = {
    "User-Agent": "LWAC Http Client 1.0",
    "Content-Type": "application/json; charset=utf-8",
    "Accept-Encoding": "gzip",
    "Connection": "keep-alive",
}


@dataclass(frozen=True, slots=True)
class CourierOptions:
    """Which hosts callbacks may go to beside this machine, whom HTTPS trusts, how long to wait.

    Without `tls`, the machine's own authorities are trusted.
    """

    allowed_hosts: frozenset[str] = frozenset()
    tls: ssl.SSLContext | None = None
    timeout_s: float = TIMEOUT_S


DEFAULT_COURIER = CourierOptions()


class Courier:
    """Sends callbacks; each on a connection of its own, so that no answer is another's."""

    def __init__(self, options: CourierOptions) -> None:
        self._options = options
        self._guard = EgressGuard(options.allowed_hosts)
        self._session: ClientSession | None = None

    async def send(self, effect: SendCallback, now: Callable[[], int]) -> Attempt:
        """One attempt, dated by `now` when it is over."""
        content = orjson.dumps(show_callback(effect.told, effect.switches))
        sent, loop = Body.of(content), asyncio.get_running_loop()
        began_s = loop.time()
        status, reply, problem, is_withheld = None, None, None, False
        try:
            url = URL(effect.url)
            self._check(url)
            status, reply = await self._exchange(effect.method, url, content)
        except EgressRefused as refused:
            problem, is_withheld = str(refused), True
        except (ClientError, OSError, ValueError) as failed:
            problem = self._described(failed)
        return Attempt(
            at_ms=now(),
            sent=sent,
            status=status,
            reply=reply,
            latency_ms=round((loop.time() - began_s) * 1000),
            problem=problem,
            is_withheld=is_withheld,
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _exchange(self, method: str, url: URL, content: bytes) -> tuple[int, Body]:
        session = self._opened()
        async with session.request(method, url, data=content, allow_redirects=False) as reply:
            head = await reply.content.read(BODY_LIMIT)
            return reply.status, Body.of(head)

    def _check(self, url: URL) -> None:
        """The host as it is connected to, not as it was written: `０.0.0.0` is an address, too."""
        if url.scheme not in ("http", "https"):
            raise EgressRefused("the callback URL must begin with http:// or https://")
        self._guard.check_literal(url.host or "")

    def _opened(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(
                    resolver=self._guard,
                    limit=0,
                    force_close=True,
                    ssl=self._options.tls or ssl.create_default_context(),
                ),
                headers=_HEADERS,
                skip_auto_headers=("Accept",),
                cookie_jar=DummyCookieJar(),
                timeout=ClientTimeout(total=self._options.timeout_s),
            )
        return self._session

    def _described(self, failed: BaseException) -> str:
        if isinstance(failed, TimeoutError):
            return f"no answer within {self._options.timeout_s:g} s"
        if isinstance(failed, ClientSSLError):
            return f"TLS: {failed}; serve --callback-ca FILE trusts the receiver's authority"
        if isinstance(failed, ValueError):  # InvalidURL too; they quote the URL, password and all
            return "nothing can be sent to the callback URL; it wants http://host:port/path"
        if isinstance(failed, ClientResponseError):  # quotes the URL, and the receiver's bytes
            return "the receiver's answer is not HTTP"
        return f"{type(failed).__name__}: {failed}"
