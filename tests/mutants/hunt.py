"""One mutant after the other: which requirement it is found by, and for what reason."""

import json
import shlex
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from momo_conformance.errors import ConformanceError
from momo_conformance.interleavings import INTERLEAVINGS
from momo_conformance.plans import ExamplePlan
from momo_conformance.scenarios import SCENARIOS
from momo_conformance.suite import DriverSuite, open_suite
from momo_conformance.verdicts import Outcome, Verdict
from tests.mutants.client.bugs import Bug

BROKEN = (Outcome.FAIL, Outcome.FLAKY)


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
    def is_own(self) -> bool:
        """True when its own requirement was found broken, for the reason that the bug names."""
        return bool(self.why) and self.says in self.why

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
    made_for = bug.requirement.removeprefix("MOMO-")
    return tuple(plan for plan in (*SCENARIOS, *INTERLEAVINGS) if plan.name.startswith(made_for))


def hunt_client(bug: Bug, *, whole: bool) -> Kill:
    """Put the client with a bug through its plans, or through all of them."""
    began = time.monotonic()
    command = shlex.join((sys.executable, "-m", "tests.mutants.client", bug.name))
    verdicts: tuple[Verdict, ...] = ()
    problem = ""
    try:
        with open_suite(command) as suite:
            problem = _put_through(suite, (*SCENARIOS, *INTERLEAVINGS) if whole else _some(bug))
            verdicts = suite.verdicts()
    except ConformanceError as error:
        problem = str(error)
    return kill_of("client", bug, verdicts, began, problem)


def kill_of(
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
