"""What is said of a requirement: one of six verdicts, and what shows it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from momo_conformance.catalogue import Requirement
from momo_conformance.exchanges import Event
from momo_conformance.history import History
from momo_conformance.plans import ExamplePlan


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
    """The moments that prove a breach, in order, a line each; `events` are theirs.

    `plan` is what leads to it, None where no plan did.
    """

    lines: tuple[str, ...]
    events: tuple[Event, ...]
    plan: ExamplePlan | None = None

    @property
    def weight(self) -> tuple[int, int]:
        """How much there is to read: steps of the plan, moments."""
        return len(self.plan.flat) if self.plan else 0, len(self.lines)

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
    """The moments at these positions as lines, each below the call that it happened in."""
    told = dict(_told(history))
    calls = {call.asked: call for call in history.calls}
    lines: list[str] = []
    wanted: set[int] = set()
    for position in sorted(set(shown)):
        cause = position if position in calls else _cause_of(history, position)
        if cause is not None and cause not in wanted:
            wanted.add(cause)
            lines.append(str(calls[cause]))
        if position in told:
            wanted.add(position)
            lines.append(f"  {told[position]}" if cause is not None else told[position])
    events = tuple(history.events[row] for row in sorted(wanted) if row < len(history.events))
    return Trace(tuple(lines), events)


def _told(history: History) -> Iterator[tuple[int, str]]:
    for row in history.exchanges:
        yield row.began, str(row)
    for delivery in history.deliveries:
        yield delivery.position, str(delivery)
    for search in history.searches:
        yield search.position, str(search)
    for trapped in history.trapped:
        yield trapped.position, str(trapped)


def _cause_of(history: History, position: int) -> int | None:
    """The call that was open at a position, the latest of them; None without one."""
    open_then = (
        call.asked
        for call in history.calls
        if call.asked < position and (call.answered is None or position < call.answered)
    )
    return max(open_then, default=None)


def breaches(sightings: Iterable[Sighting]) -> Iterator[Sighting]:
    """Those in which the expectation was not met."""
    return (row for row in sightings if row.breach)
