"""`mock-momo replay`: a saved plan, once more."""

import sys
from pathlib import Path

import click

from mock_momo.testing import MockMomoError
from momo_conformance.ability import fitted
from momo_conformance.command import open_command
from momo_conformance.errors import ConformanceError, InvalidExample
from momo_conformance.plans import ExamplePlan
from momo_conformance.suite import RERUNS, Found, Suite, open_suite
from momo_conformance.verdicts import BROKEN, Outcome, Verdict

_BROKEN, _COULD_NOT_RUN = 1, 3


def _read_plan(_ctx: click.Context, _option: click.Parameter, path: Path) -> ExamplePlan:
    try:
        return ExamplePlan.from_json(path.read_text("utf-8", errors="replace"))
    except InvalidExample as problem:
        raise click.BadParameter(
            f"{path} holds no plan that --save has written: {problem}"
        ) from None
    except OSError as problem:
        raise click.BadParameter(f"{path} cannot be read: {problem.strerror}") from None


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
    breaks something else, or not every time.

    Exit codes: 0 FIXED, 1 STILL FAILS or CHANGED, 2 usage, 3 the client could not be run, or cannot
    do what the plan asks for.

    \b
    Example:
      mock-momo replay plans/MOMO-IDM-03.json --driver "node driver.js"
    """
    if (driver is None) == (command is None):
        raise click.UsageError("give either --driver or --command")
    opened = open_command(command or "") if driver is None else open_suite(driver)
    try:
        with opened as suite:
            broken = _broken(suite, plan)
    except (ConformanceError, MockMomoError) as problem:
        click.echo(f"mock-momo: {problem}", err=True)
        sys.exit(_COULD_NOT_RUN)
    click.echo(_told(plan, broken))
    for verdict in broken:
        click.echo(f"  {verdict.requirement.id} {verdict.told}: {verdict.why}")
        for line in verdict.trace.lines if verdict.trace else ():
            click.echo(f"    {line}")
    sys.exit(_BROKEN if broken else 0)


def _broken(suite: Suite, plan: ExamplePlan) -> list[Verdict]:
    """What some of the runs break. Raises InvalidExample when the plan is too much to ask."""
    (fit,) = fitted([plan], suite.ability)
    if not suite.can_take(fit):
        raise InvalidExample("this client cannot do what the plan asks for; replay it with another")
    histories = [suite.run(fit) for _ in range(RERUNS)]
    found = Found()
    for name in {name for history in histories for name in found.add(history, fit)}:
        found.confirm(name, histories, fit)
    return [row for row in found.tally.verdicts(suite.ability) if row.outcome in BROKEN]


def _told(plan: ExamplePlan, broken: list[Verdict]) -> str:
    if not broken:
        return "FIXED"
    saved_for = [row for row in broken if row.requirement.id == plan.breaks]
    is_same = bool(saved_for) and saved_for[0].outcome is Outcome.FAIL
    return "STILL FAILS" if is_same or not plan.breaks else "CHANGED"
