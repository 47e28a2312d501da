"""From a command line to a report: all that is done to one client."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import chain, repeat

from momo_conformance.ability import beyond
from momo_conformance.catalogue import load_catalogue
from momo_conformance.command import open_command
from momo_conformance.errors import DriverError, told_whole
from momo_conformance.interleavings import INTERLEAVINGS
from momo_conformance.margin import measure_margin
from momo_conformance.naming import is_meant
from momo_conformance.plans import ExamplePlan
from momo_conformance.profile_card import profile_of
from momo_conformance.reports.report import Figures, Report
from momo_conformance.scenarios import SCENARIOS
from momo_conformance.search import search
from momo_conformance.sharing import taken_beside
from momo_conformance.suite import Found, Suite, open_suite
from momo_conformance.verdicts import BROKEN, Outcome, Verdict

Told = Callable[[str, int, int], None]
"""Told of each plan before it is run: its name, its number, how many there are."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to examine: `only` are prefixes of requirement ids, empty for all of them.

    `jobs` is how many drivers work side by side.
    """

    only: tuple[str, ...] = ()
    examples: int = 0
    seed: int = 0
    profile: str = "sandbox"
    jobs: int = 2

    def plans(self) -> tuple[ExamplePlan, ...]:
        """The directed plans, every one in the wanted profile unless it needs another."""
        chosen = (plan for plan in (*SCENARIOS, *INTERLEAVINGS) if is_meant(plan.name, self.only))
        return tuple(map(self._placed, chosen))

    def verdicts(self, found: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        """Those on what was asked for, and every breach."""
        return tuple(
            row for row in found if row.outcome in BROKEN or is_meant(row.requirement.id, self.only)
        )

    def _placed(self, plan: ExamplePlan) -> ExamplePlan:
        if plan.settings.profile != "sandbox":
            return plan
        return replace(plan, settings=replace(plan.settings, profile=self.profile))


@dataclass(frozen=True, slots=True)
class Named:
    """Who is examined, as far as it says."""

    name: str
    version: str = ""
    language: str = ""


def examine_driver(command: str, wanted: Wanted, told: Told) -> Report:
    """Put the client behind a driver through everything; `jobs` drivers work side by side.

    A driver that breaks the protocol midway, or dies too often, cuts the report short. Raises
    ConformanceError when nothing was examined, and MockMomoError.
    """
    began = time.monotonic()
    plans = wanted.plans()
    report = _teller(len(plans) + wanted.examples, told)
    with open_suite(command) as suite:
        margin_s, cut_short = None, ""
        try:
            with taken_beside(suite, command, plans, report, wanted.jobs) as take_rest:
                if wanted.examples:
                    search(suite, wanted.examples, wanted.seed, report)
                take_rest()
            margin_s = None if wanted.only else measure_margin(suite)
            suite.end()
        except DriverError as problem:
            if not suite.found.plans:
                raise
            cut_short = told_whole(problem)
        client = suite.bench.subject.client
        named = Named(client.name, client.version, client.language)
        found = _report(suite, named, wanted, time.monotonic() - began, margin_s)
        return replace(found, cut_short=cut_short)


def examine_command(command: str, wanted: Wanted, told: Told) -> Report:
    """Run a command for every plan that it can be told of. Raises likewise.

    Nothing is drawn. What its traffic happens not to show is not held against it.
    """
    began = time.monotonic()
    wanted = replace(wanted, examples=0)
    with open_command(command) as suite:
        suite.take(wanted.plans(), _teller(len(wanted.plans()), told))
        report = _report(suite, Named(command), wanted, time.monotonic() - began)
        return replace(report, expects_all=False)


def _teller(total: int, told: Told) -> Callable[[ExamplePlan], None]:
    numbers = chain(range(1, total), repeat(total))

    def report(plan: ExamplePlan) -> None:
        told(plan.name or "drawn", next(numbers), total)

    return report


def _within_reach(suite: Suite, plans: tuple[ExamplePlan, ...]) -> tuple[Verdict, ...]:
    """The verdicts; what no plan could show of this client is not called its omission."""
    needs = beyond(suite.ability, plans)
    return tuple(
        replace(row, outcome=Outcome.UNTESTABLE, why=needs[row.requirement.id])
        if row.outcome is Outcome.NOT_EXERCISED and row.requirement.id in needs
        else row
        for row in suite.verdicts()
    )


def _deaths(found: Found) -> Mapping[str, str]:
    told = found.told_of_deaths
    return {"deaths of the driver": told} if told else {}


def _report(
    suite: Suite, named: Named, wanted: Wanted, wall_s: float, margin_s: int | None = None
) -> Report:
    ability, found = suite.ability, suite.found
    return Report(
        "client",
        named.name,
        ability.level,
        load_catalogue().version,
        wanted.verdicts(_within_reach(suite, wanted.plans())),
        named.version,
        named.language,
        ability.views,
        Figures(
            plans=found.plans,
            payments=found.payments,
            calls=found.calls,
            virtual_ms=found.virtual_ms,
            wall_ms=round(wall_s * 1000),
            seed=wanted.seed if wanted.examples else None,
        ),
        {**profile_of(found.histories, margin_s).shown, **_deaths(found)},
    )
