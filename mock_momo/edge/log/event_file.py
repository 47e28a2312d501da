"""The event file: every event of every namespace as a JSON line, appended as it comes."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import FileIO
from pathlib import Path

import orjson

from mock_momo.edge.log.follower import Batch
from mock_momo.edge.log.sink import Sink
from mock_momo.edge.services import Services
from mock_momo.errors import EventsNotWritten
from momo_contracts.event_wire import to_wire

_REST_S = 10.0
"""How long a disk may take for what is left when the fake has stopped."""


@asynccontextmanager
async def event_file(
    path: Path | None, services: Services, on_end: Callable[[], object]
) -> AsyncIterator[Callable[[], None]]:
    """An open file, and what begins the writing; when the block ends, so does the writing.

    `on_end` is called when the file takes no more. Raises EventsNotWritten.
    """
    if path is None:
        yield lambda: None
        return
    with _opened(path) as file:
        key = services.fingerprint_key
        sink = Sink(file.fileno(), lambda batch: _json_lines(batch, key), on_end)
        try:
            yield lambda: sink.start(services.bells, services.registry)
        finally:
            await _finish(sink, path)


async def _finish(sink: Sink, path: Path) -> None:
    try:
        await sink.finish(_REST_S)
    except OSError as problem:
        raise _not_written(path, problem) from None
    if sink.lost:
        sys.stderr.write(
            f"mock-momo: {sink.lost} events are missing in {path}: they came faster than they "
            "could be written\n"
        )


def _opened(path: Path) -> FileIO:
    try:
        return path.open("ab", buffering=0)
    except OSError as problem:
        raise _not_written(path, problem) from None


def _not_written(path: Path, problem: OSError) -> EventsNotWritten:
    cause = problem.strerror or f"it takes no more within {_REST_S:.0f} s"
    return EventsNotWritten(f"cannot write events to {path}: {cause}; choose another --events FILE")


def _json_lines(batch: Batch, key: bytes) -> bytes:
    return b"".join(
        orjson.dumps(to_wire(event, key), option=orjson.OPT_APPEND_NEWLINE)
        for event in batch.events
    )
