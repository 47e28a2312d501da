"""`mock-momo drive`: examine a client through its driver."""

import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from hypothesis.configuration import set_hypothesis_home_dir
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from mock_momo.testing import running_fake
from momo_conformance.driver import Client, Driver
from momo_conformance.errors import ConformanceError, DriverError
from momo_conformance.search import Counterexample, Examiner, Report, search

_BROKEN = 1
_COULD_NOT_RUN = 3
_HOUR_MS = 3_600_000


@click.command()
@click.option(
    "--driver",
    "command",
    required=True,
    metavar="CMD",
    help="Starts the client's driver; it speaks JSON lines on stdio.",
)
@click.option(
    "--examples", default=50, show_default=True, type=click.IntRange(1), help="Plans to run."
)
@click.option("--seed", type=int, help="The same seed draws the same plans.  [default: random]")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the least failing plan here.",
)
def drive(command: str, examples: int, seed: int | None, save: Path | None) -> None:
    """Examine a client through its driver: no payment lost, none doubled.

    Plans of payments, outcomes, passing time and expiring tokens are drawn and run against the
    fake in virtual time; a plan that the client does not survive is reduced to the least one.

    Exit codes: 0 nothing found, 1 a rule is broken, 2 usage, 3 the driver could not be run.

    \b
    Example:
      mock-momo drive --driver "python -m momo_client.driver" --seed 7
    """
    chosen = secrets.randbelow(2**32) if seed is None else seed
    try:
        client, examiner, found = _examine(command, examples, chosen)
    except ConformanceError as problem:
        notes = getattr(problem, "__notes__", ())
        click.echo("\n".join((f"mock-momo: {problem}", *notes)), err=True)
        sys.exit(_COULD_NOT_RUN)
    _summarise(client, examiner, chosen)
    if found is None:
        click.echo("nothing found: no payment lost, none doubled")
        return
    _show(found)
    if save is not None:
        _save(found, save)
    sys.exit(_BROKEN)


def _examine(
    command: str, examples: int, seed: int
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
            return client, examiner, search(examiner, examples, seed, report)


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


def _summarise(client: Client, examiner: Examiner, seed: int) -> None:
    table = Table(show_header=False, box=None)
    for row in (
        ("client", str(client)),
        ("plans", f"{examiner.plans} (seed {seed})"),
        ("payments", str(examiner.payments)),
        ("API calls", str(examiner.calls)),
        ("virtual time", f"{examiner.virtual_ms // _HOUR_MS} h"),
    ):
        table.add_row(*row)
    Console().print(table)


def _show(found: Counterexample) -> None:
    click.echo("\nthe least plan that breaks a rule:\n")
    click.echo(found.plan.to_json())
    click.echo("\nfindings:\n")
    for finding in found.findings:
        click.echo(f"  {finding}")


def _save(found: Counterexample, path: Path) -> None:
    try:
        path.write_text(found.plan.to_json() + "\n", encoding="utf-8")
    except OSError as problem:
        click.echo(f"mock-momo: cannot save the plan to {path}: {problem.strerror}", err=True)
    else:
        click.echo(f"saved to {path}")
