"""Holding requests, replies and callbacks at the gates of their namespace."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mock_momo.core.gates import Hold, Point
from mock_momo.core.namespace import Namespace
from mock_momo.core.rules import Subject
from momo_contracts.events import GateHeld, GateReleased

LONGEST_HOLD_S = 600.0
"""Wall time: a gate that was forgotten lets go by itself."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What is held: `free` lets it go on, `at_rest` tells others that it does not."""

    free: asyncio.Event
    at_rest: asyncio.Event


class Gatekeeper:
    """Lets things wait where a gate says so, until they are released or the fake stops."""

    def __init__(self, wall: Callable[[], int]) -> None:
        self._wall = wall
        self._waiting: dict[Hold, _Waiting] = {}

    async def let_pass(
        self,
        namespace: Namespace,
        point: Point,
        subject: Subject,
        at_rest: asyncio.Event | None = None,
    ) -> None:
        """Return at once, or when the gate that holds this lets go; `at_rest` is set until then."""
        hold = namespace.gates.arrive(point, subject)
        if hold is None:
            return
        waiting = self._waiting[hold] = _Waiting(asyncio.Event(), at_rest or asyncio.Event())
        about = (hold.gate.name, point, subject.operation, subject.reference_id)
        namespace.record(GateHeld(*about), self._wall())
        waiting.at_rest.set()
        try:
            async with asyncio.timeout(LONGEST_HOLD_S):
                await waiting.free.wait()
        except TimeoutError:
            waiting.at_rest.clear()
        finally:
            del self._waiting[hold]
            namespace.gates.leave(hold)
        namespace.record(GateReleased(*about), self._wall())

    def free(self, holds: Iterable[Hold]) -> None:
        """Let these go on."""
        for hold in holds:
            waiting = self._waiting.get(hold)
            if waiting is not None:
                waiting.at_rest.clear()
                waiting.free.set()

    def free_all(self) -> None:
        """Let everything go on, since the fake stops."""
        self.free(list(self._waiting))
