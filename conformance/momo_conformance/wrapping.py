"""A command under `mock-momo exec`, and the events of what it did."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mock_momo.testing import credentials_of
from momo_conformance.errors import ConformanceError
from momo_conformance.exchanges import Event
from momo_conformance.reading import read_events
from momo_conformance.secrets import found_in, parties_in, secrets_of
from momo_conformance.watched import Watched, run_watched

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


def run_wrapped(options: Sequence[str], command: Sequence[str], events: Path) -> Wrapped:
    """Run a command with the fake around it; its events are appended to a file.

    `options` are those of `exec`. Raises ConformanceError when that could not be started.
    """
    earlier = len(read_events(events)) if events.exists() else 0
    around = (*_MOCK_MOMO, "exec", *options, "--events", str(events), "--", *command)
    try:
        watched = run_watched(around)
    except OSError as problem:
        raise ConformanceError(f"cannot run mock-momo exec: {problem.strerror}") from None
    found = read_events(events)[earlier:] if events.exists() else ()
    return Wrapped((*found, _searched(watched, found)), watched.code)


def _searched(watched: Watched, events: Sequence[Event]) -> Event:
    """The event of a search for the secrets that namespaces are born with, and for parties."""
    places = {"stdout": watched.stdout, "stderr": watched.stderr}
    found = {*parties_in(places, events)}
    for name in {event["namespace"] for event in events}:
        born = credentials_of(name)
        keys = {str(product): key for product, key in born.subscription_keys.items()}
        secrets = secrets_of(born.api_user, born.api_key, keys)
        found.update(found_in(places, secrets))
    now_ms = time.time_ns() // 1_000_000
    return {
        "kind": "output_searched",
        "at": now_ms,
        "wall": now_ms,
        "places": list(places),
        "found": sorted(found),
    }
