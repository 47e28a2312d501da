"""The whole examination of a client: plan after plan, and the verdicts in the end."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock

from mock_momo.testing import Control, KeptTransport, MockMomoError, World, running_fake
from momo_conformance.ability import ability_of, can_take, fitted
from momo_conformance.engine import Ability, Tally
from momo_conformance.examination import START_MS, Bench, examine
from momo_conformance.exchanges import Event
from momo_conformance.history import History
from momo_conformance.plans import ExamplePlan
from momo_conformance.reading import read_history
from momo_conformance.reduction import reduced
from momo_conformance.relay import Relay
from momo_conformance.secrets import search_last_words
from momo_conformance.subject import Subject
from momo_conformance.verdicts import Verdict

RERUNS = 5
"""How often a plan that breaks something is run again before it is called deterministic."""

Report = Callable[[ExamplePlan], None]
"""Told before each plan."""


@dataclass(slots=True)
class Found:
    """What plans have shown so far; suites that work side by side share one.

    `deaths` are those of the driver that no plan wanted, by how and the last line of its stderr.
    """

    tally: Tally = field(default_factory=Tally)
    histories: list[History] = field(default_factory=list)
    plans: int = 0
    payments: int = 0
    calls: int = 0
    virtual_ms: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    _lock: RLock = field(default_factory=RLock)

    def count(self, history: History) -> None:
        """One more plan was run."""
        with self._lock:
            self.plans += 1
            self.calls += len(history.exchanges)
            self.payments += sum(1 for _ in history.accepted())
            self.virtual_ms += max(0, history.events[-1]["at"] - START_MS)
            self.deaths.update(history.deaths)

    @property
    def told_of_deaths(self) -> str:
        """How often the driver has died by itself, and mostly how; empty when it never has."""
        if not self.deaths:
            return ""
        ((how, times),) = self.deaths.most_common(1)
        return f"{self.deaths.total()}; {times} of them: {how}"

    def add(self, history: History, plan: ExamplePlan | None = None) -> tuple[str, ...]:
        """Judge it; returns what it breaks that nothing before it has, but now and then."""
        with self._lock:
            self.histories.append(history)
            known = {name for name in self.tally.broken if not self.tally.is_flaky(name)}
            return tuple(name for name in self.tally.add(history, plan) if name not in known)

    def confirm(self, name: str, histories: Sequence[History], plan: ExamplePlan) -> bool:
        """Whether some runs of one plan have all broken it; if so they are added, else flaky."""
        broken = sum(name in Tally().add(history) for history in histories)
        with self._lock:
            if broken < len(histories):
                self.tally.mark_flaky(name, broken, len(histories))
                return False
            self.tally.mark_steady(name)
            for history in histories:
                self.tally.add(history, plan)
        return True


@dataclass(slots=True)
class Suite(ABC):
    """Puts one client through plans, each in a world of its own, and adds up what they show."""

    fake: Control
    reduces: bool = field(default=True, kw_only=True)
    found: Found = field(default_factory=Found, kw_only=True)
    _names: Iterator[int] = field(default_factory=lambda: count(1), init=False)

    @property
    @abstractmethod
    def ability(self) -> Ability:
        """What the client can be examined in."""

    @abstractmethod
    def can_take(self, plan: ExamplePlan) -> bool:
        """True when the client can be put through the plan, wholly."""

    @abstractmethod
    def examine(self, plan: ExamplePlan, world: World) -> tuple[Event, ...]:
        """Everything that happens when the plan is carried out in a world made for it."""

    def take(self, plans: Iterable[ExamplePlan], report: Report = lambda _: None) -> None:
        """Run every plan that the client can be put through. Raises DriverError, MockMomoError."""
        for plan in fitted(plans, self.ability):
            if self.can_take(plan):
                report(plan)
                self.judge(plan)

    def run(self, plan: ExamplePlan) -> History:
        """All that happens in one plan, not yet added up."""
        world = self._world(plan)
        try:
            events = self.examine(plan, world)
        except BaseException as problem:
            if plan.name:
                problem.add_note(f"it happened in the plan {plan.name!r}")
            with suppress(MockMomoError):
                world.delete()
            raise
        world.delete()
        history = read_history(events)
        self.found.count(history)
        return history

    def judge(self, plan: ExamplePlan) -> History:
        """Run one plan and add up what it shows; what it breaks is looked at more closely."""
        history = self.run(plan)
        for name in self._broken_anew(history, plan):
            least = self._reduced(plan, name)
            if not self.confirm(least, name) and least is not plan:
                self.confirm(plan, name)
        return history

    def breaks_first(self, plan: ExamplePlan) -> str:
        """Run one plan and add it up; the first requirement that no plan before it has broken."""
        return next(self._broken_anew(self.run(plan), plan), "")

    def confirm(self, plan: ExamplePlan, name: str) -> bool:
        """Whether a plan breaks a requirement every time; if so that is added up, else flaky."""
        return self.found.confirm(name, [self.run(plan) for _ in range(RERUNS)], plan)

    def verdicts(self) -> tuple[Verdict, ...]:
        """What all plans together say of each requirement."""
        return self.found.tally.verdicts(self.ability)

    def breaks(self, plan: ExamplePlan, name: str) -> bool:
        """Whether a plan breaks a requirement, in one more run that is not added up."""
        return name in Tally().add(self.run(plan))

    def _broken_anew(self, history: History, plan: ExamplePlan) -> Iterator[str]:
        """What it breaks as the first; of what was flaky so far, what it breaks every time."""
        for name in self.found.add(history, plan):
            if not self.found.tally.is_flaky(name) or self.confirm(plan, name):
                yield name

    def _reduced(self, plan: ExamplePlan, name: str) -> ExamplePlan:
        if not self.reduces:
            return plan
        return reduced(plan, lambda smaller: self.breaks(smaller, name))

    def _world(self, plan: ExamplePlan) -> World:
        settings = plan.settings
        return self.fake.namespace(
            f"example-{next(self._names)}",
            profile=settings.profile,
            outcome=str(settings.outlook),
            expires_in_s=settings.expires_in_s,
            switches=dict(settings.switches),
            rules=[dict(rule) for rule in settings.rules],
        )


@dataclass(slots=True)
class DriverSuite(Suite):
    """A suite for a client that has a driver."""

    bench: Bench
    _worlds: list[str] = field(default_factory=list, init=False)

    @property
    def ability(self) -> Ability:
        return ability_of(self.bench.subject.client)

    def can_take(self, plan: ExamplePlan) -> bool:
        return can_take(self.ability, plan)

    def examine(self, plan: ExamplePlan, world: World) -> tuple[Event, ...]:
        self._worlds.append(world.name)
        return examine(plan, world, self.bench)

    def end(self) -> None:
        """End the client for good, and add up what it has written as it ended."""
        self.bench.subject.stop()
        self.found.add(read_history([search_last_words(self.bench.subject, self._worlds)]))


@contextmanager
def open_suite(command: str, found: Found | None = None) -> Iterator[DriverSuite]:
    """A suite for the client behind a driver's command, with a fake of its own.

    It adds to what was `found` elsewhere. Raises InvalidCommand, DriverError and MockMomoError.
    """
    with (
        TemporaryDirectory() as folder,
        Subject(command) as subject,
        Relay() as relay,
        running_fake() as fake,
        KeptTransport(fake.url) as transport,
    ):
        yield DriverSuite(
            replace(fake, transport=transport),
            Bench(subject, relay, Path(folder)),
            found=found or Found(),
        )
