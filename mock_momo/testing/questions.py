"""Every operation of the control API, once: what is sent, and how the reply is read.

The shells (`blocking`, `asynchronous`) and the transports know nothing of any operation.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from mock_momo.errors import NothingHeld
from mock_momo.testing.answers import (
    Access,
    Books,
    CallbackReport,
    DeliveryRow,
    Found,
    GateRow,
    Moved,
    PaymentRow,
    RuleRow,
    Verification,
    access_of,
)
from mock_momo.testing.question import Json, Question

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FakeQuestions:
    """What can be asked of a whole fake, which is at `url`."""

    url: str

    def names(self) -> Question[list[str]]:
        return Question("GET", "namespaces", _member("namespaces"))

    def create(self, name: str, settings: Json) -> Question[Access]:
        return Question("PUT", f"namespaces/{_quoted(name)}", self._read_access, settings)

    def describe(self, name: str) -> Question[Access]:
        return Question("GET", f"namespaces/{_quoted(name)}", self._read_access)

    def fidelity(self) -> Question[list[Found]]:
        return Question("GET", "fidelity", _member("behaviours"))

    def other(self, method: str, path: str, body: Json | None) -> Question[Found]:
        return Question(method, path, json.loads, body or {})

    def other_text(self, method: str, path: str, body: Json | None) -> Question[str]:
        return Question(method, path, bytes.decode, body or {})

    def _read_access(self, content: bytes) -> Access:
        return access_of(json.loads(content), self.url)


@dataclass(frozen=True, slots=True)
class NamespaceQuestions:
    """What can be asked of one namespace."""

    name: str

    def configure(self, settings: Json) -> Question[None]:
        return Question("PATCH", self._path(""), _nothing, settings)

    def reset(self) -> Question[None]:
        return self._post("/reset", _nothing)

    def delete(self) -> Question[None]:
        return Question("DELETE", self._path(""), _nothing)

    def verify(self, expect: Sequence[Json], wait_s: float) -> Question[Verification]:
        body = {"expect": list(expect), "wait_s": wait_s}
        return self._post("/verify", _object(Verification.of), body, wait_s)

    def state(self) -> Question[Found]:
        return self._get("/state", json.loads)

    def openapi(self, product: str) -> Question[Found]:
        query = urlencode({"namespace": self.name})
        return Question("GET", f"openapi/{_quoted(product)}.json?{query}", json.loads)

    def set_state(self, state: Json) -> Question[None]:
        return self._put("/state", _nothing, state)

    def freeze(self, at_ms: int | None) -> Question[Moved]:
        return self._clock(action="freeze", at_ms=at_ms)

    def advance(self, seconds: float | Decimal) -> Question[Moved]:
        return self._clock(action="advance", seconds=str(seconds))

    def run(self) -> Question[Moved]:
        return self._clock(action="run")

    def run_until_idle(self) -> Question[Moved]:
        return self._clock(action="run_until_idle")

    def books(self) -> Question[Books]:
        return self._get("/books", _object(Books.of))

    def payments(self) -> Question[list[PaymentRow]]:
        return self._get("/payments", _rows("payments", PaymentRow.of))

    def decide(self, reference_id: str, decision: str) -> Question[PaymentRow]:
        return self._post(f"/payments/{_quoted(reference_id)}/{decision}", _object(PaymentRow.of))

    def rules(self) -> Question[list[RuleRow]]:
        return self._get("/rules", _rows("rules", RuleRow.of))

    def set_rules(self, wanted: Sequence[Json]) -> Question[list[RuleRow]]:
        return self._put("/rules", _rows("rules", RuleRow.of), {"rules": list(wanted)})

    def gates(self) -> Question[list[GateRow]]:
        return self._get("/gates", _rows("gates", GateRow.of))

    def close_gate(
        self, gate: str, point: str, match: Json | None, times: int | None
    ) -> Question[GateRow]:
        body = {"point": point, "match": match or {}, "times": times}
        return self._put(f"/gates/{_quoted(gate)}", _object(GateRow.of), body)

    def wait_held(self, gate: str, count: int, wait_s: float) -> Question[GateRow]:
        def read(found: Found) -> GateRow:
            row = GateRow.of(found)
            if len(row.held) < count:
                raise NothingHeld(
                    f"gate {gate!r} holds {len(row.held)} of {count} after {wait_s:g} s; check "
                    f"that something arrives at {row.point} and that the gate's match fits it"
                )
            return row

        path = f"/gates/{_quoted(gate)}{_query(held=count, wait_s=wait_s)}"
        return self._get(path, _object(read), wait_s)

    def release_gate(self, gate: str, count: int | None) -> Question[int]:
        return self._post(f"/gates/{_quoted(gate)}/release", _member("released"), {"count": count})

    def open_gate(self, gate: str) -> Question[int]:
        return Question("DELETE", self._path(f"/gates/{_quoted(gate)}"), _member("released"))

    def callbacks(self, reference_id: str | None) -> Question[CallbackReport]:
        query = _query(reference_id=reference_id)
        return self._get(f"/callbacks{query}", _object(CallbackReport.of))

    def pause_callbacks(self) -> Question[None]:
        return self._post("/callbacks/pause", _nothing)

    def resume_callbacks(self) -> Question[int]:
        return self._post("/callbacks/resume", _member("sent"))

    def step_callbacks(self) -> Question[list[DeliveryRow]]:
        return self._post("/callbacks/step", _rows("deliveries", DeliveryRow.of))

    def reorder_callbacks(self, deliveries: Sequence[str]) -> Question[CallbackReport]:
        body = {"deliveries": list(deliveries)}
        return self._post("/callbacks/reorder", _object(CallbackReport.of), body)

    def resend_callback(self, delivery: str) -> Question[DeliveryRow]:
        return self._delivery(delivery, "resend")

    def duplicate_callback(self, delivery: str) -> Question[DeliveryRow]:
        return self._delivery(delivery, "duplicate")

    def drop_callback(self, delivery: str) -> Question[DeliveryRow]:
        return self._delivery(delivery, "drop")

    def delay_callback(self, delivery: str, seconds: float | Decimal) -> Question[DeliveryRow]:
        return self._delivery(delivery, "delay", {"seconds": str(seconds)})

    def events(self, after: int, **wanted: object) -> Question[list[Found]]:
        return self._get(f"/events{_query(after=after, **wanted)}", _lines)

    def _clock(self, **body: object) -> Question[Moved]:
        return self._post("/clock", _object(Moved.of), body)

    def _delivery(
        self, delivery: str, what: str, body: Json | None = None
    ) -> Question[DeliveryRow]:
        path = f"/callbacks/{_quoted(delivery)}/{what}"
        return self._post(path, _object(DeliveryRow.of), body)

    def _get(self, rest: str, read: Callable[[bytes], T], wait_s: float = 0) -> Question[T]:
        return Question("GET", self._path(rest), read, wait_s=wait_s)

    def _post(
        self,
        rest: str,
        read: Callable[[bytes], T],
        body: Json | None = None,
        wait_s: float = 0,
    ) -> Question[T]:
        return Question("POST", self._path(rest), read, body or {}, wait_s)

    def _put(self, rest: str, read: Callable[[bytes], T], body: Json) -> Question[T]:
        return Question("PUT", self._path(rest), read, body)

    def _path(self, rest: str) -> str:
        return f"namespaces/{_quoted(self.name)}{rest}"


def _quoted(segment: str) -> str:
    return quote(segment, safe="")


def _query(**parameters: object) -> str:
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"?{urlencode(given)}" if given else ""


def _object(read: Callable[[Found], T]) -> Callable[[bytes], T]:
    return lambda content: read(json.loads(content))


def _rows(key: str, read: Callable[[Found], T]) -> Callable[[bytes], list[T]]:
    return lambda content: [read(row) for row in json.loads(content)[key]]


def _member(key: str) -> Callable[[bytes], Any]:
    return lambda content: json.loads(content)[key]


def _lines(content: bytes) -> list[Found]:
    return [json.loads(line) for line in content.splitlines()]


def _nothing(_content: bytes) -> None:
    return None
