"""When to raise an alarm: a share over a sliding window is too high, once an excursion.

Between the two thresholds nothing changes, so that a share which trembles at one of them does not
raise an alarm each time.
"""

from collections import deque
from dataclasses import dataclass

from momo_client.core.events import AlarmRaised, Event, PaymentSettled, TokenFailed, TokenTaken
from momo_client.core.payments import Cause

NOTES_LIMIT = 10_000
"""Assumed: the most outcomes that one window keeps; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Raised when at least `raise_at` of `least` outcomes or more in the window are bad.

    It is over when less than `clear_at` are, or when the window has become empty.
    """

    name: str
    raise_at: float
    clear_at: float
    least: int
    window_ms: int
    provenance: str = "assumed"


FAILURE_RATE = Threshold("failure_rate", 0.2, 0.1, 20, 10 * 60_000)
"""Of the payments that the provider ended: those that it failed or refused."""

TOKEN_FAILURES = Threshold("token_failures", 0.5, 0.1, 3, 10 * 60_000)
"""Of the calls for which a token was to be fetched: those that got none."""


class Alarm:
    """One threshold and its window; `now_ms` may stand still and may go back."""

    def __init__(self, threshold: Threshold) -> None:
        self._threshold = threshold
        self._notes: deque[tuple[int, bool]] = deque()
        self._bad = 0
        self._is_raised = False

    def note(self, now_ms: int, *, is_bad: bool) -> AlarmRaised | None:
        """Take one more outcome; the alarm, if that raises it."""
        self._forget(now_ms)
        self._is_raised = self._is_raised and bool(self._notes)
        self._notes.append((now_ms, is_bad))
        self._bad += is_bad
        threshold, total = self._threshold, len(self._notes)
        share = self._bad / total
        if self._is_raised:
            self._is_raised = share >= threshold.clear_at
            return None
        self._is_raised = total >= threshold.least and share >= threshold.raise_at
        if not self._is_raised:
            return None
        return AlarmRaised(threshold.name, share, total, threshold.raise_at)

    def _forget(self, now_ms: int) -> None:
        oldest_ms = now_ms - self._threshold.window_ms
        while self._notes and (self._notes[0][0] <= oldest_ms or len(self._notes) >= NOTES_LIMIT):
            _, was_bad = self._notes.popleft()
            self._bad -= was_bad


class Watch:
    """The two alarms of a client."""

    def __init__(
        self, failure_rate: Threshold = FAILURE_RATE, token_failures: Threshold = TOKEN_FAILURES
    ) -> None:
        self._failure_rate = Alarm(failure_rate)
        self._token_failures = Alarm(token_failures)

    def note(self, event: Event, now_ms: int) -> AlarmRaised | None:
        """Take an event; the alarm, if it raises one."""
        match event:
            case PaymentSettled(payment) if event.is_end and payment.cause is not Cause.NOT_SENT:
                is_bad = payment.cause in (Cause.PROVIDER, Cause.REFUSED)
                return self._failure_rate.note(now_ms, is_bad=is_bad)
            case TokenFailed():
                return self._token_failures.note(now_ms, is_bad=True)
            case TokenTaken(is_cached=False):
                return self._token_failures.note(now_ms, is_bad=False)
            case _:
                return None
