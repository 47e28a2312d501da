"""Holding requests, replies and callbacks at the gates of their namespace."""

import asyncio
from collections.abc import Callable, Iterable

from mock_momo.core.gates import Hold, Point
from mock_momo.core.namespace import Namespace
from mock_momo.core.rules import Subject
from momo_contracts.events import GateHeld, GateReleased

LONGEST_HOLD_S = 600.0
"""Wall time: a gate that was forgotten lets go by itself."""


class Gatekeeper:
    """Lets things wait where a gate says so, until they are released or the fake stops."""

    def __init__(self, wall: Callable[[], int]) -> None:
        self._wall = wall
        self._waiting: dict[Hold, asyncio.Event] = {}

    async def let_pass(
        self,
        namespace: Namespace,
        point: Point,
        subject: Subject,
        on_hold: Callable[[], None] | None = None,
    ) -> None:
        """Return at once, or when the gate that holds this lets it go; `on_hold` says it waits."""
        hold = namespace.gates.arrive(point, subject)
        if hold is None:
            return
        free = self._waiting[hold] = asyncio.Event()
        about = (hold.gate.name, point, subject.operation, subject.reference_id)
        namespace.record(GateHeld(*about), self._wall())
        if on_hold is not None:
            on_hold()
        try:
            async with asyncio.timeout(LONGEST_HOLD_S):
                await free.wait()
        except TimeoutError:
            pass
        finally:
            del self._waiting[hold]
        namespace.record(GateReleased(*about), self._wall())

    def free(self, holds: Iterable[Hold]) -> None:
        """Let these go on."""
        for hold in holds:
            free = self._waiting.get(hold)
            if free is not None:
                free.set()

    def free_all(self) -> None:
        """Let everything go on, since the fake stops."""
        self.free(list(self._waiting))
