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


BROKEN = (Outcome.FAIL, Outcome.FLAKY)
"""The verdicts that say that a requirement does not hold."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One time that a requirement's trigger was met, and whether its expectation was, too.

    `breach` says in one line what was wrong; empty when nothing was. `shown` are the positions of
    the calls and exchanges that prove it: the least trace, of which the last is what is wrong.
    """

    shown: tuple[int, ...]
    breach: str = ""


Check = Callable[[History], Iterable[Sighting]]
"""A requirement's trigger and expectation, as a pure function of a history."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The moments that prove a breach, in order, a line each.

    `events` are all that belong to them, a call's answer and an exchange's reply included. What
    lies between them is left out: a history that is made of them has a gap.
    `plan` is what leads to it, None where no plan did. `shows_at` is the number of the line that
    is wrong, from 1; 0 without lines.
    """

    lines: tuple[str, ...]
    events: tuple[Event, ...]
    plan: ExamplePlan | None = None
    shows_at: int = 0

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
    calls = {call.asked for call in history.calls}
    found = {position: _cause_of(history, position) for position in shown if position not in calls}
    causes = {position: cause for position, cause in found.items() if cause is not None}
    wanted = sorted({*shown, *causes.values()})
    moments = [position for position in wanted if position in told]
    lines = (f"  {told[row]}" if row in causes else told[row] for row in moments)
    wrong = shown[-1] if shown else None
    shows_at = moments.index(wrong) + 1 if wrong in moments else len(moments)
    events = _belonging(history.events, wanted)
    return Trace(tuple(lines), tuple(events), shows_at=shows_at)


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


def _told(history: History) -> Iterator[tuple[int, str]]:
    for call in history.calls:
        yield call.asked, str(call)
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
    return max((call.asked for call in history.open_at(position)), default=None)


def breaches(sightings: Iterable[Sighting]) -> Iterator[Sighting]:
    """Those in which the expectation was not met."""
    return (row for row in sightings if row.breach)
