"""A client and its receiver of callbacks, on a socket, with all that they tell."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import uuid4

from aiohttp import ClientSession, web

from momo_client import Ledger, ManualClock, MomoClient, Settings, callback_app
from momo_client.core.events import Event

T = TypeVar("T")


class Told:
    """Everything that a client has told, and what it will tell."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._news = asyncio.Event()

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]

    async def until(self, kind: type[T], is_it: Callable[[T], bool] = lambda _: True) -> T:
        """The first such event, past or to come."""
        while True:
            self._news.clear()
            for event in filter(is_it, self.of(kind)):
                return event
            await self._news.wait()


class Receiver:
    """Where a client's callbacks arrive."""

    def __init__(self, client: MomoClient, told: Told, session: ClientSession, url: str) -> None:
        self.client = client
        self.told = told
        self.session = session
        self.url = url

    async def call_back(
        self, reference_id: str, word: str = "SUCCESSFUL", method: str = "POST"
    ) -> int:
        """Send what anybody could send; the status of the answer."""
        content = {"externalId": str(uuid4()), "status": word}
        async with self.session.request(
            method, f"{self.url}/{reference_id}", json=content
        ) as reply:
            assert await reply.read() in (b"", b"try again later")
            return reply.status


@asynccontextmanager
async def receiving(
    settings: Callable[..., Settings],
    ledger: Ledger,
    clock: ManualClock,
    *,
    is_asked_for: bool = True,
    **changes: object,
) -> AsyncIterator[Receiver]:
    """A receiver mounted in an application of somebody's; payments name it if it `is_asked_for`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://localhost:{listener.getsockname()[1]}/momo"
        told = Told()
        named = changes | ({"callback_url": url} if is_asked_for else {})
        async with MomoClient(settings(**named), ledger, clock=clock, listeners=[told]) as client:
            app = web.Application()
            app.add_subapp("/momo", callback_app(client))
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
            await runner.setup()
            try:
                await web.SockSite(runner, listener).start()
                async with ClientSession() as session:
                    yield Receiver(client, told, session, url)
            finally:
                await runner.cleanup()
