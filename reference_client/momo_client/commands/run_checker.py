"""`run-checker`: the checker as a service."""

import signal
from datetime import UTC, datetime
from types import FrameType

import click

from momo_client.commands.display import round_line
from momo_client.commands.session import configured_client
from momo_client.core.flows import Round
from momo_client.edge.checker import BlockingChecker


@click.command(short_help="Check pending payments until stopped.")
def run_checker() -> None:
    """Check what is due every MTN_CHECK_INTERVAL_S, one line per round, until SIGTERM or Ctrl-C.

    A round that has begun is finished. Any number of checkers may share a ledger.

    \b
    Example:
      mock-momo client run-checker
    """
    with configured_client() as client:
        checker = BlockingChecker(client, _report)

        def stop(_number: int, _frame: FrameType | None) -> None:
            checker.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        checker.run()
    click.echo("stopped")


def _report(summary: Round) -> None:
    click.echo(f"{datetime.now(UTC):%H:%M:%S} {round_line(summary)}")
