"""Waiting until a namespace's log has something new."""

import asyncio
from collections.abc import Callable
from weakref import WeakKeyDictionary

from mock_momo.core.namespace import Namespace

_BREATH_S = 0.005


class Bell:
    """Wakes everybody who waits for it when it rings."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()
        self._is_over = False

    def ring(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def wait(self, seconds: float | None = None) -> None:
        """Until the next ring, or for so long."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait({waiter}, timeout=seconds)
        finally:
            self._waiters.discard(waiter)

    async def until(self, is_true: Callable[[], bool], seconds: float) -> bool:
        """Until the condition holds after some ring, or for so long; returns whether it does.

        Under steady ringing the condition is asked now and then, not each time.
        """
        loop = asyncio.get_running_loop()
        deadline_s = loop.time() + seconds
        while not is_true():
            left_s = deadline_s - loop.time()
            if left_s <= 0 or self._is_over:
                return False
            await self.wait(left_s)
            await asyncio.sleep(_BREATH_S)
        return True

    def end(self) -> None:
        """Ring for the last time: nobody waits any more."""
        self._is_over = True
        self.ring()


class Bells:
    """A bell per namespace, hung on its log when somebody first asks for it."""

    def __init__(self) -> None:
        self._bells: WeakKeyDictionary[Namespace, Bell] = WeakKeyDictionary()

    def of(self, namespace: Namespace) -> Bell:
        bell = self._bells.get(namespace)
        if bell is None:
            bell = self._bells[namespace] = Bell()
            namespace.log.on_record = bell.ring
        return bell

    def end(self) -> None:
        """Wake everybody, since the fake stops."""
        for bell in list(self._bells.values()):
            bell.end()
