"""What `serve` prints while it runs, and to whom."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from mock_momo.edge.log.sink import Sink
from mock_momo.edge.log.tail import Tail, as_dim_text, as_json, as_text, lost_as_json, lost_as_text

_REST_S = 0.5
"""How long whoever reads our output may take for what is left; then we end without it."""


def live_log(form: str | None) -> Sink | None:
    """What goes to stdout: `tail`, `json`, or nothing for `off`; None chooses by who reads it."""
    if form == "off":
        return None
    is_terminal = sys.stdout.isatty()
    if (form or ("tail" if is_terminal else "json")) == "json":
        tail = Tail(as_json, lost_as_json)
    else:
        is_dim = is_terminal and not os.environ.get("NO_COLOR")
        tail = Tail(as_dim_text if is_dim else as_text, lost_as_text)
    return Sink(sys.stdout.fileno(), tail.shown)


@asynccontextmanager
async def shown_to_the_end(log: Sink | None) -> AsyncIterator[None]:
    """Once the fake has stopped, show the rest; a reader who is slow or gone misses it."""
    try:
        yield
    finally:
        if log is not None:
            with suppress(OSError):
                await log.finish(_REST_S)
