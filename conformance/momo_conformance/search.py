"""The search for a plan that a client does not survive, and its reduction to the least one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from hypothesis import Phase, find
from hypothesis import settings as search_settings
from hypothesis.errors import NoSuchExample

from mock_momo.testing import Control
from momo_conformance.driver import Driver
from momo_conformance.evidence import Finding
from momo_conformance.examination import START_MS, Examination, world_settings
from momo_conformance.judgement import judge
from momo_conformance.plans import ExamplePlan
from momo_conformance.strategies import example_plans

MOST_REDUCTIONS = 300
"""How many smaller plans are tried once one has been found."""

Findings = tuple[Finding, ...]
Report = Callable[[int, bool], None]
"""Told after each plan: how many were examined, and whether a found one is being reduced."""


class Examiner:
    """Examines plan after plan with one driver and one fake, each in a world of its own."""

    def __init__(self, fake: Control, driver: Driver, directory: Path) -> None:
        self._fake = fake
        self._driver = driver
        self._ledger_url = f"sqlite:///{(directory / 'ledger.sqlite3').as_posix()}"
        self.plans = 0
        self.payments = 0
        self.calls = 0
        self.virtual_ms = 0

    def examine(self, plan: ExamplePlan) -> Findings:
        """Run a plan and judge it. Raises ConformanceError and MockMomoError."""
        self.plans += 1
        world = self._fake.namespace(f"example-{self.plans}", **world_settings(plan.settings))
        evidence = Examination(plan, world, self._driver, self._ledger_url).run()
        self.payments += len(evidence.rows)
        self.calls += sum(len(turn.exchanges) for turn in evidence.turns)
        self.virtual_ms += evidence.turns[-1].to_ms - START_MS
        return judge(evidence)


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A plan that breaks a rule; from `search`, the least one for the rule broken first."""

    plan: ExamplePlan
    findings: Findings


def search(
    examiner: Examiner, examples: int, seed: int, report: Report = lambda *_: None
) -> Counterexample | None:
    """Examine so many plans; None when all are without a finding. The same seed, the same plans.

    Raises ConformanceError or MockMomoError when a plan could not be judged.
    """
    trial = _Trial(examiner, report)
    try:
        plan = find(
            example_plans(),
            trial.breaks_rule,
            settings=search_settings(
                max_examples=examples,
                deadline=None,
                database=None,
                phases=(Phase.generate, Phase.shrink),
            ),
            random=Random(seed),  # noqa: S311  # repeatable on purpose
        )
    except NoSuchExample:
        return None
    except _Abandoned as abandoned:
        raise abandoned.cause from None
    return Counterexample(plan, trial.known[plan])


def rerun(examiner: Examiner, plan: ExamplePlan) -> Counterexample | None:
    """Examine one plan; None when it is without a finding. Raises as `search` does."""
    findings = examiner.examine(plan)
    return Counterexample(plan, findings) if findings else None


class _Abandoned(BaseException):
    """Not an Exception: Hypothesis would reduce that, though it is no finding."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(slots=True)
class _Trial:
    """Judges each plan once, and keeps the reduction on the rule that was broken first."""

    examiner: Examiner
    report: Report
    known: dict[ExamplePlan, Findings] = field(default_factory=dict)
    _rule: str = ""
    _reductions: int = 0

    def breaks_rule(self, plan: ExamplePlan) -> bool:
        findings = self.known.get(plan)
        if findings is None:
            findings = self._examine(plan)
            self.known[plan] = findings
        self._rule = self._rule or (findings[0].rule if findings else "")
        return any(finding.rule == self._rule for finding in findings)

    def _examine(self, plan: ExamplePlan) -> Findings:
        if self._rule:
            self._reductions += 1
            if self._reductions > MOST_REDUCTIONS:
                return ()
        try:
            return self.examiner.examine(plan)
        except Exception as problem:  # noqa: BLE001  # whatever it is, it is no finding
            problem.add_note(f"it happened in this plan:\n{plan.to_json()}")
            raise _Abandoned(problem) from None
        finally:
            self.report(self.examiner.plans, bool(self._rule))
