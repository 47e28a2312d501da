"""The requirement engine: pure functions over histories, and the verdicts that come of many."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from momo_conformance.calls import Call
from momo_conformance.catalogue import Level, Requirement, load_catalogue
from momo_conformance.checks import CHECKS
from momo_conformance.history import History
from momo_conformance.plans import VIEWS, ExamplePlan, View
from momo_conformance.protocol import Ok
from momo_conformance.verdicts import Outcome, Sighting, Trace, Verdict, breaches, trace_of

Sightings = Mapping[str, tuple[Sighting, ...]]
"""By requirement id, every time that its trigger was met."""


ACCEPTANCE = "MOMO-STS-09"
"""What is broken by an acceptance that the API has never given."""


def judge(history: History) -> Sightings:
    """Every requirement against one history. One with lost events proves nothing."""
    if history.has_gap:
        return {}
    found = {name: tuple(check(history)) for name, check in CHECKS.items()}
    fatal = [call for call in history.calls if call.has_died and not call.is_killed]
    if fatal:
        found = {name: tuple(_survived(rows, fatal)) for name, rows in found.items()}
    made_up = tuple(_made_up(history))
    if made_up:  # nothing else that such a client says can be believed
        found = {name: tuple(breaches(rows)) for name, rows in found.items()}
        found[ACCEPTANCE] = (*found.get(ACCEPTANCE, ()), *made_up)
    return {name: rows for name, rows in found.items() if rows}


def _survived(rows: Iterable[Sighting], fatal: Sequence[Call]) -> Iterator[Sighting]:
    """The breaches, and of the rest what does not rest on a call that the client died of."""
    for row in rows:
        moments = [] if row.breach else row.shown
        if not any(call.asked == at or call.is_open_at(at) for call in fatal for at in moments):
            yield row


def _made_up(history: History) -> Iterator[Sighting]:
    """Orders that the client calls accepted though it has sent nothing for them."""
    if history.trapped:
        return
    for order in history.orders:
        for call in order.calls:
            if isinstance(call.answer, Ok) and not order.attempts:
                told = f"{order.key} was answered ok, and nothing was sent for it"
                yield Sighting((call.asked,), told)


@dataclass(frozen=True, slots=True)
class Ability:
    """How closely something can be examined: by which level, with what, through which views."""

    level: Level
    has: frozenset[str] = frozenset()
    views: tuple[View, ...] = VIEWS

    def lacks(self, requirement: Requirement) -> str:
        """What is missing for a requirement, in a few words; empty when nothing is."""
        if not self.level.is_at_least(requirement.least):
            return f"needs {requirement.least}"
        missing = [name for name in requirement.needs if name not in self.has]
        if missing:
            return f"needs {' and '.join(missing)}"
        if not set(requirement.views) & set(self.views):
            return f"needs the status view {requirement.views[0]}"
        return ""


@dataclass(slots=True)
class Tally:
    """Adds up what many histories say of each requirement.

    Of the breaches of one requirement it keeps the one with the shortest trace.
    """

    _counts: dict[str, int] = field(default_factory=dict)
    _breaches: dict[str, tuple[str, Trace]] = field(default_factory=dict)
    _ratios: dict[str, tuple[int, int]] = field(default_factory=dict)
    _steady: set[str] = field(default_factory=set)
    lost_events: bool = False

    @property
    def broken(self) -> tuple[str, ...]:
        """The ids of the requirements that some history has broken."""
        return tuple(self._breaches)

    def is_flaky(self, name: str) -> bool:
        """True for one that no plan has broken every time, and some have now and then."""
        return name in self._ratios

    def add(self, history: History, plan: ExamplePlan | None = None) -> tuple[str, ...]:
        """Judge one more history; returns the ids that it breaks. `plan` is what led to it."""
        self.lost_events = self.lost_events or history.has_gap
        broken = []
        for name, sightings in judge(history).items():
            self._counts[name] = self._counts.get(name, 0) + len(sightings)
            for sighting in sightings:
                if sighting.breach:
                    self._keep(name, sighting, history, plan)
            if any(sighting.breach for sighting in sightings):
                broken.append(name)
        return tuple(broken)

    def mark_flaky(self, name: str, broken: int, runs: int) -> None:
        """Some re-runs of the same plan did not break it; of no account where those of one did."""
        if name not in self._steady:
            self._ratios[name] = broken, runs

    def mark_steady(self, name: str) -> None:
        """Every re-run of some plan broke it."""
        self._steady.add(name)
        self._ratios.pop(name, None)

    def verdicts(self, ability: Ability) -> tuple[Verdict, ...]:
        """One for each requirement of this direction, in the catalogue's order."""
        is_server = ability.level is Level.SERVER
        return tuple(
            self._verdict(requirement, ability)
            for requirement in load_catalogue().requirements
            if (requirement.least is Level.SERVER) == is_server
        )

    def _keep(
        self, name: str, sighting: Sighting, history: History, plan: ExamplePlan | None
    ) -> None:
        """Of two breaches the one that less leads to is kept, of equals the later."""
        kept = plan and replace(plan, breaks=name)
        trace = replace(trace_of(history, sighting.shown), plan=kept)
        known = self._breaches.get(name)
        if known is None or trace.weight <= known[1].weight:
            self._breaches[name] = sighting.breach, trace

    def _verdict(self, requirement: Requirement, ability: Ability) -> Verdict:
        name = requirement.id
        count = self._counts.get(name, 0)
        if name in self._breaches:
            why, trace = self._breaches[name]
            ratio = self._ratios.get(name)
            outcome = Outcome.FLAKY if ratio else Outcome.FAIL
            return Verdict(requirement, outcome, count, why, trace, ratio)
        if count:
            return Verdict(requirement, Outcome.PASS, count)
        lacking = ability.lacks(requirement)
        if lacking:
            return Verdict(requirement, Outcome.UNTESTABLE, why=lacking)
        why = "events were lost" if self.lost_events else f"not seen: {requirement.trigger}"
        return Verdict(requirement, Outcome.NOT_EXERCISED, why=why)
