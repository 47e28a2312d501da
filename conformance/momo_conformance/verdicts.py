"""What is said of a requirement: one of six verdicts, and what shows it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from momo_conformance.catalogue import Requirement
from momo_conformance.exchanges import Event
from momo_conformance.history import History


class Outcome(StrEnum):
    """The six verdicts."""

    PASS = "PASS"  # noqa: S105  # a verdict
    FAIL = "FAIL"
    NOT_EXERCISED = "NOT EXERCISED"
    UNTESTABLE = "UNTESTABLE"
    FLAKY = "FLAKY"
    WAIVED = "WAIVED"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One time that a requirement's trigger was met, and whether its expectation was, too.

    `breach` says in one line what was wrong; empty when nothing was. `shown` are the positions of
    the calls and exchanges that prove it: the least trace.
    """

    shown: tuple[int, ...]
    breach: str = ""


Check = Callable[[History], Iterable[Sighting]]
"""A requirement's trigger and expectation, as a pure function of a history."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The moments that prove a breach, in order, a line each; it shows at the last one.

    `events` are all that belong to them, a call's answer and an exchange's reply included, so that
    `read_history` makes of them what it made of the whole. `plan` is its JSON, empty without one.
    """

    lines: tuple[str, ...]
    events: tuple[Event, ...]
    plan: str = ""

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one requirement.

    `count` is how often it was exercised; `why` is the breach, or what is missing. `ratio` tells of
    a FLAKY one how many of how many runs broke it; `waived_by` names a baseline entry's owner.
    """

    requirement: Requirement
    outcome: Outcome
    count: int = 0
    why: str = ""
    trace: Trace | None = None
    ratio: tuple[int, int] | None = None
    waived_by: str = ""

    @property
    def is_breach(self) -> bool:
        return self.outcome is Outcome.FAIL

    @property
    def told(self) -> str:
        """The verdict in a few words: PASS (12), UNTESTABLE (clock), FLAKY (2 of 5)."""
        match self.outcome:
            case Outcome.PASS:
                return f"PASS ({self.count})"
            case Outcome.UNTESTABLE:
                return f"UNTESTABLE ({self.why})"
            case Outcome.FLAKY if self.ratio:
                return f"FLAKY ({self.ratio[0]} of {self.ratio[1]})"
            case _:
                return str(self.outcome)


def trace_of(history: History, shown: Sequence[int]) -> Trace:
    """The moments at these positions, as lines and as events."""
    wanted = sorted(set(shown))
    told = {row.began: str(row) for row in history.exchanges}
    told |= {call.asked: str(call) for call in history.calls}
    told |= {row.position: str(row) for row in history.deliveries}
    told |= {row.position: str(row) for row in history.searches}
    told |= {row.position: str(row) for row in history.trapped}
    lines = tuple(told[position] for position in wanted if position in told)
    return Trace(lines, tuple(_belonging(history.events, wanted)))


def _belonging(events: Sequence[Event], wanted: Sequence[int]) -> Iterator[Event]:
    """Those at these positions, and what else there is of their exchanges and calls."""
    begun = [events[position] for position in wanted if position < len(events)]
    exchanges = {_exchange(event) for event in begun} - {None}
    calls = {event.get("call") for event in begun} - {None}
    for position, event in enumerate(events):
        ended = calls.intersection(event.get("calls", ()))
        if ended:
            yield {**event, "calls": sorted(ended)}
        elif position in wanted or event.get("call") in calls or _exchange(event) in exchanges:
            yield event


def _exchange(event: Event) -> tuple[str, int] | None:
    number = event.get("exchange_id")
    return (event["namespace"], number) if number is not None else None


def breaches(sightings: Iterable[Sighting]) -> Iterator[Sighting]:
    """Those in which the expectation was not met."""
    return (row for row in sightings if row.breach)
