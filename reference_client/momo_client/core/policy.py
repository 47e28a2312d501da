"""How patient a client is: how often it sends, when it asks, how long it waits in between."""

from dataclasses import dataclass

from momo_client.core.payments import DAY_MS, Payment

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0
"""Assumed: the longest first pause; each further one is twice as long, up to the longest."""

PATIENCE_S = 30
"""Assumed: the longest Retry-After that a call waits for; beyond it the checker asks, later."""

LEASE_MS = 5 * 60 * 1000
"""Assumed: how long a worker that died keeps others from the payments it had claimed."""

WATCH_DAYS = 7
"""Assumed: how long a payment that was given up is still asked for, once a day."""

_AGE_SHARE = 10
_LONGEST_INTERVAL_MS = 5 * 60 * 1000
"""Documented advice: ask again after five minutes. Adaptive asks when a payment is 10 % older."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`attempts` of one call; `batch` and `interval_ms` of the checker (mission: 10, 30 s).

    `is_adaptive` lets the interval grow with a payment's age.
    """

    attempts: int = 4
    batch: int = 10
    interval_ms: int = 30_000
    is_adaptive: bool = False

    def pause_after(self, attempt: int, retry_after_s: int | None) -> tuple[float, float] | None:
        """The least and the most seconds to wait after the nth attempt; None to let it be."""
        if attempt >= self.attempts or (retry_after_s or 0) > PATIENCE_S:
            return None
        longest_s = min(FIRST_PAUSE_S * 2 ** (attempt - 1), LONGEST_PAUSE_S)
        least_s = longest_s / 2 if retry_after_s is None else retry_after_s
        return least_s, least_s + longest_s / 2

    def next_check_at_ms(self, payment: Payment, now_ms: int, retry_after_s: int = 0) -> int:
        """When to ask for an open payment again."""
        return now_ms + max(self._interval_ms(payment, now_ms), retry_after_s * 1000)

    def _interval_ms(self, payment: Payment, now_ms: int) -> int:
        if not self.is_adaptive:
            return self.interval_ms
        grown_ms = min((now_ms - payment.created_at_ms) // _AGE_SHARE, _LONGEST_INTERVAL_MS)
        return max(self.interval_ms, grown_ms)


def next_watch_at_ms(payment: Payment, now_ms: int) -> int | None:
    """When to ask again for a payment that was given up: daily, None after seven days."""
    days = (now_ms - payment.deadline_at_ms) // DAY_MS + 1
    return payment.deadline_at_ms + days * DAY_MS if days <= WATCH_DAYS else None
