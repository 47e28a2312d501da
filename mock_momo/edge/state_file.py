"""The state of a whole fake in one file: read at start, written now and then and at the end.

Its owner alone may read it: callback URLs are in it as they came, with their passwords.
Namespaces that a subscription key opened are not kept: their key, which a test made up, is not.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import orjson

from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.core.snapshot import put_back, take
from mock_momo.edge.documents.control_messages import read
from mock_momo.edge.documents.state_description import describe_state
from mock_momo.edge.documents.state_messages import StateMessage, snapshot_from
from mock_momo.edge.documents.state_version import VERSION, Versioned
from mock_momo.edge.whole_file import write_whole
from mock_momo.errors import FakeUnavailable, InvalidSetting

INTERVAL_S = 5.0
"""Wall time between two writings, if anything has happened."""


class StateFileMessage(Versioned):
    """A state file."""

    namespaces: list[StateMessage]


class StateFile:
    """Keeps the namespaces of a registry in a file."""

    def __init__(self, path: Path, registry: Registry, wall: Callable[[], int]) -> None:
        self._path = path
        self._registry = registry
        self._wall = wall
        self._written: object = None

    def load(self) -> None:
        """Put back what the file holds; nothing when there is no file. Raises InvalidSetting."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as problem:
            raise InvalidSetting(f"cannot read {self._path}: {problem.strerror}") from None
        try:
            message = read(StateFileMessage, content or b"nothing")
        except InvalidSetting as problem:
            raise InvalidSetting(
                f"{self._path} is no state of a fake: {problem}; move it away to begin anew"
            ) from None
        for row in message.namespaces:
            namespace = self._registry.find_or_create(row.namespace)
            put_back(namespace, snapshot_from(row, namespace.credentials), self._wall())
        self._written = self._mark()

    def draft(self) -> Callable[[], None] | None:
        """What writes the state as it is now, in any thread; None while the file holds it.

        What is given raises FakeUnavailable.
        """
        mark, wall_ms = self._mark(), self._wall()
        if mark == self._written:
            return None
        rows = [describe_state(row.name, take(row, wall_ms)) for row in self._registry.named()]
        content = orjson.dumps({"version": VERSION, "namespaces": rows})

        def write() -> None:
            write_whole(self._path, content, is_private=True)
            self._written = mark

        return write

    def _mark(self) -> object:
        """Something that differs when anything worth keeping has changed."""
        return [
            (row.name, row.log.last_seq, row.settings, row.rulebook, row.clock, *_owed(row))
            for row in self._registry.named()
        ]


def _owed(namespace: Namespace) -> tuple[object, ...]:
    """What can change without an event: another state put back, callbacks steered by hand."""
    engine = namespace.engine
    return engine, engine.agenda.added, engine.callbacks.is_paused, engine.callbacks.queue


@asynccontextmanager
async def keeping(state: StateFile | None, tell: Callable[[str], None]) -> AsyncIterator[None]:
    """Write the state now and then and at the end, for as long as the block lasts.

    A writing that fails in between is told in a line and tried again. Raises FakeUnavailable when
    the last one fails.
    """
    if state is None:
        yield
        return
    over = asyncio.Event()
    task = asyncio.create_task(_save_again_and_again(state, tell, over))
    try:
        yield
    finally:
        over.set()
        await asyncio.wait({task})  # a thread may be writing: two must not, and ours is the newer
        write = state.draft()
        if write is not None:
            write()


async def _save_again_and_again(
    state: StateFile, tell: Callable[[str], None], over: asyncio.Event
) -> None:
    while not await _is_set_within(over, INTERVAL_S):
        write = state.draft()
        if write is None:
            continue
        try:
            await asyncio.to_thread(write)
        except FakeUnavailable as problem:
            tell(f"mock-momo: {problem}")


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
