"""Looks at payments that callbacks have asked for: in the background, few at once, one a payment.

None is owed: what is dropped here, or cut off at the end, is in the ledger as a hint.
"""

import asyncio
from collections.abc import Awaitable, Callable

AT_ONCE = 10
BACKLOG = 1000
STOP_S = 5.0
"""Assumed: as many as the checker asks for; more than a shop is owed; a deployment's patience."""

Look = Callable[[str, str], Awaitable[None]]
"""Looks into what is claimed: the reference id, and the claim. Raises nothing it can foresee."""


class Confirmations:
    """Runs `look` for each payment that is asked about.

    Whoever asks again before a look has begun is answered by that one; while it is under way, by
    one more after it, because what it sees may be older than the claim.
    """

    def __init__(self, look: Look) -> None:
        self._look = look
        self._asked: dict[str, str] = {}
        self._running: set[str] = set()
        self._workers: set[asyncio.Task[None]] = set()
        self._is_closed = False

    def ask(self, reference_id: str, word: str) -> None:
        """Look into a payment soon; not when too much is asked already, or after `close`."""
        is_room = reference_id in self._asked or len(self._asked) < BACKLOG
        if self._is_closed or not is_room:
            return
        self._asked[reference_id] = word
        if len(self._workers) < AT_ONCE:
            worker = asyncio.create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def close(self) -> None:
        """Finish what is running, within `STOP_S`; begin nothing more."""
        self._is_closed = True
        self._asked.clear()
        if not self._workers:
            return
        _, late = await asyncio.wait(self._workers, timeout=STOP_S)
        for worker in late:
            worker.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _work(self) -> None:
        while (reference_id := self._next()) is not None:
            word = self._asked.pop(reference_id)
            self._running.add(reference_id)
            try:
                await self._look(reference_id, word)
            finally:
                self._running.discard(reference_id)

    def _next(self) -> str | None:
        waiting = (asked for asked in self._asked if asked not in self._running)
        return next(waiting, None)
