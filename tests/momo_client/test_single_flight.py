"""One token call for all who need a token at the same time."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from mock_momo.testing import World
from momo_client import (
    BlockingMomoClient,
    HttpReply,
    HttpRequest,
    Ledger,
    ManualClock,
    MomoClient,
    Settings,
    TokenUnavailable,
)
from momo_client.core.effects import Flow, GetToken
from momo_contracts.values import Product

TOKEN = b'{"access_token":"t","token_type":"access_token","expires_in":3600}'


def want_token() -> Flow[str]:
    """What every call begins with."""
    token: str = yield GetToken(Product.COLLECTION)
    return token


class CompanySeeker:
    """Answers a token call when a second one is under way, or when none has come for a while."""

    def __init__(self, reply: HttpReply) -> None:
        self.sent = 0
        self._reply = reply
        self._second = threading.Barrier(2)

    def send(self, _request: HttpRequest) -> HttpReply:
        self.sent += 1
        with suppress(threading.BrokenBarrierError):
            self._second.wait(timeout=0.2)
        return self._reply


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(20) as pool:
        yield pool


async def test_twenty_cold_tasks_ask_for_one_token(
    settings: Settings, ledger: Ledger, clock: ManualClock, world: World
) -> None:
    async with MomoClient(settings, ledger, clock=clock) as client:
        tokens = await asyncio.gather(*(client.drive(want_token()) for _ in range(20)))
    assert len(set(tokens)) == 1
    assert world.books().calls == {"collection.token": 1}


def test_twenty_cold_threads_ask_for_one_token(
    settings: Settings, ledger: Ledger, clock: ManualClock, pool: ThreadPoolExecutor
) -> None:
    transport = CompanySeeker(HttpReply(200, body=TOKEN))
    client = BlockingMomoClient(settings, ledger, clock=clock, transport=transport)
    tokens = list(pool.map(lambda _: client.drive(want_token()), range(20)))
    assert (set(tokens), transport.sent) == ({"t"}, 1)


async def test_tasks_that_wait_for_a_token_fail_together(
    settings: Settings, ledger: Ledger, clock: ManualClock
) -> None:
    nobody = settings.model_copy(update={"base_url": "http://127.0.0.1:9"})
    async with MomoClient(nobody, ledger, clock=clock) as client:
        waiting = [client.drive(want_token()) for _ in range(20)]
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert client.calls.token_calls == 1
    assert [type(result) for result in results] == [TokenUnavailable] * 20


async def test_a_later_caller_tries_again_after_a_failure(
    settings: Settings, ledger: Ledger, clock: ManualClock
) -> None:
    nobody = settings.model_copy(update={"base_url": "http://127.0.0.1:9"})
    async with MomoClient(nobody, ledger, clock=clock) as client:
        for calls in (1, 2):
            with pytest.raises(TokenUnavailable):
                await client.drive(want_token())
            assert client.calls.token_calls == calls
