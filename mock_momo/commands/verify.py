"""`mock-momo verify [FILE]`: asks a running fake whether all went as expected."""

import sys
from pathlib import Path

import click

from mock_momo.commands.options import DEFAULT_HOST, DEFAULT_PORT, BrokenFile
from mock_momo.core.credentials import DEFAULT_NAMESPACE
from mock_momo.errors import InvalidScenario
from mock_momo.testing import Control, Verification, World

_UNVERIFIED = 4
_LONGEST_WAIT_S = 60


@click.command()
@click.argument("file", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
@click.option("--namespace", default=DEFAULT_NAMESPACE, show_default=True, metavar="NAME")
@click.option(
    "--url",
    default=f"http://{DEFAULT_HOST}:{DEFAULT_PORT}",
    envvar="MOCK_MOMO_URL",
    show_default=True,
    help="Where the fake is.",
)
@click.option(
    "--wait-s",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, _LONGEST_WAIT_S),
    help="Seconds that it may take until all is as expected.",
)
def verify(file: Path | None, namespace: str, url: str, wait_s: float) -> None:
    """Ask a running fake whether what a file expects has happened.

    Without a file it still asks whether every request was one of the API's and every callback was
    delivered. 0: all is well; 4: something is not, or cannot be decided; 3: no fake answers.

    \b
    Example:
      mock-momo verify expect.yaml --wait-s 5
    """
    expect = [] if file is None else _read(file)
    world = Control(url.rstrip("/")).find(namespace)
    found = world.verify(expect, wait_s=wait_s)
    _show(found, world)
    sys.exit(0 if found.is_ok else _UNVERIFIED)


def _read(file: Path) -> list[dict[str, object]]:
    from mock_momo.edge.documents.scenario_file import read_expectations  # noqa: PLC0415  # YAML takes a while

    try:
        return read_expectations(file)
    except InvalidScenario as broken:
        raise BrokenFile(str(broken)) from None


def _show(found: Verification, world: World) -> None:
    for finding in found.findings:
        told = finding.name if finding.status == "met" else finding.why
        click.echo(f"{finding.status:<10}  {told}")
    for problem in found.problems:
        click.echo(f"{'problem':<10}  {problem.kind.replace('_', ' ')}: {problem.why}")
    books = world.books()
    counted = ", ".join(f"{number} {state}" for state, number in sorted(books.payments.items()))
    requests = sum(books.calls.values())
    click.echo(
        f"{'books':<10}  {requests} requests; payments: {counted or 'none'}; "
        f"balance {books.balance} {books.currency}"
    )
