"""A listener that watches the failure rate and the tokens, and tells other listeners."""

import threading
from collections.abc import Sequence

from momo_client.core.alarms import FAILURE_RATE, TOKEN_FAILURES, Threshold, Watch
from momo_client.core.events import Event
from momo_client.edge.clock import SYSTEM_CLOCK, Clock
from momo_client.edge.listeners import Listener, Listeners


class Alarms:
    """Tells `listeners` of AlarmRaised, once an excursion; safe for many threads."""

    def __init__(
        self,
        listeners: Sequence[Listener],
        *,
        clock: Clock = SYSTEM_CLOCK,
        failure_rate: Threshold = FAILURE_RATE,
        token_failures: Threshold = TOKEN_FAILURES,
    ) -> None:
        self._listeners = Listeners(listeners)
        self._clock = clock
        self._watch = Watch(failure_rate, token_failures)
        self._lock = threading.Lock()

    def __call__(self, event: Event) -> None:
        with self._lock:
            alarm = self._watch.note(event, self._clock.now_ms())
        if alarm is not None:
            self._listeners.tell(alarm)
