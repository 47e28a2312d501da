"""What the two services share: who is told what happens, and where the figures are."""

import sys
from collections.abc import Sequence

import click

from momo_client.core.events import AlarmRaised, Event, RoundLost
from momo_client.edge.alarms import Alarms
from momo_client.edge.ledger import Ledger
from momo_client.edge.listeners import Listener
from momo_client.edge.logs import LogFormat, Logs
from momo_client.edge.metrics import Metrics

log_format_option = click.option(
    "--log-format",
    type=click.Choice([form.value for form in LogFormat]),
    help="Also log every event to stderr, as JSON lines or as key=value text.",
)


def listeners_of(
    ledger: Ledger, log_format: str | None, others: Sequence[Listener] = ()
) -> tuple[Metrics, tuple[Listener, ...]]:
    """The metrics, and all listeners: alarms go to logs and metrics as other events do."""
    metrics = Metrics(ledger)
    told = Logs(sys.stderr, LogFormat(log_format)) if log_format else _tell_of_trouble
    return metrics, (metrics, told, Alarms([metrics, told]), *others)


def _tell_of_trouble(event: Event) -> None:
    """What nobody must miss, in words."""
    match event:
        case RoundLost(problem):
            click.echo(f"momo-client: a round was lost: {problem}", err=True)
        case AlarmRaised(name, share, total, threshold):
            click.echo(
                f"momo-client: {name.replace('_', ' ')}: {share:.0%} of the last {total}, which "
                f"should stay below {threshold:.0%} → see `mock-momo client doctor`",
                err=True,
            )
        case _:
            return
