"""A command under `mock-momo exec`, and the history of what it did."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from momo_conformance.errors import ConformanceError
from momo_conformance.exchanges import Event
from momo_conformance.history import History
from momo_conformance.reading import read_events, read_history
from momo_conformance.secrets import found_in, secrets_of
from momo_conformance.watched import Watched, run_watched

_MOCK_MOMO = (sys.executable, "-m", "mock_momo")
_KEYS: Mapping[str, str] = {
    product: f"MTN_{product.upper()}_SUBSCRIPTION_KEY"
    for product in ("collection", "disbursement", "remittance")
}


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What a command did, and the exit code that `exec` ended with."""

    history: History
    code: int


def run_wrapped(options: Sequence[str], command: Sequence[str], events: Path) -> Wrapped:
    """Run a command with the fake around it; its events are appended to a file.

    `options` are those of `exec`. Raises ConformanceError when that could not be started.
    """
    earlier = len(read_events(events)) if events.exists() else 0
    around = (*_MOCK_MOMO, "exec", *options, "--events", str(events), "--", *command)
    asked = subprocess.Popen(  # noqa: S603  # our own command
        (*_MOCK_MOMO, "env", "--format", "json"), stdout=subprocess.PIPE
    )
    try:
        watched = run_watched(around)
    except OSError as problem:
        raise ConformanceError(f"cannot run mock-momo exec: {problem.strerror}") from None
    variables = json.loads(asked.communicate()[0])
    found = read_events(events)[earlier:] if events.exists() else ()
    return Wrapped(read_history((*found, _searched(watched, variables))), watched.code)


def _searched(watched: Watched, variables: Mapping[str, str]) -> Event:
    """The event of a search for the secrets of the namespace `default`."""
    keys = {product: variables[name] for product, name in _KEYS.items()}
    secrets = secrets_of(variables["MTN_API_USER"], variables["MTN_API_KEY"], keys)
    places = {"stdout": watched.stdout, "stderr": watched.stderr}
    now_ms = time.time_ns() // 1_000_000
    return {
        "kind": "output_searched",
        "at": now_ms,
        "wall": now_ms,
        "places": list(places),
        "found": list(found_in(places, secrets)),
    }
