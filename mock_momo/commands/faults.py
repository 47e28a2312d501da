"""`mock-momo faults`: every misery that a rule can name."""

from dataclasses import fields

import click

from mock_momo.core.faults import FAULTS


@click.command()
def faults() -> None:
    """List the faults that rules can name, with their parameters.

    \b
    Example:
      mock-momo faults
    """
    width = max(len(fault.name) for fault in FAULTS)
    for fault in FAULTS:
        names = ", ".join(row.name for row in fields(fault))  # type: ignore[arg-type]  # every fault is a dataclass
        known = f" ({names})" if names else ""
        click.echo(f"{fault.name:<{width}}  {fault.summary}{known}")
