"""Every boundary of a scenario is fatal once."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.crash.children import act, recover
from tests.crash.judge import judge
from tests.crash.places import Places
from tests.crash.processes import ENDED, KILLED, ended
from tests.crash.scenarios import PLAN, RULES, SCENARIOS, Scenario

SIDE_BY_SIDE = 4


@dataclass(frozen=True, slots=True)
class Run:
    """One life of a scenario. `reached` are its boundaries, of which the last killed it, if any."""

    fatal: str
    reached: tuple[str, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A scenario with its runs, the first of which was not killed."""

    scenario: Scenario
    runs: Sequence[Run]

    @property
    def boundaries(self) -> int:
        return len(self.runs[0].reached)

    @property
    def kills(self) -> int:
        return sum(bool(run.fatal) for run in self.runs)

    @property
    def findings(self) -> Iterator[str]:
        for run in self.runs:
            for finding in run.findings:
                yield f"{self.scenario.name}: killed at {run.fatal or 'no boundary'}: {finding}"


def enumerate_kills(places: Places, scenario: Scenario, only: str = "") -> Enumeration:
    """Live once unharmed, to learn the boundaries; then die at each whose name holds `only`."""
    unharmed = live(places, scenario, "")
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        fatal = (name for name in unharmed.reached if only in name)
        killed = pool.map(lambda name: live(places, scenario, name), fatal)
        return Enumeration(scenario, (unharmed, *killed))


def live(places: Places, scenario: Scenario, fatal: str) -> Run:
    """One life, the recovery and the verdict."""
    number = SCENARIOS.index(scenario)
    with places.new(outcome=PLAN, rules=RULES) as (site, world):
        code = ended(act, site, number, fatal)
        reached = tuple(site.log.read_text().splitlines()) if site.log.exists() else ()
        findings = list(_ends(code, reached, fatal))
        findings += scenario.look(site.ledger_url)
        if (code := ended(recover, site, number)) != ENDED:
            findings.append(f"the recovery ended with {code}; see above")
        return Run(fatal, reached, (*findings, *judge(world, site.ledger_url)))


def _ends(code: int | None, reached: Sequence[str], fatal: str) -> Iterator[str]:
    if code != (KILLED if fatal else ENDED):
        yield f"the process ended with {code}; see above"
    if fatal and fatal not in reached[-1:]:
        yield "the boundary was not reached"
