"""A fake in this process: a real socket for the client under test, none for its control API."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

from mock_momo.core.registry import Registry
from mock_momo.core.settings import Settings
from mock_momo.edge.control import PREFIX, Control
from mock_momo.edge.documents.control_messages import NamespaceMessage, read, settings_from
from mock_momo.edge.documents.rule_messages import rules_from
from mock_momo.edge.wire.server import FakeServer
from mock_momo.errors import FakeUnavailable
from mock_momo.testing.question import Question, Reply
from mock_momo.testing.transports import ANSWER_S

_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class SameLoop:
    """Asks a fake that runs on the event loop of whoever asks."""

    control: Control

    async def send(self, question: Question[Any]) -> Reply:
        answer = await self.control.answer(
            question.method, PREFIX + question.path, question.content
        )
        return Reply(answer.status, answer.body)


@dataclass(frozen=True, slots=True)
class OtherLoop:
    """Asks a fake that runs on an event loop in another thread."""

    control: Control
    loop: asyncio.AbstractEventLoop

    def send(self, question: Question[Any]) -> Reply:
        if self.loop.is_closed():
            raise FakeUnavailable("this fake has ended; ask it inside its `with` block")
        wait_s = ANSWER_S + question.wait_s
        asking = asyncio.run_coroutine_threadsafe(SameLoop(self.control).send(question), self.loop)
        try:
            return asking.result(wait_s)
        except TimeoutError:
            raise FakeUnavailable(
                f"the fake has not answered within {wait_s:g} s; a test that receives callbacks "
                "on its own event loop wants async_fake"
            ) from None


@contextmanager
def in_thread(registry: Registry) -> Iterator[tuple[str, OtherLoop]]:
    """A fake in a thread with an event loop of its own: its URL, and how to ask it."""
    with _loop_in_thread() as loop:
        started = asyncio.run_coroutine_threadsafe(_start(registry), loop)
        server, url = started.result()
        try:
            yield url, OtherLoop(server.control, loop)
        finally:
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result()


@asynccontextmanager
async def on_this_loop(registry: Registry) -> AsyncIterator[tuple[str, SameLoop]]:
    """A fake on the running event loop: its URL, and how to ask it."""
    server, url = await _start(registry)
    try:
        yield url, SameLoop(server.control)
    finally:
        await server.stop()


def registry_of(settings: Mapping[str, object], *, auto_namespaces: bool) -> Registry:
    """Namespaces that have these settings and rules unless they are made with others.

    Raises InvalidSetting.
    """
    message = read(NamespaceMessage, json.dumps(settings, default=str).encode())
    rules = rules_from(message.rules or [])
    return Registry(settings_from(message, Settings()), rules, opens_by_key=auto_namespaces)


async def _start(registry: Registry) -> tuple[FakeServer, str]:
    server = FakeServer(registry)
    port = await server.start(_HOST, 0)
    return server, f"http://{_HOST}:{port}"


@contextmanager
def _loop_in_thread() -> Iterator[asyncio.AbstractEventLoop]:
    ready: Future[asyncio.AbstractEventLoop] = Future()
    thread = Thread(target=_run_forever, args=(ready,), name="mock-momo", daemon=True)
    thread.start()
    loop = ready.result()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _run_forever(ready: Future[asyncio.AbstractEventLoop]) -> None:
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        ready.set_result(loop)
        loop.run_forever()
