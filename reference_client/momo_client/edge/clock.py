"""The clocks: the machine's, one that is moved by hand, and one that is moved and waited on."""

import asyncio
import time
from heapq import heappop, heappush
from itertools import count
from math import ceil
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how to wait for later.

    `runs` is False for a clock that somebody else moves: threads cannot wait on it.
    """

    @property
    def runs(self) -> bool: ...

    def now_ms(self) -> int: ...

    async def sleep(self, seconds: float) -> bool:
        """True once so much time has passed; False at once where waiting would never end."""
        ...


class SystemClock:
    """The machine's wall clock."""

    runs = True

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    async def sleep(self, seconds: float) -> bool:
        await asyncio.sleep(seconds)
        return True


class ManualClock:
    """A clock that stands still until it is set. Nothing ever sleeps on it."""

    runs = False

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms

    def now_ms(self) -> int:
        return self._now_ms

    def move_to(self, now_ms: int) -> None:
        """Set the instant; moving back is allowed, as real clocks do it too."""
        self._now_ms = now_ms

    async def sleep(self, _seconds: float) -> bool:
        return False


class SteppedClock(ManualClock):
    """A manual clock that can be slept on: setting it wakes those whose instants have come.

    They wake in the order of their instants, and all of them see the instant that was set.
    """

    def __init__(self, now_ms: int) -> None:
        super().__init__(now_ms)
        self._alarms: list[tuple[int, int, asyncio.Future[bool]]] = []
        self._numbers = count()
        self._is_stopped = False

    def move_to(self, now_ms: int) -> None:
        super().move_to(now_ms)
        while self._alarms and self._alarms[0][0] <= now_ms:
            _ring(heappop(self._alarms)[2], has_passed=True)

    async def sleep(self, seconds: float) -> bool:
        if self._is_stopped:
            return False
        alarm: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        at_ms = self.now_ms() + ceil(seconds * 1000)
        heappush(self._alarms, (at_ms, next(self._numbers), alarm))
        return await alarm

    def stop(self) -> None:
        """From now on it is one that nobody can wait on; those who do are told so."""
        self._is_stopped = True
        for _, _, alarm in self._alarms:
            _ring(alarm, has_passed=False)
        self._alarms.clear()


def _ring(alarm: asyncio.Future[bool], *, has_passed: bool) -> None:
    if not alarm.done():  # its sleeper may have been cancelled
        alarm.set_result(has_passed)


SYSTEM_CLOCK = SystemClock()
