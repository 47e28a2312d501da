"""What must be found among the events of a namespace, and the verdict on each expectation.

Only the newest events are kept. `lost` is how many are not: whatever they could have changed is
incomplete, neither met nor unmet.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fnmatch import fnmatchcase
from types import MappingProxyType

from momo_contracts.events import KINDS, Detail, Event

NEAREST = 3
"""How many events a verdict names."""

_SHORT = (str, int, str | None, int | None)
SEARCHABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        name: tuple(row.name for row in fields(kind) if row.repr and row.type in _SHORT)
        for kind, name in KINDS.items()
    }
)
"""Each kind of event and the fields that a query may name: not those that may hold secrets."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a single event is like: its kind, and patterns for the texts of its fields.

    Patterns may hold the wildcards * and ?. A field that is None matches no pattern.
    """

    kind: str = "exchange_ended"
    fields: tuple[tuple[str, str], ...] = ()

    def accepts(self, detail: Detail) -> bool:
        return self.is_about(detail) and next(self.misses(detail), None) is None

    def is_about(self, detail: Detail) -> bool:
        return KINDS[type(detail)] == self.kind

    def misses(self, detail: Detail) -> Iterator[str]:
        """The fields in which an event of this kind is not as wanted."""
        return (
            name for name, wanted in self.fields if not _fits(wanted, _field(detail, name), name)
        )

    def __str__(self) -> str:
        kind = () if self.kind == "exchange_ended" else (self.kind,)
        return " ".join((*kind, *(f"{name}={wanted}" for name, wanted in self.fields))) or "request"


@dataclass(frozen=True, slots=True)
class Count:
    """How many events are like this; without `at_most`, any number from `at_least` on."""

    query: Query
    at_least: int = 1
    at_most: int | None = None

    def __str__(self) -> str:
        low, high = self.at_least, self.at_most
        if high == 0:
            return f"never {self.query}"
        if low == high:
            return f"exactly {low} of {self.query}"
        if high is None:
            return f"at least {low} of {self.query}"
        return f"{'at most' if low == 0 else f'{low} to'} {high} of {self.query}"


@dataclass(frozen=True, slots=True)
class Sequence:
    """Events like these, in this order; others may be between."""

    steps: tuple[Query, ...]

    def __str__(self) -> str:
        return " → ".join(map(str, self.steps))


@dataclass(frozen=True, slots=True)
class Expectation:
    """What somebody wants to be so. `name` is theirs, or says what is wanted."""

    name: str
    wanted: Count | Sequence


class Judgement(StrEnum):
    """What an expectation has come to."""

    MET = "met"
    UNMET = "unmet"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement on an expectation; `told` is one line: what was wanted, what was seen, where."""

    name: str
    judgement: Judgement
    told: str


def judge(
    expectations: Iterable[Expectation], events: Iterable[Event], lost: int
) -> tuple[Verdict, ...]:
    """A verdict for each expectation, from the kept events, oldest first, of one namespace.

    `lost` is how many older ones are no longer kept: the first kept event's `seq` - 1.
    """
    kept = tuple(events)
    return tuple(_verdict(row, kept, lost) for row in expectations)


def _verdict(expectation: Expectation, kept: tuple[Event, ...], lost: int) -> Verdict:
    match expectation.wanted:
        case Count() as count:
            judgement, seen = _judge_count(count, kept, lost)
        case Sequence() as sequence:
            judgement, seen = _judge_sequence(sequence, kept, lost)
    name, wanted = expectation.name, str(expectation.wanted)
    told = f"wanted {wanted}; seen: {seen}"
    if name != wanted:
        told = f"{name}: {told}"
    if judgement is Judgement.INCOMPLETE:
        told += (
            f"; undecided, because {lost} older events are no longer kept: "
            "verify earlier, or in smaller parts"
        )
    return Verdict(name, judgement, told)


def _judge_count(count: Count, kept: tuple[Event, ...], lost: int) -> tuple[Judgement, str]:
    found = [event for event in kept if count.query.accepts(event.detail)]
    low, high = len(found), len(found) + lost
    seen = f"{low or 'none'}{_places(found)}"
    if low < count.at_least:
        seen += _nearest(count.query, kept)
    most = high if count.at_most is None else count.at_most
    if low > most or high < count.at_least:
        return Judgement.UNMET, seen
    is_sure = low >= count.at_least and high <= most
    return Judgement.MET if is_sure else Judgement.INCOMPLETE, seen


def _judge_sequence(
    sequence: Sequence, kept: tuple[Event, ...], lost: int
) -> tuple[Judgement, str]:
    rest = iter(kept)
    found: list[Event] = []
    for number, step in enumerate(sequence.steps, 1):
        event = next((row for row in rest if step.accepts(row.detail)), None)
        if event is None:
            later = [row for row in kept if not found or row.seq > found[-1].seq]
            seen = f"{_reached(found)}no {step} (step {number}){_nearest(step, later)}"
            return Judgement.INCOMPLETE if lost else Judgement.UNMET, seen
        found.append(event)
    return Judgement.MET, f"all of it{_places(found)}"


def _reached(found: list[Event]) -> str:
    return f"up to seq {found[-1].seq}, then " if found else ""


def _places(found: list[Event]) -> str:
    if not found:
        return ""
    more = ", …" if len(found) > NEAREST else ""
    return f" (seq {', '.join(str(event.seq) for event in found[:NEAREST])}{more})"


def _nearest(query: Query, events: Iterable[Event]) -> str:
    """The events of this kind that differ from what was wanted in the fewest fields."""
    misses = [
        (event, names)
        for event in events
        if query.is_about(event.detail) and (names := list(query.misses(event.detail)))
    ]
    fewest = min((len(names) for _, names in misses), default=0)
    if fewest == 0 or fewest == len(query.fields) > 1:
        return ""
    told = [
        f"seq {event.seq} has "
        + " ".join(f"{name}={_field(event.detail, name) or 'none'}" for name in names)
        for event, names in misses
        if len(names) == fewest
    ]
    return f"; nearest: {', '.join(told[:NEAREST])}"


def _field(detail: Detail, name: str) -> str | None:
    value = getattr(detail, name, None)
    return None if value is None else str(value)


def _fits(wanted: str, given: str | None, name: str) -> bool:
    """A reply may be shaped by several rules: the pattern may fit any of their names."""
    if given is None:
        return False
    choices = (given, *given.split(", ")) if name == "rule" else (given,)
    return any(fnmatchcase(choice, wanted) for choice in choices)
