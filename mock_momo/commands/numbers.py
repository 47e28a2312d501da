"""`mock-momo numbers`: the payers that choose an outcome."""

import click

from mock_momo.core.numbers import TEST_NUMBERS


@click.command()
@click.option(
    "--environment",
    default="sandbox",
    envvar="MOCK_MOMO_ENVIRONMENT",
    metavar="NAME",
    show_default=True,
    type=click.Choice(list(TEST_NUMBERS)),
    help="Target environment, whose twins are listed too.",
)
def numbers(environment: str) -> None:
    """List the payer numbers that choose an outcome, each with its plan and its source.

    \b
    Example:
      mock-momo numbers --environment mtnzambia
    """
    rows = TEST_NUMBERS[environment].values()
    width = max(len(row.number) for row in rows)
    plan_width = max(len(str(row.plan)) for row in rows)
    for row in rows:
        click.echo(f"{row.number:<{width}}  {row.plan!s:<{plan_width}}  {row.source}")
