"""Following the log: the one mechanism of all that streams events out of the fake.

A follower remembers the last event that it has read, per log, and reads on when it is woken. It
keeps no events: one that is too slow misses what the ring has let go, and learns how much that was.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from weakref import WeakKeyDictionary

from mock_momo.core.event_log import EventLog
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.edge.log.bell import Bell, Bells
from momo_contracts.events import Event

BATCH = 100
"""Events that are read in one go; then the loop has its turn."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Events of one namespace in a row; `lost` is how many are missing before the first."""

    lost: int
    events: tuple[Event, ...]


class Follower:
    """Where one reader stands in the logs that it follows."""

    def __init__(self, bell: Bell, logs: Iterable[EventLog], after: int = 0) -> None:
        self._bell = bell
        self._after = after
        self._read: WeakKeyDictionary[EventLog, int] = WeakKeyDictionary()
        self._news = dict.fromkeys(logs)

    def hear(self, log: EventLog) -> None:
        """Note that this log has something new."""
        self._news[log] = None

    async def batches(self, patience_s: float | None = None) -> AsyncIterator[Batch | None]:
        """Whatever comes, until the bell is over; None each time nothing came for so long."""
        while True:
            batch = self.read()
            if batch is not None:
                yield batch
                await asyncio.sleep(0)  # a long backlog does not keep the loop to itself
            elif self._bell.is_over:
                return
            else:
                await self._bell.wait(patience_s)
                if not self._news and not self._bell.is_over:
                    yield None

    def read(self) -> Batch | None:
        """The next events that are there; the logs take turns."""
        while self._news:
            log = next(iter(self._news))
            del self._news[log]
            seq = self._read.get(log, self._after)
            events = tuple(islice(log.after(seq), BATCH))
            if not events:
                continue
            self._read[log] = events[-1].seq
            if events[-1].seq < log.last_seq:
                self._news[log] = None
            return Batch(events[0].seq - seq - 1, events)
        return None


@contextmanager
def following(bells: Bells, namespace: Namespace, after: int = 0) -> Iterator[Follower]:
    """A follower of one namespace; it is over when the namespace goes away or the fake stops."""
    with _listening(bells.of(namespace), (namespace.log,), after) as follower:
        yield follower


@contextmanager
def following_all(bells: Bells, registry: Registry) -> Iterator[Follower]:
    """A follower of every namespace, later ones too; it is over when the fake has stopped."""
    logs = (namespace.log for namespace in registry.all())
    with _listening(bells.everywhere(), logs, 0) as follower:
        yield follower


@contextmanager
def _listening(bell: Bell, logs: Iterable[EventLog], after: int) -> Iterator[Follower]:
    follower = Follower(bell, logs, after)
    bell.hearers.append(follower.hear)
    try:
        yield follower
    finally:
        bell.hearers.remove(follower.hear)
