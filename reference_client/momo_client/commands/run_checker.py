"""`run-checker`: the checker as a service."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from types import FrameType

import click

from momo_client.commands import UNREACHABLE
from momo_client.commands.display import round_line
from momo_client.commands.progress import Progress
from momo_client.commands.service import listeners_of, log_format_option
from momo_client.commands.session import configured_ledger
from momo_client.core.flows import Round
from momo_client.edge.blocking_shell import BlockingMomoClient
from momo_client.edge.checker import BlockingChecker
from momo_client.edge.metrics import Metrics, serve


@click.command(short_help="Check pending payments until stopped.")
@log_format_option
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    help="Serve Prometheus metrics there, on this machine; 0 takes a free port.",
)
def run_checker(log_format: str | None, metrics_port: int | None) -> None:
    """Check what is due every MTN_CHECK_INTERVAL_S, one line per round, until SIGTERM or Ctrl-C.

    A round that has begun is finished. Any number of checkers may share a ledger.

    \b
    Example:
      mock-momo client run-checker
    """
    with configured_ledger() as (settings, ledger):
        progress = Progress()
        metrics, listeners = listeners_of(ledger, log_format, [progress])
        client = BlockingMomoClient(settings, ledger, listeners=listeners)
        checker = BlockingChecker(client, _report)

        def stop(_number: int, _frame: FrameType | None) -> None:
            checker.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        with _serving(metrics, metrics_port), progress.shown():
            checker.run()
    click.echo("stopped")


@contextmanager
def _serving(metrics: Metrics, port: int | None) -> Iterator[None]:
    if port is None:
        yield
        return
    with ExitStack() as stack:
        try:
            address = stack.enter_context(serve(metrics, port))
        except OSError as problem:
            click.echo(
                f"momo-client: cannot serve metrics at port {port}: {problem.strerror or problem} "
                "→ choose another --metrics-port, or 0 for a free one",
                err=True,
            )
            raise click.exceptions.Exit(UNREACHABLE) from None
        click.echo(f"metrics: {address}")
        yield


def _report(summary: Round) -> None:
    click.echo(f"{datetime.now(UTC):%H:%M:%S} {round_line(summary)}")
