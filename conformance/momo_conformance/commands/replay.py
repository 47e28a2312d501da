"""`mock-momo replay`: a saved plan, once more."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from mock_momo.testing import MockMomoError
from momo_conformance.ability import fitted
from momo_conformance.catalogue import Level, load_catalogue
from momo_conformance.command import open_command
from momo_conformance.commands.ending import ended_in_order
from momo_conformance.engine import judge
from momo_conformance.errors import ConformanceError, InvalidExample, told_whole
from momo_conformance.history import History
from momo_conformance.naming import closest
from momo_conformance.plans import ExamplePlan
from momo_conformance.reports.printable import printable, printable_lines
from momo_conformance.suite import RERUNS, Found, Suite, open_suite
from momo_conformance.verdicts import BROKEN, Outcome, Verdict

_FIXED, _BROKEN, _COULD_NOT_RUN, _NOT_EXERCISED = 0, 1, 3, 4


@dataclass(frozen=True, slots=True)
class _Replayed:
    """What some of the runs break, and why they show nothing; the latter is empty when they do."""

    broken: tuple[Verdict, ...]
    unseen: str


def _read_plan(_ctx: click.Context, _option: click.Parameter, path: Path) -> ExamplePlan:
    try:
        plan = ExamplePlan.from_json(path.read_text("utf-8", errors="replace"))
        _refuse_empty(plan)
    except InvalidExample as problem:
        raise click.BadParameter(
            f"{path} holds no plan that --save has written: {problem}"
        ) from None
    except OSError as problem:
        raise click.BadParameter(f"{path} cannot be read: {problem.strerror}") from None
    return plan


def _refuse_empty(plan: ExamplePlan) -> None:
    """Raises InvalidExample for a plan that can show nothing."""
    if not plan.steps:
        raise InvalidExample("it has no steps; nothing would be done")
    rows = [row for row in load_catalogue().requirements if row.least is not Level.SERVER]
    if plan.breaks and plan.breaks not in {row.id for row in rows}:
        close = closest(plan.breaks, rows)
        hint = f"did you mean MOMO-{close}?" if close else "docs/requirements.md lists them"
        raise InvalidExample(f"'breaks' is {plan.breaks!r}, no requirement of a client; {hint}")


@click.command()
@click.argument(
    "plan",
    metavar="PLAN",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_read_plan,
)
@click.option("--driver", metavar="CMD", help="Starts the client's driver.")
@click.option("--command", metavar="CMD", help="Instead of a driver, as `drive` takes it.")
def replay(plan: ExamplePlan, driver: str | None, command: str | None) -> None:
    """Run a plan that `drive --save` has written, five times, and say what has become of it.

    FIXED: it breaks nothing any more. STILL FAILS: it breaks what it was saved for. CHANGED: it
    breaks something else, or not every time. NOT EXERCISED: it breaks nothing, but in some run what
    it was saved for did not happen, so that it proves nothing.

    Exit codes: 0 FIXED, 1 STILL FAILS or CHANGED, 2 usage, 3 the client could not be run, or cannot
    do what the plan asks for, 4 NOT EXERCISED.

    \b
    Example:
      mock-momo replay plans/MOMO-IDM-03.json --driver "node driver.js"
    """
    if (driver is None) == (command is None):
        raise click.UsageError("give either --driver or --command")
    opened = open_command(command or "") if driver is None else open_suite(driver)
    try:
        with ended_in_order(), opened as suite:
            replayed = _replayed(suite, plan)
    except (ConformanceError, MockMomoError) as problem:
        click.echo(printable_lines(f"mock-momo: {told_whole(problem)}"), err=True)
        sys.exit(_COULD_NOT_RUN)
    sys.exit(_show(plan, replayed))


def _show(plan: ExamplePlan, replayed: _Replayed) -> int:
    """Say what has become of it; returns the exit code."""
    if not replayed.broken and replayed.unseen:
        click.echo(printable_lines(f"NOT EXERCISED\n  {replayed.unseen}"))
        return _NOT_EXERCISED
    click.echo(_told(plan, replayed.broken))
    for verdict in replayed.broken:
        click.echo(printable(f"  {verdict.requirement.id} {verdict.told}: {verdict.why}"))
        for line in verdict.trace.lines if verdict.trace else ():
            click.echo(printable(f"    {line}"))
    return _BROKEN if replayed.broken else _FIXED


def _replayed(suite: Suite, plan: ExamplePlan) -> _Replayed:
    """What the runs show. Raises InvalidExample when the plan is too much to ask."""
    (fit,) = fitted([plan], suite.ability)
    if not suite.can_take(fit):
        raise InvalidExample("this client cannot do what the plan asks for; replay it with another")
    histories = [suite.run(fit) for _ in range(RERUNS)]
    found = Found()
    for name in {name for history in histories for name in found.add(history, fit)}:
        found.confirm(name, histories, fit)
    rows = found.tally.verdicts(suite.ability)
    broken = tuple(row for row in rows if row.outcome in BROKEN)
    return _Replayed(broken, _unseen(plan, histories, suite.found))


def _unseen(plan: ExamplePlan, histories: Sequence[History], found: Found) -> str:
    """Why the runs do not show what the plan is for; empty when every one of them does."""
    row = load_catalogue().by_id.get(plan.breaks or plan.made_for)
    seen = [judge(history) for history in histories]
    times = sum(bool(sightings if row is None else row.id in sightings) for sightings in seen)
    if times == len(histories):
        return ""
    what = f"{row.id} was" if row else "something was"
    not_seen = f"; not seen: {row.trigger}" if row else ""
    deaths = f"\n  deaths of the driver: {found.told_of_deaths}" if found.deaths else ""
    return f"{what} exercised in {times} of {len(histories)} runs{not_seen}{deaths}"


def _told(plan: ExamplePlan, broken: tuple[Verdict, ...]) -> str:
    if not broken:
        return "FIXED"
    saved_for = [row for row in broken if row.requirement.id == plan.breaks]
    is_same = bool(saved_for) and saved_for[0].outcome is Outcome.FAIL
    return "STILL FAILS" if is_same or not plan.breaks else "CHANGED"
