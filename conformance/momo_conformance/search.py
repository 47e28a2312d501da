"""The search for plans that a client does not survive, each reduced to the least one."""

from dataclasses import dataclass, field
from random import Random

from hypothesis import Phase, find
from hypothesis import settings as search_settings
from hypothesis.errors import NoSuchExample

from momo_conformance.plans import ExamplePlan
from momo_conformance.strategies import example_plans
from momo_conformance.suite import Report, Suite

MOST_REDUCTIONS = 200
"""How many smaller plans are tried once one has been found."""


def search(suite: Suite, examples: int, seed: int, report: Report = lambda _: None) -> None:
    """Draw and judge so many plans. The same seed, the same plans.

    A plan that breaks what no plan before it has broken is reduced and looked at more closely.
    Raises ConformanceError and MockMomoError when a plan could not be judged.
    """
    random = Random(seed)  # noqa: S311  # repeatable on purpose
    while examples > 0:
        trial = _Trial(suite, report)
        try:
            least = find(
                example_plans(suite.ability),
                trial.breaks_more,
                settings=search_settings(
                    max_examples=examples,
                    deadline=None,
                    database=None,
                    phases=(Phase.generate, Phase.shrink),
                ),
                random=Random(random.random()),  # noqa: S311  # likewise
            )
        except NoSuchExample:
            return
        except _Abandoned as abandoned:
            raise abandoned.cause from None
        suite.confirm(least, trial.requirement)
        examples -= trial.drawn


class _Abandoned(BaseException):
    """Not an Exception: Hypothesis would reduce that, though it is no finding."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(slots=True)
class _Trial:
    """Judges each plan once, and keeps the reduction on the requirement that was broken first."""

    suite: Suite
    report: Report
    requirement: str = ""
    drawn: int = 0
    _reductions: int = 0
    _known: dict[str, bool] = field(default_factory=dict)

    def breaks_more(self, plan: ExamplePlan) -> bool:
        key = plan.to_json()
        if key not in self._known:
            self._known[key] = self._breaks(plan)
        return self._known[key]

    def _breaks(self, plan: ExamplePlan) -> bool:
        try:
            if self.requirement:
                self._reductions += 1
                within = self._reductions <= MOST_REDUCTIONS
                return within and self.suite.breaks(plan, self.requirement)
            self.drawn += 1
            self.report(plan)
            more = self.suite.breaks_first(plan)
        except Exception as problem:  # noqa: BLE001  # whatever it is, it is no finding
            problem.add_note(f"it happened in this plan:\n{plan.to_json()}")
            raise _Abandoned(problem) from None
        self.requirement = more
        return bool(more)
