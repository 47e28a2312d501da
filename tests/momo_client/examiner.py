"""What an examiner does with a bench: it configures, asks, and moves both clocks."""

import asyncio
from typing import Any

from mock_momo.testing import World
from momo_client.edge.bench import Bench

PAID = "46733123499"
REJECTED = "46733123451"
STUCK = "46733123453"
INTERVAL_MS = 30_000

Answer = dict[str, Any]


def configuration(world: World, ledger_url: str, **changes: object) -> dict[str, Any]:
    """The fields of `configure` for a world."""
    fields = {
        "base_url": world.base_url,
        "api_user": world.api_user,
        "api_key": world.api_key,
        "subscription_keys": dict(world.subscription_keys),
        "target_environment": "sandbox",
        "currency": "EUR",
        "now_ms": world.freeze().now_ms,
        "ledger_url": ledger_url,
        "resume": False,
        "status_view": "payment",
        "callback_url": None,
        "request_timeout_ms": 10_000,
    }
    return fields | changes


class Examiner:
    """Asks a bench in this process. The bench is `None` until one is there."""

    def __init__(self, bench: Bench, world: World) -> None:
        self._bench = bench
        self.world = world

    async def ask(self, op: str, **fields: object) -> Answer:
        return await self._bench.answer(op, fields)

    def begin(self, op: str, **fields: object) -> asyncio.Task[Answer]:
        return asyncio.create_task(self.ask(op, **fields))

    async def pay(self, key: str = "order-7", payer: str = PAID, **changes: object) -> Answer:
        order = {"key": key, "amount": "12.50", "currency": "EUR", "payer": payer}
        return await self.ask("request_to_pay", **(order | changes))

    async def advance(self, milliseconds: int) -> None:
        """The fake first, then the client."""
        await self.world.aio.advance(milliseconds / 1000)
        assert await self.ask("clock.advance", ms=milliseconds) == {"ok": {}}

    async def steps_until(self, operation: str, count: int) -> int:
        """How many steps of 100 ms pass until an operation was called so often; at most 100."""
        for steps in range(100):
            if await self.calls(operation) >= count:
                return steps
            await self.advance(100)
        raise AssertionError(f"{operation} was not called {count} times")

    async def calls(self, operation: str) -> int:
        return (await self.world.aio.books()).calls.get(operation, 0)

    async def strike(self, operation: str, fault: object, **rule: object) -> None:
        """From now on a fault, at `times` calls of an operation."""
        match = {"operation": operation}
        await self.world.aio.set_rules([{"name": "r", "match": match, "fault": fault} | rule])

    async def payments(self) -> list[Answer]:
        rows: list[Answer] = (await self.ask("ledger"))["ok"]["payments"]
        return rows
