"""What is due when: a heap keyed by (due_at, sequence), so equal instants keep their order."""

from heapq import heappop, heappush


class Agenda:
    """Reference ids by the instant at which their plan comes due."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, str]] = []
        self._sequence = 0

    def add(self, due_at_ms: int, reference_id: str) -> None:
        self._sequence += 1
        heappush(self._heap, (due_at_ms, self._sequence, reference_id))

    @property
    def next_due_ms(self) -> int | None:
        """The earliest instant at which something is due, or None."""
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now_ms: int) -> tuple[int, str] | None:
        """The next that is due at `now_ms`: its own instant and its reference id, or None."""
        if self._heap and self._heap[0][0] <= now_ms:
            due_at_ms, _, reference_id = heappop(self._heap)
            return due_at_ms, reference_id
        return None

    def __len__(self) -> int:
        return len(self._heap)
