"""`check-now`: one checker round."""

from dataclasses import asdict

import click

from momo_client.commands.display import as_json_option, round_line, show_json
from momo_client.commands.session import configured_client
from momo_client.edge.checker import BlockingChecker


@click.command(short_help="Run one checker round over what is due.")
@as_json_option
def check_now(*, as_json: bool) -> None:
    """Ask once for up to MTN_CHECK_BATCH payments that are due, and settle what is final.

    \b
    Example:
      mock-momo client check-now
    """
    with configured_client() as client:
        summary = BlockingChecker(client).check_now()
    if as_json:
        show_json(asdict(summary))
    else:
        click.echo(round_line(summary))
