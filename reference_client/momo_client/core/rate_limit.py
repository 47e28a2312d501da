"""The client's own rate limit: a token bucket that is told the time and never sleeps."""


class RateLimit:
    """Lets `calls_per_s` through, a second's worth of them at once; zero is no limit. Not locked.

    `reserve` takes a place in the queue, so that those who wait do not all go at once.
    """

    def __init__(self, calls_per_s: float) -> None:
        self._gap_s = 1 / calls_per_s if calls_per_s else 0.0
        self._burst_s = max(0.0, 1 - self._gap_s)
        self._free_at_s = float("-inf")

    def reserve(self, now_s: float) -> float:
        """How many seconds the next call has to wait. `now_s` never runs backwards."""
        if not self._gap_s:
            return 0.0
        at_s = max(self._free_at_s, now_s - self._burst_s)
        self._free_at_s = at_s + self._gap_s
        return max(0.0, at_s - now_s)
