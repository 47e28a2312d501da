"""Gates: points at which things are held until somebody lets them go on: races become enumerable.

A closed gate holds whatever matches it; releasing lets through what is held, and the gate stays
closed for what comes after; opening takes the gate away.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from mock_momo.core.rules import Match, Subject


class Point(StrEnum):
    """Where something can be held."""

    REQUEST_RECEIVED = "request_received"
    BEFORE_REPLY = "before_reply"
    CALLBACK_BEFORE_SEND = "callback_before_send"
    CALLBACK_AFTER_ACK = "callback_after_ack"


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate at a point, for what matches; `times` is how many it holds in all, None: all."""

    name: str
    point: Point
    match: Match = field(default_factory=Match)
    times: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Hold:
    """Something that a gate holds; equal to nothing but itself."""

    gate: Gate
    subject: Subject


class Gates:
    """The closed gates of a namespace, and what each holds in order of arrival."""

    def __init__(self) -> None:
        self.closed: dict[str, Gate] = {}
        self._holds: dict[str, list[Hold]] = {}
        self._counts: Counter[str] = Counter()

    def put(self, gate: Gate) -> tuple[Hold, ...]:
        """Put a gate there; returns what one of the same name held, which goes on."""
        freed = self.remove(gate.name)
        self.closed[gate.name] = gate
        return freed

    def remove(self, name: str) -> tuple[Hold, ...]:
        """Take a gate away; returns what it held, which goes on."""
        self.closed.pop(name, None)
        self._counts.pop(name, None)
        return tuple(self._holds.pop(name, ()))

    def remove_all(self) -> tuple[Hold, ...]:
        """Take every gate away; returns what they held."""
        return tuple(hold for name in list(self.closed) for hold in self.remove(name))

    def arrive(self, point: Point, subject: Subject) -> Hold | None:
        """The hold of the first gate that stops this; None lets it pass."""
        for gate in self.closed.values():
            count_held = self._counts[gate.name]
            is_full = gate.times is not None and count_held >= gate.times
            if gate.point is point and not is_full and gate.match.accepts(subject):
                self._counts[gate.name] += 1
                hold = Hold(gate, subject)
                self._holds.setdefault(gate.name, []).append(hold)
                return hold
        return None

    def release(self, name: str, most: int | None = None) -> tuple[Hold, ...]:
        """Let what the gate holds go on, at most so many, the first to arrive first."""
        held = self._holds.get(name, [])
        freed = tuple(held[:most])
        del held[: len(freed)]
        return freed

    def leave(self, hold: Hold) -> None:
        """What was held went on by itself, or is gone: its gate no longer holds it."""
        held = self._holds.get(hold.gate.name, [])
        if hold in held:
            held.remove(hold)

    def count_held(self) -> int:
        """How much all gates hold."""
        return sum(map(len, self._holds.values()))

    def held_by(self, name: str) -> tuple[Hold, ...]:
        return tuple(self._holds.get(name, ()))
