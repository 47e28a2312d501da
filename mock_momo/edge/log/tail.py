"""The live log: one event as a line or two for a person, or as an object for a machine.

    <- POST requesttopay 202 ref=7a3e04c1…
    -> PUT callback 503 (attempt 2/4, next 4 s) ref=7a3e04c1…
    -- clock advanced by 30 s

What a client sent is shown as printable text only: nothing in it steers a terminal.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import orjson

from mock_momo.core.credentials import DEFAULT_NAMESPACE
from mock_momo.edge.log.follower import Batch
from mock_momo.edge.log.tail_lines import Line, line_of
from momo_contracts.events import KINDS, Event, ExchangeBegan
from momo_contracts.redaction import conceal_target

Write = Callable[[Event, Line], str]
_MOST_OPEN = 1000
_UNTOLD = frozenset({"url", "layer", "latency_ms"})
_DIM, _PLAIN = "\x1b[2m", "\x1b[0m"


class Tail:
    """Makes bytes of batches, one event by `write`, a gap by `write_lost`."""

    def __init__(self, write: Write, write_lost: Callable[[str, int], str]) -> None:
        self._write = write
        self._write_lost = write_lost
        self._asked: dict[int | None, str] = {}

    def shown(self, batch: Batch) -> bytes:
        """The lines of a batch; what was lost before it is said first."""
        return "".join(f"{text}\n" for text in self._texts(batch)).encode(errors="replace")

    def _texts(self, batch: Batch) -> Iterator[str]:
        if batch.lost:
            yield self._write_lost(batch.events[0].namespace, batch.lost)
        for event in batch.events:
            if isinstance(event.detail, ExchangeBegan):
                self._remember(event.exchange_id, event.detail)
                continue
            line = line_of(event.detail, self._asked.pop(event.exchange_id, None))
            if line is not None:
                yield self._write(event, line)

    def _remember(self, exchange_id: int | None, began: ExchangeBegan) -> None:
        """What the end of an exchange does not say: a request for what the API does not have."""
        if began.operation is not None:
            return
        if len(self._asked) >= _MOST_OPEN:  # many that never ended: their clients went away
            del self._asked[next(iter(self._asked))]
        path = conceal_target(began.target).partition("?")[0]
        self._asked[exchange_id] = f"{began.method} {path}"


def as_text(event: Event, line: Line) -> str:
    """For a person."""
    return "\n".join(_rows(event, line))


def as_dim_text(event: Event, line: Line) -> str:
    """For a person at a terminal: what explains is dim."""
    first, *rest = _rows(event, line)
    return "\n".join([first, *(f"{_DIM}{row}{_PLAIN}" for row in rest)])


def as_json(event: Event, line: Line) -> str:
    """For a machine: the plain facts of the event, without bodies, headers and URLs."""
    detail = event.detail
    fields = {name: getattr(detail, name) for name in detail.__dataclass_fields__}
    facts: dict[str, object] = {
        "at": datetime.fromtimestamp(event.at_ms / 1000, UTC).isoformat(timespec="milliseconds"),
        "namespace": event.namespace,
        "seq": event.seq,
        "kind": KINDS[type(detail)],
        "what": _printable(line.what),
    }
    plain = {
        name: _printable(value) if isinstance(value, str) else value
        for name, value in fields.items()
        if isinstance(value, str | int) and name not in _UNTOLD
    }
    return orjson.dumps(facts | plain).decode()


def lost_as_text(namespace: str, lost: int) -> str:
    """For a person: so many events came faster than they could be shown."""
    return f"… {lost} events not shown{_of(namespace)}"


def lost_as_json(namespace: str, lost: int) -> str:
    """Likewise, for a machine."""
    return orjson.dumps({"namespace": namespace, "kind": "lost", "lost": lost}).decode()


def _rows(event: Event, line: Line) -> Iterator[str]:
    reference = f" ref={line.reference_id[:8]}…" if line.reference_id else ""
    rule = f" [{line.rule}]" if line.rule else ""
    told = f"{line.arrow} {line.what} {line.result}"
    yield _printable(f"{told}{reference}{_of(event.namespace)}{rule}")
    if line.why:
        yield _printable(f"   {line.why}")


def _of(namespace: str) -> str:
    return "" if namespace == DEFAULT_NAMESPACE else f" ns={namespace}"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)
