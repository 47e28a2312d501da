"""Writing what happens in all namespaces to a file or a terminal, without keeping anybody waiting.

The loop makes bytes of one batch; a daemon thread writes them, since a write may block for ever:
a pipe that nobody reads, a terminal that is held. While it does, nothing piles up: the follower
reads on when the thread is done, or learns what it has missed.
"""

import asyncio
import os
import select
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread

from mock_momo.core.registry import Registry
from mock_momo.edge.log.bell import Bells
from mock_momo.edge.log.follower import Batch, following_all

_Job = tuple[bytes, asyncio.Future[None]]


class Sink:
    """One file descriptor, and how a batch is written there. `lost` counts events that were not.

    `on_end` is called when there is nothing more to write, or it cannot be written.
    """

    def __init__(
        self,
        descriptor: int,
        shown: Callable[[Batch], bytes],
        on_end: Callable[[], object] = lambda: None,
    ) -> None:
        self.lost = 0
        self._descriptor = descriptor
        self._shown = shown
        self._on_end = on_end
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._task: asyncio.Task[None] | None = None

    def start(self, bells: Bells, registry: Registry) -> None:
        """Write whatever has happened and happens."""
        Thread(target=self._write, daemon=True).start()
        self._task = asyncio.create_task(self._follow(bells, registry))
        self._task.add_done_callback(lambda _: self._on_end())

    async def finish(self, seconds: float) -> None:
        """Wait at most so long for the rest to be written, once the fake has stopped.

        Raises OSError, TimeoutError among them.
        """
        if self._task is None:
            return
        async with asyncio.timeout(seconds):
            await self._task

    async def _follow(self, bells: Bells, registry: Registry) -> None:
        loop = asyncio.get_running_loop()
        try:
            with following_all(bells, registry) as follower:
                async for batch in follower.batches():
                    if batch is None:
                        continue
                    self.lost += batch.lost
                    content = self._shown(batch)
                    if content:
                        written: asyncio.Future[None] = loop.create_future()
                        self._jobs.put((content, written))
                        await written
        finally:
            self._jobs.put(None)

    def _write(self) -> None:
        while (job := self._jobs.get()) is not None:
            content, written = job
            problem = None
            try:
                _write_all(self._descriptor, content)
            except OSError as failed:
                problem = failed
            with suppress(RuntimeError):  # the loop has not waited
                written.get_loop().call_soon_threadsafe(_settle, written, problem)


def _settle(written: asyncio.Future[None], problem: OSError | None) -> None:
    if written.done():
        return
    if problem is None:
        written.set_result(None)
    else:
        written.set_exception(problem)


def _write_all(descriptor: int, content: bytes) -> None:
    """Past Python's own buffer, whose lock a thread that is killed at exit would still hold."""
    rest = memoryview(content)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:  # somebody who shares it has made it non-blocking
            select.select((), (descriptor,), ())
