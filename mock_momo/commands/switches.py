"""`mock-momo switches`: where the fake can answer in more than one way."""

import click

from momo_contracts.switches import SWITCHES


@click.command()
def switches() -> None:
    """List the switches: their values, the default first; what they mean; who says so.

    \b
    Example:
      mock-momo switches
      mock-momo serve --switch reason_shape=object
    """
    for row in SWITCHES.values():
        click.echo(f"{row.name} = {' | '.join(row.values)}")
        click.echo(f"    {row.meaning}")
        click.echo(f"    {row.provenance}")
