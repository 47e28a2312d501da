"""The machine's clock, the only place where the fake asks what o'clock it is."""

from time import time_ns


def wall_ms() -> int:
    """Milliseconds since the Unix epoch."""
    return time_ns() // 1_000_000
