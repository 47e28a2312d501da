"""The clocks: the machine's, and one that a test or an examiner moves by hand."""

import time
from typing import Protocol


class Clock(Protocol):
    """What time it is. `runs` is False for a clock on which waiting would never end."""

    @property
    def runs(self) -> bool: ...

    def now_ms(self) -> int: ...


class SystemClock:
    """The machine's wall clock."""

    runs = True

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000


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


SYSTEM_CLOCK = SystemClock()
