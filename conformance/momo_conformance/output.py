"""What a client writes beside its answers, kept to be searched."""

from collections import deque
from threading import Lock

OUTPUT_LIMIT = 1 << 22
"""So many characters are kept: the newest."""


class Output:
    """Lines of any number of processes. Any number of threads may add; each line is taken once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._lines: deque[str] = deque()
        self._length = 0

    def add(self, line: str) -> None:
        """Keep one more line, in the place of the oldest when there are too many."""
        with self._lock:
            self._lines.append(line)
            self._length += len(line)
            while self._length > OUTPUT_LIMIT:
                self._length -= len(self._lines.popleft())

    def take(self) -> str:
        """All that was added since the last time, as far as it is kept."""
        with self._lock:
            text = "".join(self._lines)
            self._lines.clear()
            self._length = 0
        return text
