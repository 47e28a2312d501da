"""The namespace's memory of what happened: a ring of events, bounded in number and in bytes."""

from collections import deque
from collections.abc import Callable, Iterator

from momo_contracts.events import Body, Detail, Event, ExchangeBegan, ExchangeEnded, PaymentSettled

MAX_EVENTS = 10_000
MAX_BYTES = 32 * 1024 * 1024

_EVENT_BYTES = 640
"""What an event costs in memory besides the texts that are counted (measured)."""

_Entry = tuple[int, Detail, int, int, int | None, int | None]
"""Its weight, and an event without what its place in the ring says."""


class EventLog:
    """Keeps the newest events; `seq` tells a reader how many it missed.

    `on_record` is called after each record, for whoever follows the log.
    """

    def __init__(
        self, namespace: str, max_events: int = MAX_EVENTS, max_bytes: int = MAX_BYTES
    ) -> None:
        self.last_seq = 0
        self.on_record: Callable[[EventLog], None] | None = None
        self._namespace = namespace
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._ring: deque[_Entry] = deque()
        self._bytes = 0

    @property
    def first_seq(self) -> int:
        """The oldest event that is kept; while none is, the next to come."""
        return self.last_seq - len(self._ring) + 1

    @property
    def kept(self) -> int:
        """How many events are kept."""
        return len(self._ring)

    @property
    def kept_bytes(self) -> int:
        """Bytes of memory that they take, about."""
        return self._bytes

    def record(
        self,
        detail: Detail,
        at_ms: int,
        wall_ms: int,
        connection_id: int | None = None,
        exchange_id: int | None = None,
    ) -> None:
        self.last_seq += 1
        weight = _weight(detail)
        ring = self._ring
        ring.append((weight, detail, at_ms, wall_ms, connection_id, exchange_id))
        self._bytes += weight
        while len(ring) > self._max_events or self._bytes > self._max_bytes:
            self._bytes -= ring.popleft()[0]
        if self.on_record is not None:
            self.on_record(self)

    def after(self, seq: int) -> Iterator[Event]:
        """The kept events that came after `seq`, oldest first; read them at once."""
        first = self.first_seq
        for place in range(
            max(0, seq + 1 - first), len(self._ring)
        ):  # a deque finds its newest entries at once
            _, detail, at_ms, wall_ms, connection_id, exchange_id = self._ring[place]
            number = first + place
            yield Event(number, self._namespace, at_ms, wall_ms, detail, connection_id, exchange_id)


def _weight(detail: Detail) -> int:
    """Bytes of memory: all that somebody can make long, and what every event costs.

    The events of every payment are spelled out, which is several times as fast.
    """
    if isinstance(detail, ExchangeBegan):
        texts = len(detail.method) + len(detail.target) + len(detail.reference_id or "")
    elif isinstance(detail, ExchangeEnded):
        texts = len(detail.reference_id or "") + len(detail.rule or "") + len(detail.why or "")
    elif isinstance(detail, PaymentSettled):
        return _EVENT_BYTES  # nobody can make it long
    else:
        fields = (getattr(detail, name) for name in detail.__dataclass_fields__)
        return _EVENT_BYTES + sum(_length(value) for value in fields)
    return _EVENT_BYTES + texts + len(detail.headers.text) + len(detail.body.head)


def _length(value: object) -> int:
    if isinstance(value, Body):
        return len(value.head)
    return len(value) if isinstance(value, str) else 0
