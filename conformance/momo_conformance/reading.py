"""From a list of events to a history."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from momo_conformance.calls import Call, Died
from momo_conformance.errors import InvalidEvents
from momo_conformance.exchanges import Event, Exchange, operation_of
from momo_conformance.history import Delivery, History, Search, Trapped
from momo_conformance.intents import Intent
from momo_conformance.plans import read_settings
from momo_conformance.protocol import as_answer

_FROM_EXAMINER = 0
"""The `seq` of the examiner's own events: they are in no log of the fake's."""


def read_events(path: Path) -> tuple[Event, ...]:
    """The events of a file of JSON lines. Raises InvalidEvents naming the line."""
    found: list[Event] = []
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                event = json.loads(line)
                if not isinstance(event, dict) or "kind" not in event:
                    raise InvalidEvents(f"{path}:{number} is no event: it has no `kind`")
                found.append(event)
    except ValueError:
        raise InvalidEvents(
            f"{path}:{len(found) + 1} is not JSON: give a file of --events"
        ) from None
    except OSError as problem:
        raise InvalidEvents(f"{path} cannot be read: {problem.strerror}") from None
    return tuple(found)


def lives_of(events: Iterable[Event]) -> tuple[tuple[Event, ...], ...]:
    """The events of each life of each namespace; each ends with those that are of none.

    A reset, a removal or another fake ends a life: whatever comes then is about other payments,
    also where it uses the same reference ids.
    """
    lives: dict[tuple[str, int], list[Event]] = {}
    ages: dict[str, int] = {}
    last: dict[str, int] = {}
    of_none: list[Event] = []
    for event in events:
        name, seq = event.get("namespace"), event.get("seq", _FROM_EXAMINER)
        if name is None:
            of_none.append(event)
            continue
        is_reborn = event["kind"] == "namespace_reset" or seq <= last.get(name, 0)
        ages[name] = ages.get(name, 0) + is_reborn
        last[name] = seq
        lives.setdefault((name, ages[name]), []).append(event)
    return tuple((*life, *of_none) for life in lives.values())


def read_history(events: Iterable[Event]) -> History:
    """All that happened, of one namespace or of many."""
    reader = _Reader(tuple(events))
    for position, event in enumerate(reader.events):
        reader.take(position, event)
    return reader.history()


@dataclass(slots=True)
class _Reader:
    events: tuple[Event, ...]
    _exchanges: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    _calls: dict[int, dict[str, Any]] = field(default_factory=dict)
    _facts: dict[str, Any] = field(default_factory=dict)
    _worlds: dict[str, Event] = field(default_factory=dict)
    _deliveries: list[Delivery] = field(default_factory=list)
    _searches: list[Search] = field(default_factory=list)
    _trapped: list[Trapped] = field(default_factory=list)
    _seqs: dict[str, int] = field(default_factory=dict)
    _has_gap: bool = False

    def take(self, position: int, event: Event) -> None:
        self._check_seq(event)
        reader = _READERS.get(event["kind"])
        if reader is not None:
            reader(self, position, event)

    def history(self) -> History:
        end = len(self.events)
        rows = sorted(self._exchanges.values(), key=lambda row: row["began"])
        exchanges = (Exchange(**({"ended": end} | row)) for row in rows)
        return History(
            self.events,
            tuple(exchanges),
            tuple(Call(**row) for row in self._calls.values()),
            worlds=self._worlds,
            deliveries=tuple(self._deliveries),
            searches=tuple(self._searches),
            trapped=tuple(self._trapped),
            has_gap=self._has_gap,
            **self._facts,
        )

    def _check_seq(self, event: Event) -> None:
        """A namespace's events count up by one; where they jump, some are lost."""
        seq, namespace = event.get("seq", _FROM_EXAMINER), event.get("namespace", "")
        if seq == _FROM_EXAMINER:
            return
        last = self._seqs.get(namespace)
        self._has_gap = self._has_gap or (last is not None and seq != last + 1)
        self._seqs[namespace] = seq

    def begin_exchange(self, position: int, event: Event) -> None:
        self._exchanges[_place(event)] = _begun(position, event)

    def strike(self, _position: int, event: Event) -> None:
        if _place(event) in self._exchanges:
            self._exchanges[_place(event)]["faults"] += (event["fault"],)

    def intend(self, _position: int, event: Event) -> None:
        if _place(event) in self._exchanges:
            self._exchanges[_place(event)]["intent"] = Intent(event["intent"])

    def end_exchange(self, position: int, event: Event) -> None:
        row = self._exchanges.get(_place(event))
        if row is not None:
            row |= {
                "ended": position,
                "ended_at_ms": event["at"],
                "ended_wall_ms": event["wall"],
                "status": event["status"] or None,
                "reply_headers": _pairs(event["headers"]),
                "reply": event["body"]["head"],
                "layer": event["layer"],
                "rule": event["rule"],
                "why": event["why"],
            }

    def release(self, _position: int, event: Event) -> None:
        """Nobody waits any more for what a gate has held longer than a request may take."""
        if "settings" not in self._facts:
            return
        reference_id = event["reference_id"]
        about = event["namespace"], operation_of(event), reference_id and reference_id.lower()
        for row in self._exchanges.values():
            is_it = about == (row["namespace"], row["operation"], row["reference_id"])
            if is_it and "ended" not in row:
                held_ms = event["wall"] - row["wall_ms"]
                is_late = held_ms >= self._facts["settings"].request_timeout_ms
                row["is_cut"] = row.get("is_cut", False) or is_late

    def describe(self, _position: int, event: Event) -> None:
        self._worlds[event["namespace"]] = event

    def deliver(self, position: int, event: Event) -> None:
        self._deliveries.append(_delivery(position, event))

    def begin_example(self, _position: int, event: Event) -> None:
        self._facts = {"settings": read_settings(event["settings"]), "caps": event["caps"]}

    def ask(self, position: int, event: Event) -> None:
        self._calls[event["call"]] = _asked(position, event)

    def answer(self, position: int, event: Event) -> None:
        self._calls[event["call"]] |= {
            "answered": position,
            "answer": as_answer(event["answer"]),
            "answered_wall_ms": event["wall"],
        }

    def end_driver(self, position: int, event: Event) -> None:
        for call in event["calls"]:
            self._calls[call] |= {"answered": position, "answer": Died(event["how"])}
        for row in self._exchanges.values():
            row.setdefault("is_cut", "ended" not in row)

    def search(self, position: int, event: Event) -> None:
        found = tuple(event["places"]), tuple(event["found"])
        self._searches.append(Search(position, *found))

    def trap(self, position: int, event: Event) -> None:
        headers = tuple(event.get("headers", ()))
        self._trapped.append(Trapped(position, event["trap"], event.get("target", ""), headers))


_READERS: Mapping[str, Callable[[_Reader, int, Event], None]] = MappingProxyType(
    {
        "exchange_began": _Reader.begin_exchange,
        "request_intended": _Reader.intend,
        "exchange_ended": _Reader.end_exchange,
        "fault_consumed": _Reader.strike,
        "gate_released": _Reader.release,
        "namespace_described": _Reader.describe,
        "callback_attempted": _Reader.deliver,
        "example_began": _Reader.begin_example,
        "driver_asked": _Reader.ask,
        "driver_answered": _Reader.answer,
        "driver_ended": _Reader.end_driver,
        "output_searched": _Reader.search,
        "trap_reached": _Reader.trap,
        "trap_touched": _Reader.trap,
    }
)


def _place(event: Event) -> tuple[str, int]:
    return event["namespace"], event["exchange_id"]


def _begun(position: int, event: Event) -> dict[str, Any]:
    reference_id = event["reference_id"]
    return {
        "began": position,
        "at_ms": event["at"],
        "ended_at_ms": event["at"],
        "wall_ms": event["wall"],
        "ended_wall_ms": event["wall"],
        "operation": operation_of(event),
        "method": event["method"],
        "target": event["target"],
        "headers": _pairs(event["headers"]),
        "body": event["body"]["head"],
        "reference_id": reference_id and reference_id.lower(),
        "status": None,
        "faults": (),
        "namespace": event["namespace"],
        "number": event["exchange_id"],
        "connection": event.get("connection_id"),
    }


def _delivery(position: int, event: Event) -> Delivery:
    return Delivery(
        position,
        event["at"],
        event["reference_id"].lower(),
        event["method"],
        event["url"],
        event["body"]["head"],
        event["status"],
        event["latency_ms"],
        event["namespace"],
    )


def _asked(position: int, event: Event) -> dict[str, Any]:
    return {
        "asked": position,
        "answered": None,
        "op": event["op"],
        "fields": event["fields"],
        "answer": None,
        "at_ms": event["at"],
        "wall_ms": event["wall"],
        "answered_wall_ms": event["wall"],
        "payment": event.get("payment"),
        "about": event.get("about"),
        "is_forged": event.get("is_forged", False),
    }


def _pairs(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in rows)
