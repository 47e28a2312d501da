"""A command under `mock-momo exec`, and the events of what it did."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from momo_conformance.errors import ConformanceError
from momo_conformance.exchanges import Event
from momo_conformance.one_run import STREAMS
from momo_conformance.reading import read_events
from momo_conformance.secrets import search_events
from momo_conformance.watched import run_watched

_MOCK_MOMO = (sys.executable, "-m", "mock_momo")
_NOT_RUN = (2, 125)
"""What `exec` ends with when its options are wrong, or the command cannot be run."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What a command did, and the exit code that `exec` ended with."""

    events: tuple[Event, ...]
    code: int

    @property
    def was_never_run(self) -> bool:
        """True when `exec` has turned it down and nothing was sent."""
        return self.code in _NOT_RUN and not any(
            row["kind"] == "exchange_began" for row in self.events
        )


def read_saved(path: Path) -> Wrapped:
    """What a command did whose events are in a file. Raises InvalidEvents."""
    events = read_events(path)
    return Wrapped((*events, search_events(events)), 0)


def run_wrapped(
    options: Sequence[str], command: Sequence[str], events: Path, folder: Path
) -> Wrapped:
    """Run a command with the fake around it; its events are appended to a file.

    `options` are those of `exec`; what the command writes is kept in the folder while it is needed.
    Raises ConformanceError when that could not be started.
    """
    earlier = len(read_events(events)) if events.exists() else 0
    around = (*_MOCK_MOMO, "exec", *options, "--events", str(events), "--", *command)
    try:
        code = run_watched(around, folder)
    except OSError as problem:
        raise ConformanceError(f"cannot run mock-momo exec: {problem.strerror}") from None
    found = read_events(events)[earlier:] if events.exists() else ()
    return Wrapped((*found, search_events(found, {name: folder / name for name in STREAMS})), code)
