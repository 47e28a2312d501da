"""The namespace's memory of what happened: a ring of events, bounded in number and in bytes."""

from collections import deque
from collections.abc import Callable, Iterator

from momo_contracts.events import Detail, Event, ExchangeBegan, ExchangeEnded

MAX_EVENTS = 10_000
MAX_BYTES = 32 * 1024 * 1024

_Entry = tuple[int, Detail, int, int, int | None, int | None]
"""Its weight, and an event without what its place in the ring says."""


class EventLog:
    """Keeps the newest events; `seq` tells a reader how many it missed."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._ring: deque[_Entry] = deque()
        self._bytes = 0
        self._seq = 0
        self.on_record: Callable[[EventLog], None] | None = None

    def record(
        self,
        detail: Detail,
        at_ms: int,
        wall_ms: int,
        connection_id: int | None = None,
        exchange_id: int | None = None,
    ) -> None:
        self._seq += 1
        weight = _weight(detail)
        self._ring.append((weight, detail, at_ms, wall_ms, connection_id, exchange_id))
        self._bytes += weight
        while len(self._ring) > MAX_EVENTS or self._bytes > MAX_BYTES:
            self._bytes -= self._ring.popleft()[0]
        if self.on_record is not None:
            self.on_record(self)

    @property
    def last_seq(self) -> int:
        """The number of the newest event; 0 before the first."""
        return self._seq

    def after(self, seq: int) -> Iterator[Event]:
        """The kept events that came after `seq`, oldest first; read them at once."""
        lost = self._seq - len(self._ring)
        start = max(0, seq - lost)
        for place in range(start, len(self._ring)):  # a deque finds its newest entries at once
            _, detail, at_ms, wall_ms, connection_id, exchange_id = self._ring[place]
            seq = lost + place + 1
            yield Event(seq, self._namespace, at_ms, wall_ms, detail, connection_id, exchange_id)


def _weight(detail: Detail) -> int:
    """Bytes of what a client can make long; the rest of an event is small and of one size."""
    if isinstance(detail, ExchangeBegan):
        headers = sum([len(name) + len(value) for name, value in detail.headers])
        return headers + len(detail.target) + len(detail.body.head)
    return len(detail.body.head) if isinstance(detail, ExchangeEnded) else 0
