"""`mock-momo fidelity`: what the fake does because MTN does, and what it assumes."""

import json

import click

from mock_momo.core.fidelity import behaviours, describe
from momo_contracts.fidelity import Basis, Row


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead.")
@click.option(
    "--only",
    type=click.Choice([basis.value for basis in Basis]),
    multiple=True,
    help="Only what rests on this, in part or whole; may be given again.",
)
def fidelity(as_json: bool, only: tuple[str, ...]) -> None:  # noqa: FBT001  # a flag of click's
    """List each behaviour of the fake: what it rests on, and who says so.

    documented: MTN says so. observed: a reply was recorded. reported: somebody says so. assumed:
    nobody knows. mission: the fake's own, or wanted by the client that it was made for.

    \b
    Example:
      mock-momo fidelity --only assumed
      mock-momo fidelity --json
    """
    rows = behaviours(only)
    click.echo(json.dumps(describe(rows), indent=2) if as_json else _table(rows))


def _table(rows: list[Row]) -> str:
    lines = [(row.subject, row.behaviour, ", ".join(row.bases), row.source) for row in rows]
    first, second, third = (max((len(line[at]) for line in lines), default=0) for at in range(3))
    return "\n".join(
        f"{subject:<{first}}  {behaviour:<{second}}  {bases:<{third}}  {source}"
        for subject, behaviour, bases, source in lines
    )
