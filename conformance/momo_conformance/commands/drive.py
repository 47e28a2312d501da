"""`mock-momo drive`: examine a client through its driver."""

import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from hypothesis.configuration import set_hypothesis_home_dir
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from mock_momo.testing import running_fake
from momo_conformance.driver import Client, Driver
from momo_conformance.errors import ConformanceError, DriverError, InvalidCommand, InvalidExample
from momo_conformance.examination import REST
from momo_conformance.plans import ExamplePlan
from momo_conformance.search import Counterexample, Examiner, Report, rerun, search

_BROKEN = 1
_COULD_NOT_RUN = 3
_HOUR_MS = 3_600_000
_EXAMPLES = 50

Hunt = Callable[[Examiner, Report], Counterexample | None]


def _read_plan(
    _ctx: click.Context, _option: click.Parameter, path: Path | None
) -> ExamplePlan | None:
    if path is None:
        return None
    try:
        return ExamplePlan.from_json(path.read_text("utf-8", errors="replace"))
    except InvalidExample as problem:
        raise click.BadParameter(
            f"{path} holds no plan that --save has written: {problem}"
        ) from None
    except OSError as problem:
        raise click.BadParameter(f"{path} cannot be read: {problem.strerror}") from None


def _check_folder(_ctx: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    """Refuse now what could not be written after a search of minutes."""
    if path is not None and not os.access(path.absolute().parent, os.W_OK):
        raise click.BadParameter(f"{path.absolute().parent} is no folder that can be written to")
    return path


@click.command()
@click.option(
    "--driver",
    required=True,
    metavar="CMD",
    help="Starts the client's driver; it speaks JSON lines on stdio.",
)
@click.option(
    "--examples",
    type=click.IntRange(1),
    help=f"Plans to draw and run.  [default: {_EXAMPLES}]",
)
@click.option("--seed", type=int, help="The same seed draws the same plans.  [default: random]")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_check_folder,
    help="Write the least failing plan here.",
)
@click.option(
    "--plan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_read_plan,
    help="Run this saved plan alone; draw none.",
)
def drive(
    driver: str, examples: int | None, seed: int | None, save: Path | None, plan: ExamplePlan | None
) -> None:
    """Examine a client through its driver: no payment lost, none doubled.

    Plans of payments, outcomes, passing time and expiring tokens are drawn and run against the
    fake in virtual time; a plan that the client does not survive is reduced to the least one.
    docs/driver.md says how to write a driver, in any language.

    Exit codes: 0 nothing found, 1 a rule is broken, 2 usage, 3 the driver could not be run.

    \b
    Example:
      mock-momo drive --driver "python -m momo_client.driver" --seed 7
      mock-momo drive --driver "node driver.js" --save plan.json
      mock-momo drive --driver "node driver.js" --plan plan.json
    """
    if plan and (examples or seed is not None or save):
        raise click.UsageError("--plan goes without --examples, --seed and --save")
    drawn, chosen = examples or _EXAMPLES, secrets.randbelow(2**32) if seed is None else seed

    def hunt(examiner: Examiner, report: Report) -> Counterexample | None:
        return rerun(examiner, plan) if plan else search(examiner, drawn, chosen, report)

    with _exit_codes():
        client, examiner, found = _examine(driver, hunt, drawn)
    _summarise(client, examiner, "as saved" if plan else f"seed {chosen}")
    if found is None:
        click.echo("nothing found: no payment lost, none doubled")
        return
    _show(found, "the plan" if plan else "the least plan that breaks a rule")
    if save is not None:
        _save(found, save)
    sys.exit(_BROKEN)


@contextmanager
def _exit_codes() -> Iterator[None]:
    """What kept the client from being examined, as the end of the command."""
    try:
        yield
    except InvalidCommand as problem:
        raise click.BadParameter(str(problem), param_hint="--driver") from None
    except ConformanceError as problem:
        notes = getattr(problem, "__notes__", ())
        click.echo("\n".join((f"mock-momo: {problem}", *notes)), err=True)
        sys.exit(_COULD_NOT_RUN)


def _examine(
    command: str, hunt: Hunt, examples: int
) -> tuple[Client, Examiner, Counterexample | None]:
    with tempfile.TemporaryDirectory() as directory, Driver(command) as driver:
        set_hypothesis_home_dir(directory)  # else it leaves a folder in the user's project
        client = driver.introduce()
        if not (client.has_clock and client.has_ledger):
            raise DriverError(
                f'{client} cannot be examined: its caps must be "clock": "inject" and '
                '"ledger": true'
            )
        with running_fake() as fake, _progress(examples) as report:
            examiner = Examiner(fake, driver, Path(directory))
            return client, examiner, hunt(examiner, report)


@contextmanager
def _progress(examples: int) -> Iterator[Report]:
    """A bar on a terminal, silence elsewhere."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("examining", total=examples)

        def report(plans: int, is_reducing: bool) -> None:  # noqa: FBT001  # a Report
            if is_reducing:
                progress.update(task, description="reducing", total=None)
            else:
                progress.update(task, completed=plans)

        yield report


def _summarise(client: Client, examiner: Examiner, origin: str) -> None:
    table = Table(show_header=False, box=None)
    for row in (
        ("client", str(client)),
        ("plans", f"{examiner.plans} ({origin})"),
        ("payments", str(examiner.payments)),
        ("API calls", str(examiner.calls)),
        ("virtual time", f"{examiner.virtual_ms // _HOUR_MS} h"),
    ):
        table.add_row(*row)
    Console().print(table)


def _show(found: Counterexample, title: str) -> None:
    click.echo(f"\n{title}:\n\n{found.plan.to_json()}\n\n{REST}")
    click.echo("\nfindings:\n")
    for finding in found.findings:
        click.echo(f"  {finding}")


def _save(found: Counterexample, path: Path) -> None:
    try:
        path.write_text(found.plan.to_json() + "\n", encoding="utf-8")
    except OSError as problem:
        click.echo(f"mock-momo: cannot save the plan to {path}: {problem.strerror}", err=True)
    else:
        click.echo(f"\nsaved; to run it alone: --plan {path}")
