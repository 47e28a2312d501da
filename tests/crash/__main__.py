"""`python -m tests.crash`: kill the client at every step and at random; both books must agree.

Exit codes: 0 they do, 2 usage, 3 it could not run, 4 they do not.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

import click
from rich.console import Console
from rich.table import Table

from tests.crash.enumeration import enumerate_kills
from tests.crash.load import kill_at_random
from tests.crash.places import Places, places
from tests.crash.scenarios import SCENARIOS
from tests.postgres import missing

DATABASES = ("sqlite", "postgresql")
CONSOLE = Console(soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Where there is no list of boundaries there is what was paid."""

    database: str
    what: str
    boundaries: str
    kills: int
    findings: tuple[str, ...]
    seconds: float


@click.command()
@click.option("--database", type=click.Choice(DATABASES), help="One of them; else both.")
@click.option("--random", "kills", default=200, show_default=True, help="So many kills under load.")
@click.option("--seed", default=1, show_default=True, help="Of the load's faults and its kills.")
def main(database: str | None, kills: int, seed: int) -> None:
    """Kill the client at every boundary of its I/O, then at random under load."""
    chosen = [database] if database else DATABASES
    if "postgresql" in chosen and (reason := missing()):
        CONSOLE.print(reason, markup=False)
        sys.exit(3)
    rows = [row for name in chosen for row in _rows(name, kills, seed)]
    _show(rows)
    sys.exit(4 if any(row.findings for row in rows) else 0)


def _rows(database: str, kills: int, seed: int) -> Iterator[Row]:
    with places(database) as ground:
        for scenario in SCENARIOS:
            if database in scenario.databases:
                began_s = monotonic()
                done = enumerate_kills(ground, scenario)
                what, reached = scenario.name, str(done.boundaries)
                yield _told(database, what, reached, done.kills, tuple(done.findings), began_s)
        if kills:
            yield _row_of_load(ground, database, kills, seed)


def _row_of_load(ground: Places, database: str, kills: int, seed: int) -> Row:
    began_s = monotonic()
    with CONSOLE.status("") as status:
        done = kill_at_random(
            ground, kills, seed, lambda count: status.update(f"{database}: {count} of {kills}")
        )
    paid = f"{sum(done.payments.values())} payments"
    return _told(database, "at random, under load", paid, done.kills, done.findings, began_s)


def _told(
    database: str,
    what: str,
    boundaries: str,
    kills: int,
    findings: tuple[str, ...],
    began_s: float,
) -> Row:
    row = Row(database, what, boundaries, kills, findings, monotonic() - began_s)
    CONSOLE.print(f"{database}: {what}: {kills} kills in {row.seconds:.0f} s, {_verdict(row)}")
    for finding in findings:
        CONSOLE.print(f"  {finding}", markup=False)
    return row


def _show(rows: list[Row]) -> None:
    table = Table("database", "scenario", box=None)
    for heading in ("boundaries", "kills", "seconds"):
        table.add_column(heading, justify="right")
    table.add_column("verdict")
    for row in rows:
        figures = (row.boundaries, str(row.kills), f"{row.seconds:.0f}")
        table.add_row(row.database, row.what, *figures, _verdict(row))
    CONSOLE.print(table)
    kills, taken_s = sum(row.kills for row in rows), sum(row.seconds for row in rows)
    CONSOLE.print(f"{kills} kills in {taken_s:.0f} s")


def _verdict(row: Row) -> str:
    return f"[red]{len(row.findings)} findings[/]" if row.findings else "[green]books agree[/]"


if __name__ == "__main__":
    main()
