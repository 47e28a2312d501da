"""The clock of a namespace, as a value: real with an offset, frozen at an instant, on its way."""

from dataclasses import dataclass

LATEST_MS = 32_503_680_000_000
"""The year 3000. Tokens and the Date header must be able to write what is shown."""


@dataclass(frozen=True, slots=True)
class RealClock:
    """Runs with the machine's clock, `offset_ms` ahead of it."""

    offset_ms: int = 0

    def now_ms(self, wall_ms: int) -> int:
        return wall_ms + self.offset_ms

    def advanced(self, by_ms: int) -> "RealClock":
        return RealClock(self.offset_ms + by_ms)


@dataclass(frozen=True, slots=True)
class FrozenClock:
    """Stands still until it is advanced."""

    at_ms: int

    def now_ms(self, wall_ms: int) -> int:  # noqa: ARG002  # same question as RealClock's
        return self.at_ms

    def advanced(self, by_ms: int) -> "FrozenClock":
        return FrozenClock(self.at_ms + by_ms)


@dataclass(frozen=True, slots=True)
class TravellingClock(FrozenClock):
    """Stands at a step of a journey, which will leave `end` behind."""

    end: "Clock"


Clock = RealClock | FrozenClock
