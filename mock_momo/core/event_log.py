"""The namespace's memory of what happened: a ring of events, bounded in number and in bytes."""

from collections import deque
from collections.abc import Iterator
from itertools import islice

from momo_contracts.events import Detail, Event, ExchangeBegan, ExchangeEnded

MAX_EVENTS = 10_000
MAX_BYTES = 32 * 1024 * 1024


class EventLog:
    """Keeps the newest events; `seq` tells a reader how many it missed."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._ring: deque[Event] = deque()
        self._bytes = 0
        self._seq = 0

    def record(
        self,
        detail: Detail,
        at_ms: int,
        wall_ms: int,
        connection_id: int | None = None,
        exchange_id: int | None = None,
    ) -> None:
        self._seq += 1
        event = Event(
            self._seq, self._namespace, at_ms, wall_ms, detail, connection_id, exchange_id
        )
        self._ring.append(event)
        self._bytes += _weight(detail)
        while len(self._ring) > MAX_EVENTS or self._bytes > MAX_BYTES:
            self._bytes -= _weight(self._ring.popleft().detail)

    def after(self, seq: int) -> Iterator[Event]:
        """The kept events that came after `seq`, oldest first."""
        kept_from = self._seq - len(self._ring)
        return islice(self._ring, max(0, seq - kept_from), None)


def _weight(detail: Detail) -> int:
    """Bytes of the body an event holds on to; the rest of it is small and of one size."""
    if isinstance(detail, ExchangeBegan | ExchangeEnded):
        return len(detail.body.head)
    return 0
