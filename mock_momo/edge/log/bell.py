"""Waiting until a namespace's log has something new."""

import asyncio
from collections.abc import Callable
from weakref import WeakKeyDictionary

from mock_momo.core.event_log import EventLog
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry

_BREATH_S = 0.005


class Bell:
    """Wakes everybody who waits for it when it rings; `outer` rings along.

    `hearers` are told at once which log has something new; they do no more than note it.
    """

    def __init__(self, outer: "Bell | None" = None) -> None:
        self.hearers: list[Callable[[EventLog], None]] = []
        self.is_over = False
        self._outer = outer
        self._waiters: set[asyncio.Future[None]] = set()

    def ring(self, log: EventLog) -> None:
        for hear in self.hearers:
            hear(log)
        if self._outer is not None:
            self._outer.ring(log)
        if self._waiters:
            self._wake()

    async def wait(self, seconds: float | None = None) -> None:
        """Until the next ring or the end, or for so long."""
        if self.is_over:
            return
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
            if left_s <= 0 or self.is_over:
                return False
            await self.wait(left_s)
            await asyncio.sleep(_BREATH_S)
        return True

    def end(self) -> None:
        """Nobody waits any more."""
        self.is_over = True
        self._wake()

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()


class Bells:
    """A bell per namespace, hung on its log when somebody first listens, and one for all of them.

    A namespace's bell ends with the namespace.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._bells: WeakKeyDictionary[Namespace, Bell] = WeakKeyDictionary()
        self._everywhere = Bell()
        self._hears_all = False
        self._is_over = False
        registry.on_added.append(self._added)
        registry.on_removed.append(self._removed)

    def of(self, namespace: Namespace) -> Bell:
        bell = self._bells.get(namespace)
        if bell is None:
            bell = self._bells[namespace] = Bell(self._everywhere)
            bell.is_over = self._is_over
            namespace.log.on_record = bell.ring
        return bell

    def everywhere(self) -> Bell:
        """Rings whatever the namespace, also one that is created later."""
        if not self._hears_all:
            self._hears_all = True
            for namespace in self._registry.all():
                self.of(namespace)
        return self._everywhere

    def end(self) -> None:
        """Wake everybody who waits for one namespace, since the fake stops."""
        self._is_over = True
        for bell in list(self._bells.values()):
            bell.end()

    def end_everywhere(self) -> None:
        """Nothing more will happen: who listens to all reads what is left."""
        self._everywhere.end()

    def _added(self, namespace: Namespace) -> None:
        if self._hears_all:
            self.of(namespace)

    def _removed(self, namespace: Namespace) -> None:
        bell = self._bells.get(namespace)
        if bell is not None:
            bell.end()
