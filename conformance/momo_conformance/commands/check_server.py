"""`mock-momo check-server`: a server examined with requests, right and wrong ones."""

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from secrets import randbelow

import click
from rich.table import Table

from mock_momo.testing import MockMomoError
from momo_conformance.catalogue import Level, load_catalogue
from momo_conformance.commands.only_option import only_option
from momo_conformance.commands.progress import progress
from momo_conformance.commands.report_options import Outputs, deliver, report_options
from momo_conformance.commands.server_options import server_options
from momo_conformance.errors import ConformanceError, InvalidTarget
from momo_conformance.naming import is_meant
from momo_conformance.reports.report import Figures, Report
from momo_conformance.reports.terminal import Terminal
from momo_conformance.server.comparison import compare
from momo_conformance.server.examining import (
    Examined,
    Wanted,
    examine_server,
    most_calls,
    probes_for,
)
from momo_conformance.server.grounds import Ground
from momo_conformance.server.opening import Described, open_ground

_COULD_NOT_RUN = 3
_EXAMPLES = 20
_OWN_FAKE = "fake"


@click.command("check-server")
@server_options
@only_option(
    "Only what is made for these requirements, such as SRV-05; draws nothing.", is_server=True
)
@click.option(
    "--examples",
    default=_EXAMPLES,
    show_default=True,
    type=click.IntRange(0),
    help="Sequences of requests to draw and send beside the directed ones.",
)
@click.option("--seed", type=int, help="The same seed draws the same ones.  [default: random]")
@click.option(
    "--compare",
    "other",
    metavar="URL|fake",
    help="Ask another server the same, with the same keys, and show where replies differ.",
)
@report_options
def check_server(
    described: Described,
    outputs: Outputs,
    only: tuple[str, ...],
    examples: int,
    seed: int | None,
    other: str | None,
) -> None:
    """Examine a server of the MoMo API: a verdict for each requirement of servers.

    It is sent logins, payments and status reads, right and wrong ones, duplicates, sixteen at once,
    the published test numbers and drawn sequences. Beforehand it says how many calls it will make
    at the most, and to which host. A running fake gives worlds of its own for this; expiry and
    callbacks of other servers need --patient and --callback-url. docs/checking-servers.md tells
    more.

    Exit codes: 0 every MUST that can be exercised holds, 1 one does not, 2 usage, 3 the server
    could not be reached, 4 a MUST was not exercised, 5 a stale baseline.

    \b
    Example:
      mock-momo check-server
      mock-momo check-server --base-url https://sandbox.momodeveloper.mtn.com --compare fake
      mock-momo check-server --base-url http://127.0.0.1:8046 --only SRV-05 --html report.html
    """
    began = time.monotonic()
    wanted = Wanted(only, 0 if only else examples, randbelow(2**32) if seed is None else seed)
    with (
        _exit_codes(),
        open_ground(described) as ground,
        _open_second(described, ground, other) as second,
    ):
        found = _examine(ground, wanted)
        figures = _figures(found, wanted, time.monotonic() - began)
        code = deliver(_report(described, ground, found, wanted, figures), outputs)
        if second is not None:
            _compare(found, _examine(second, wanted), (ground.target.host, other or ""))
    sys.exit(code)


def _open_second(
    described: Described, first: Ground, other: str | None
) -> AbstractContextManager[Ground | None]:
    """The ground of the server that is asked the same, able to do what the first one is."""
    if other is None:
        return nullcontext()
    url = None if other == _OWN_FAKE else other
    return open_ground(replace(described, base_url=url, control=None), among=first.has)


def _examine(ground: Ground, wanted: Wanted) -> Examined:
    """Say what will be done, then do it."""
    probes = probes_for(ground, wanted)
    calls = most_calls(ground, probes)
    click.echo(f"mock-momo: at most {calls} calls to {ground.target.host}", err=True)
    with progress() as told:
        return examine_server(ground, probes, told)


def _figures(found: Examined, wanted: Wanted, wall_s: float) -> Figures:
    return Figures(
        plans=len(found.logs),
        calls=found.calls,
        wall_ms=round(wall_s * 1000),
        seed=wanted.seed if wanted.examples else None,
    )


def _report(
    described: Described, ground: Ground, found: Examined, wanted: Wanted, figures: Figures
) -> Report:
    """The report; of a part of the requirements where only those were wanted."""
    verdicts = tuple(row for row in found.verdicts if is_meant(row.requirement.id, wanted.only))
    server = f" --base-url {described.base_url}" if described.base_url else ""
    replays = {
        row.requirement.id: f"mock-momo check-server{server} --only {row.requirement.id}"
        for row in verdicts
    }
    return Report(
        "server",
        ground.target.host if described.base_url else "mock-momo serve",
        Level.SERVER,
        load_catalogue().version,
        verdicts,
        figures=figures,
        replays=replays,
    )


def _compare(one: Examined, other: Examined, names: tuple[str, str]) -> None:
    """Print a table of what differs."""
    count, rows = compare(one.logs, other.logs)
    title = f"{len(rows)} kinds of difference in {count} replies"
    table = Table("asked", *names, "times", title=title, show_lines=True)
    for row in rows:
        table.add_row(row.asked, row.one, row.other, str(row.times))
    Terminal().print(table)


@contextmanager
def _exit_codes() -> Iterator[None]:
    """What kept the server from being examined, as the end of the command."""
    try:
        yield
    except InvalidTarget as problem:
        raise click.UsageError(str(problem)) from None
    except (ConformanceError, MockMomoError) as problem:
        click.echo(f"mock-momo: {problem}", err=True)
        sys.exit(_COULD_NOT_RUN)
