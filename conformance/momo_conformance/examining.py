"""From a command line to a report: all that is done to one client."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain

from momo_conformance.catalogue import Level, load_catalogue
from momo_conformance.command import open_command
from momo_conformance.driver import Client
from momo_conformance.interleavings import INTERLEAVINGS
from momo_conformance.margin import measure_margin
from momo_conformance.plans import ExamplePlan
from momo_conformance.profile_card import profile_of
from momo_conformance.reports.report import Figures, Report
from momo_conformance.scenarios import SCENARIOS
from momo_conformance.search import search
from momo_conformance.suite import Suite, open_suite

Told = Callable[[str, int, int], None]
"""Told of each plan before it is run: its name, its number, how many there are."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to examine: `only` are prefixes of requirement ids, empty for all of them."""

    only: tuple[str, ...] = ()
    examples: int = 0
    seed: int = 0
    profile: str = "sandbox"

    def plans(self) -> tuple[ExamplePlan, ...]:
        """The directed plans, every one in the wanted profile unless it needs another."""
        chosen = (
            plan for plan in (*SCENARIOS, *INTERLEAVINGS) if not self.only or self._wants(plan)
        )
        return tuple(map(self._placed, chosen))

    def _wants(self, plan: ExamplePlan) -> bool:
        return plan.name.startswith(tuple(row.removeprefix("MOMO-") for row in self.only))

    def _placed(self, plan: ExamplePlan) -> ExamplePlan:
        if plan.settings.profile != "sandbox":
            return plan
        return replace(plan, settings=replace(plan.settings, profile=self.profile))


def examine_driver(command: str, wanted: Wanted, told: Told) -> Report:
    """Put the client behind a driver through everything. Raises ConformanceError, MockMomoError."""
    began = time.monotonic()
    with open_suite(command) as suite:
        client = suite.bench.subject.client
        _run(suite, wanted, told)
        return _report(suite, client, wanted, time.monotonic() - began)


def examine_command(command: str, wanted: Wanted, told: Told) -> Report:
    """Put a command through all plans that one can be told. Raises as `examine_driver`."""
    began = time.monotonic()
    wanted = replace(wanted, examples=0)
    with open_command(command) as suite:
        _run(suite, wanted, told)
        client = Client(command, "", "", frozenset(), {})
        return _report(suite, client, wanted, time.monotonic() - began)


def _run(suite: Suite, wanted: Wanted, told: Told) -> None:
    plans = wanted.plans()
    total = len(plans) + wanted.examples
    numbers = chain(range(1, total), iter(lambda: total, None))

    def report(plan: ExamplePlan) -> None:
        told(plan.name or "drawn", next(numbers), total)

    suite.take(plans, report)
    if wanted.examples:
        search(suite, wanted.examples, wanted.seed, report)


def _report(suite: Suite, client: Client, wanted: Wanted, wall_s: float) -> Report:
    ability = suite.ability
    is_measured = ability.level is not Level.L1 and not wanted.only
    margin_s = measure_margin(suite) if is_measured else None
    return Report(
        "client",
        client.name,
        ability.level,
        load_catalogue().version,
        suite.verdicts(),
        client.version,
        client.language,
        ability.views,
        Figures(
            plans=suite.plans,
            payments=suite.payments,
            calls=suite.calls,
            virtual_ms=suite.virtual_ms,
            wall_ms=round(wall_s * 1000),
            seed=wanted.seed if wanted.examples else None,
        ),
        profile_of(suite.histories, margin_s).shown,
    )
