"""One mutant after the other: which requirement it is found by, and for what reason."""

import json
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from mock_momo.testing import MockMomoError
from momo_conformance.errors import ConformanceError
from momo_conformance.interleavings import INTERLEAVINGS
from momo_conformance.plans import ExamplePlan
from momo_conformance.scenarios import SCENARIOS
from momo_conformance.server.examining import Wanted
from momo_conformance.suite import DriverSuite, open_suite
from momo_conformance.verdicts import BROKEN, Verdict
from tests.mutants.client.bugs import Bug
from tests.mutants.server.examining import command_of, examine_server

_EXAMPLES = 20
"""Sequences that are drawn against a server with a bug."""


@dataclass(frozen=True, slots=True)
class Kill:
    """What became of one mutant.

    `why` is the breach of its own requirement, empty when that was not found; `others` are further
    ids that it breaks. `steps` and `moments` are how much the least trace has to show.
    """

    side: str
    bug: str
    requirement: str
    says: str
    why: str
    others: tuple[str, ...]
    steps: int
    moments: int
    wall_ms: int
    problem: str = ""

    @property
    def place(self) -> tuple[str, str]:
        return self.side, self.bug

    @property
    def is_own(self) -> bool:
        """True when its own requirement was found broken, for the reason that the bug names."""
        return bool(self.why) and self.says in self.why

    def __str__(self) -> str:
        told = self.why if self.is_own else f"NOT for its reason: {self.why or self.problem}"
        return f"{self.requirement} {self.bug!r}: {told} ({self.wall_ms} ms)"

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(line: str) -> "Kill":
        found: dict[str, Any] = json.loads(line)
        return Kill(**found | {"others": tuple(found["others"])})


def smoke() -> tuple[ExamplePlan, ...]:
    """The first plan of each group: what every mutant is put through."""
    first: dict[str, ExamplePlan] = {}
    for plan in SCENARIOS:
        first.setdefault(plan.name[:3], plan)
    return tuple(first.values())


def own(bug: Bug) -> tuple[ExamplePlan, ...]:
    """The plans that are made for the requirement which a bug should break."""
    plans = (*SCENARIOS, *INTERLEAVINGS)
    return tuple(plan for plan in plans if plan.made_for == bug.requirement)


@dataclass(frozen=True, slots=True)
class Hunt:
    """One bug to be hunted, on one side; `find` gives the verdicts and what went wrong."""

    side: str
    bug: Bug
    find: Callable[[], tuple[tuple[Verdict, ...], str]]

    @property
    def place(self) -> tuple[str, str]:
        return self.side, self.bug.name

    def run(self) -> Kill:
        """Hunt it down."""
        began = time.monotonic()
        verdicts, problem = self.find()
        return _kill_of(self.side, self.bug, verdicts, began, problem)


def client_hunt(bug: Bug, *, whole: bool) -> Hunt:
    """The client with a bug goes through the plans made for that, or through all of them."""
    return Hunt("client", bug, partial(_examine_client, bug, whole=whole))


def server_hunt(bug: Bug) -> Hunt:
    """The fake with a bug is asked everything."""
    return Hunt("server", bug, partial(_examine_server, bug))


def _examine_client(bug: Bug, *, whole: bool) -> tuple[tuple[Verdict, ...], str]:
    command = shlex.join((sys.executable, "-m", "tests.mutants.client", bug.name))
    plans = (*SCENARIOS, *INTERLEAVINGS) if whole else _some(bug)
    try:
        with open_suite(command) as suite:
            problem = _put_through(suite, plans)
            return suite.verdicts(), problem
    except ConformanceError as error:
        return (), str(error)


def _examine_server(bug: Bug) -> tuple[tuple[Verdict, ...], str]:
    try:
        return examine_server(command_of(bug.name), Wanted(examples=_EXAMPLES, seed=1)), ""
    except (ConformanceError, MockMomoError) as error:
        return (), str(error)


def _kill_of(
    side: str, bug: Bug, verdicts: Iterable[Verdict], began: float, problem: str = ""
) -> Kill:
    """What the verdicts say of a bug."""
    broken = {row.requirement.id: row for row in verdicts if row.outcome in BROKEN}
    mine = broken.pop(bug.requirement, None)
    trace = mine.trace if mine else None
    return Kill(
        side,
        bug.name,
        bug.requirement,
        bug.says,
        mine.why if mine else "",
        tuple(broken),
        trace.weight[0] if trace else 0,
        len(trace.lines) if trace else 0,
        round((time.monotonic() - began) * 1000),
        problem[:200],
    )


def saved(path: Path) -> Iterator[Kill]:
    """What an earlier run has found out."""
    if path.exists():
        yield from map(Kill.from_json, path.read_text("utf-8").splitlines())


def _some(bug: Bug) -> tuple[ExamplePlan, ...]:
    return tuple({plan.name: plan for plan in (*own(bug), *smoke())}.values())


def _put_through(suite: DriverSuite, plans: Iterable[ExamplePlan]) -> str:
    """Some mutants die of some plans: that is noted, and the rest goes on."""
    problem = ""
    for plan in plans:
        try:
            suite.take([plan])
        except ConformanceError as error:
            problem = problem or f"{plan.name}: {error}"
            suite.bench.subject.kill()
            suite.bench.subject.restart()
    return problem
