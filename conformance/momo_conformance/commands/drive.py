"""`mock-momo drive`: a client examined through its driver, or by one command a scenario."""

import secrets
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from mock_momo.testing import MockMomoError
from momo_conformance.commands.ending import ended_in_order
from momo_conformance.commands.only_option import only_option
from momo_conformance.commands.profile_option import profile_option
from momo_conformance.commands.progress import progress
from momo_conformance.commands.report_options import (
    Outputs,
    deliver,
    refuse_unwritable,
    report_options,
)
from momo_conformance.errors import (
    ConformanceError,
    InvalidCommand,
    UnwritableReport,
    told_whole,
)
from momo_conformance.examining import Wanted, examine_command, examine_driver
from momo_conformance.reports.printable import printable_lines
from momo_conformance.reports.report import Report
from momo_conformance.reports.save import save_plans

_COULD_NOT_RUN = 3
_EXAMPLES = 50


@click.command()
@click.option(
    "--driver", metavar="CMD", help="Starts the client's driver; it speaks JSON lines on stdio."
)
@click.option(
    "--command",
    metavar="CMD",
    help="Instead of a driver: is run once a scenario, with the base URL behind it.",
)
@only_option(
    "Only what is made for these requirements, such as TOK or IDM-03; draws none.", is_server=False
)
@click.option(
    "--examples",
    default=_EXAMPLES,
    show_default=True,
    type=click.IntRange(0),
    help="Plans to draw and run beside the directed ones.",
)
@click.option("--seed", type=int, help="The same seed draws the same plans.  [default: random]")
@profile_option("The environment that plans run in unless they need another one.")
@click.option(
    "--jobs",
    default=2,
    show_default=True,
    type=click.IntRange(1, 16),
    help="Drivers that work side by side.",
)
@click.option(
    "--save",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the least plan of each failure here, for `mock-momo replay`.",
)
@click.option("--check-driver", is_flag=True, help="Test the driver itself, not its client.")
@report_options
def drive(  # noqa: PLR0913  # click passes one argument per option
    *,
    outputs: Outputs,
    driver: str | None,
    command: str | None,
    only: tuple[str, ...],
    examples: int,
    seed: int | None,
    profile: str,
    jobs: int,
    save: Path | None,
    check_driver: bool,
) -> None:
    """Examine a client through its driver: a verdict for each requirement.

    Directed plans, every order of one payment's events, and drawn plans are run against the fake in
    virtual time, each in a world of its own. What breaks a requirement is reduced to the least plan
    and run five times. docs/driver.md says how to write a driver, in any language.

    Exit codes: 0 every MUST that can be exercised holds, 1 one does not, 2 usage, 3 the driver
    could not be run or broke the protocol, 4 a MUST was not exercised, 5 a stale baseline.

    \b
    Example:
      mock-momo drive --driver "python -m momo_client.driver" --html report.html
      mock-momo drive --driver "node driver.js" --only IDM --save plans
      mock-momo drive --driver "node driver.js" --check-driver
      mock-momo drive --command "php pay.php"
    """
    if (driver is None) == (command is None):
        raise click.UsageError("give either --driver or --command")
    wanted = Wanted(only, 0 if only else examples, _seed(seed), profile, jobs)
    if check_driver:
        sys.exit(_show_driver(driver))
    if save:
        refuse_unwritable(save / "plan.json", "--save")
    client = ("--command", command or "") if driver is None else ("--driver", driver)
    report, unwritten = _saved(_examined(*client, wanted), save, shlex.join(client))
    sys.exit(_delivered(report, outputs, unwritten))


def _delivered(report: Report, outputs: Outputs, unwritten: str) -> int:
    """Show it and write it; returns the code to end with."""
    if not report.cut_short:
        return deliver(report, outputs, unwritten)
    unsigned = replace(outputs, owner=None)  # nobody signs for what was not looked at
    code = deliver(report, unsigned, unwritten)
    _complain(report.cut_short)
    return code


def _examined(option: str, words: str, wanted: Wanted) -> Report:
    examine = examine_command if option == "--command" else examine_driver
    with _exit_codes(option), progress() as told:
        return examine(words, wanted, told)


def _seed(seed: int | None) -> int:
    return secrets.randbelow(2**32) if seed is None else seed


def _show_driver(command: str | None) -> int:
    from momo_conformance.driver_check import check_driver  # noqa: PLC0415  # for this flag alone

    if command is None:
        raise click.UsageError("--check-driver needs --driver")
    with _exit_codes("--driver"):
        lines = check_driver(command)
    for line in lines:
        click.echo(printable_lines(str(line)))
    return 0 if all(line.is_right for line in lines) else _COULD_NOT_RUN


def _saved(report: Report, folder: Path | None, client: str) -> tuple[Report, str]:
    """The report with the command that runs each saved plan again, or why none could be saved."""
    if folder is None:
        return report, ""
    try:
        paths = save_plans(report, folder)
    except UnwritableReport as problem:
        return report, str(problem)
    replays = {
        name: f"mock-momo replay {shlex.quote(str(path))} {client}" for name, path in paths.items()
    }
    return replace(report, replays=replays), ""


@contextmanager
def _exit_codes(option: str) -> Iterator[None]:
    """What kept the client from being examined, as the end of the command."""
    try:
        with ended_in_order():
            yield
    except InvalidCommand as problem:
        raise click.BadParameter(str(problem), param_hint=option) from None
    except (ConformanceError, MockMomoError) as problem:
        _complain(told_whole(problem))
        sys.exit(_COULD_NOT_RUN)


def _complain(told: str) -> None:
    click.echo(printable_lines(f"mock-momo: {told}"), err=True)
