"""What a person reads of each kind of event in the live log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from momo_contracts.events import (
    CallbackAttempted,
    CallbackWithheld,
    ClientAborted,
    ClockMoved,
    Detail,
    ExchangeEnded,
    GateHeld,
    GateReleased,
    NamespaceReset,
    RequestUnparsable,
)
from momo_contracts.operations import OPERATIONS, Operation
from momo_contracts.values import Product

IN, OUT, HERE = "<-", "->", "--"


@dataclass(frozen=True, slots=True)
class Line:
    """`arrow` says who spoke: the client, we to it, or nobody. `why` goes below."""

    arrow: str
    what: str
    result: str
    reference_id: str | None = None
    rule: str | None = None
    why: str | None = None


def line_of(detail: Detail, asked: str | None = None) -> Line | None:
    """The line of an event, None for one that says nothing of its own.

    `asked` is what was asked for where the API has no such operation.
    """
    if isinstance(detail, ExchangeEnded):
        what = asked or _LABELS.get(detail.operation or "", "request")
        status = str(detail.status or "no reply")
        return Line(IN, what, status, detail.reference_id, detail.rule, detail.why)
    write = _WRITERS.get(type(detail))
    return write(detail) if write else None


def _attempted(detail: CallbackAttempted) -> Line:
    after = "" if detail.next_in_ms is None else f", next {_seconds(detail.next_in_ms)}"
    result = f"{detail.status or 'no answer'} (attempt {detail.attempt}/{detail.attempts}{after})"
    what = f"{detail.method} callback"
    return Line(OUT, what, result, detail.reference_id, why=detail.problem)


def _withheld(detail: CallbackWithheld) -> Line:
    return Line(OUT, "callback", "withheld", detail.reference_id, why=detail.why)


def _held(detail: GateHeld) -> Line:
    return Line(HERE, f"gate {detail.gate}", f"holds {_at(detail)}", detail.reference_id)


def _released(detail: GateReleased) -> Line:
    return Line(HERE, f"gate {detail.gate}", f"releases {_at(detail)}", detail.reference_id)


def _at(detail: GateHeld | GateReleased) -> str:
    what = _LABELS.get(detail.operation or "", detail.operation or "a request")
    return f"{what} at {detail.point}"


def _moved(detail: ClockMoved) -> Line:
    if detail.mode == "advanced":
        return Line(HERE, "clock", f"advanced by {_seconds(detail.to_ms - detail.from_ms)}")
    instant = datetime.fromtimestamp(detail.to_ms / 1000, UTC)
    how = "frozen at" if detail.mode == "frozen" else "runs from"
    return Line(HERE, "clock", f"{how} {instant:%Y-%m-%d %H:%M:%S} UTC")


def _reset(_detail: NamespaceReset) -> Line:
    return Line(HERE, "namespace", "emptied")


def _aborted(detail: ClientAborted) -> Line:
    return Line(IN, "client", f"went away: {detail.stage}")


def _unparsable(detail: RequestUnparsable) -> Line:
    return Line(IN, "no HTTP", "400", why=detail.problem)


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".") + " s"


def _label(operation: Operation) -> str:
    """The method and the path without what every path has: `GET requesttopay`."""
    parts = operation.path.split("/")
    segments = [part for part in parts if part and part[0] != "{" and part not in _EVERYWHERE]
    return f"{operation.method} {'/'.join(segments)}"


_EVERYWHERE = frozenset({Product.COLLECTION.value, "v1_0", "v2_0"})
_LABELS: Mapping[str, str] = MappingProxyType({n: _label(row) for n, row in OPERATIONS.items()})
_WRITERS: Mapping[type[Detail], Callable[[Any], Line]] = MappingProxyType(
    {
        CallbackAttempted: _attempted,
        CallbackWithheld: _withheld,
        GateHeld: _held,
        GateReleased: _released,
        ClockMoved: _moved,
        NamespaceReset: _reset,
        ClientAborted: _aborted,
        RequestUnparsable: _unparsable,
    }
)
