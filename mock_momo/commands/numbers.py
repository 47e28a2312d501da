"""`mock-momo numbers`: the test values that choose an answer."""

import click

from mock_momo.core.numbers import choosing_values
from momo_contracts.profiles import PROFILES


@click.command()
@click.option(
    "--profile",
    default="sandbox",
    envvar="MOCK_MOMO_PROFILE",
    metavar="NAME",
    show_default=True,
    type=click.Choice(list(PROFILES)),
    help="Whose twins of the sandbox's numbers are listed too.",
)
def numbers(profile: str) -> None:
    """List the test values that choose an answer: numbers, addresses, codes, amounts.

    The first column is the resource that is asked; any other value succeeds. What no value
    selects (a refund's scenarios, a balance's) a rule does.

    \b
    Example:
      mock-momo numbers --profile mtnzambia
    """
    rows = list(choosing_values(PROFILES[profile].environment.name))
    width = max(len(row.resource) for row in rows)
    value_width = max(len(row.value) for row in rows)
    for row in rows:
        click.echo(f"{row.resource:<{width}}  {row.value:<{value_width}}  {row.answer}")
