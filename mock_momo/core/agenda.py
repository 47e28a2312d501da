"""What is due when: a queue keyed by (due_at, sequence), so equal instants keep their order."""

from dataclasses import dataclass
from heapq import heappop, heappush


@dataclass(frozen=True, slots=True)
class Settle:
    """The payment's plan comes true."""

    reference_id: str


@dataclass(frozen=True, slots=True)
class Expire:
    """The payer has not approved in time."""

    reference_id: str


@dataclass(frozen=True, slots=True)
class Deliver:
    """A callback is to be sent, or sent again."""

    delivery_id: str


Due = Settle | Expire | Deliver
_Entry = tuple[int, int, Due]


class Agenda:
    """What will happen by itself. Entries that `wake` are owed to somebody outside: the fake must
    not wait for the next request to find that they are due.
    """

    def __init__(self) -> None:
        self._quiet: list[_Entry] = []
        self._waking: list[_Entry] = []
        self._sequence = 0

    def add(self, due_at_ms: int, due: Due, *, wakes: bool = False) -> None:
        self._sequence += 1
        heappush(self._waking if wakes else self._quiet, (due_at_ms, self._sequence, due))

    @property
    def added(self) -> int:
        """How many entries there have ever been."""
        return self._sequence

    @property
    def next_due_ms(self) -> int | None:
        """The earliest instant at which something is due, or None."""
        heap = self._earlier()
        return heap[0][0] if heap else None

    @property
    def next_wake_ms(self) -> int | None:
        """The earliest instant at which something that wakes is due, or None."""
        return self._waking[0][0] if self._waking else None

    def pop_due(self, now_ms: int) -> tuple[int, Due] | None:
        """The next that is due at `now_ms`, with its own instant, or None."""
        heap = self._earlier() if self._waking else self._quiet
        if heap and heap[0][0] <= now_ms:
            due_at_ms, _, due = heappop(heap)
            return due_at_ms, due
        return None

    def entries(self) -> list[tuple[int, Due, bool]]:
        """All that will happen, in order: when, what, and whether it wakes."""
        rows = [(*entry, False) for entry in self._quiet] + [(*row, True) for row in self._waking]
        rows.sort(key=lambda row: row[:2])
        return [(due_at_ms, due, wakes) for due_at_ms, _, due, wakes in rows]

    def _earlier(self) -> list[_Entry]:
        if self._quiet and self._waking:
            return min(self._quiet, self._waking, key=lambda heap: heap[0][:2])
        return self._quiet or self._waking

    def __len__(self) -> int:
        return len(self._quiet) + len(self._waking)
