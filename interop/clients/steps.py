"""How a script says what its client did: a JSON line per step."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ

__all__ = ["PAYER", "UNLUCKY_PAYER", "environ", "step"]

PAYER = environ["INTEROP_PAYER"]
UNLUCKY_PAYER = environ["INTEROP_UNLUCKY_PAYER"]
"""Whose payments end in FAILED."""


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say whether the block went through; what it raises ends here."""
    try:
        yield
    except Exception as problem:  # noqa: BLE001  # a client may raise anything
        _say(step=name, ok=False, error=f"{type(problem).__name__}: {problem}"[:300])
    else:
        _say(step=name, ok=True)


def _say(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
