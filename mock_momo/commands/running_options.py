"""The options of `serve` and `exec` that say how the fake runs; each has a variable."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from ssl import SSLContext
from typing import TypeVar

import click

from mock_momo.commands.access import TOKEN_VARIABLE, read_token
from mock_momo.commands.callback_options import CALLBACK_OPTIONS
from mock_momo.commands.tls_options import TLS_OPTIONS, read_tls
from mock_momo.edge.courier import CourierOptions
from mock_momo.edge.running import RunningOptions
from mock_momo.edge.wire.server import DRAIN_S

R = TypeVar("R")


def running_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options that say how the fake runs; the command gets them as `running`."""

    @wraps(command)
    def with_running(  # noqa: PLR0913  # click passes one argument per option
        *,
        events: Path | None,
        drain_s: float,
        control_token_file: Path | None,
        callback_hosts: frozenset[str],
        callback_tls: SSLContext | None,
        callback_timeout_s: float,
        tls: bool,
        tls_ca: Path | None,
        tls_tunnel_port: int,
        **rest: object,
    ) -> R:
        running = RunningOptions(
            events_file=events,
            drain_s=drain_s,
            control_token=read_token(control_token_file),
            courier=CourierOptions(callback_hosts, callback_tls, callback_timeout_s),
            tls=read_tls(tls_ca, tls_tunnel_port, is_wanted=tls),
        )
        return command(running=running, **rest)

    decorated: Callable[..., R] = with_running
    for option in reversed((*_OPTIONS, *TLS_OPTIONS, *CALLBACK_OPTIONS)):
        decorated = option(decorated)
    return decorated


_OPTIONS = (
    click.option(
        "--drain-s",
        default=DRAIN_S,
        envvar="MOCK_MOMO_DRAIN_S",
        show_default=True,
        type=click.FloatRange(0, 60),
        help="Seconds that requests under way have to finish when it ends; hangs end at once.",
    ),
    click.option(
        "--events",
        envvar="MOCK_MOMO_EVENTS",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Append every event of every namespace, as JSON lines; secrets are fingerprints.",
    ),
    click.option(
        "--control-token-file",
        envvar="MOCK_MOMO_CONTROL_TOKEN_FILE",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help=f"Every control call but health and ready then needs this token as its bearer. "
        f"The token itself may be in {TOKEN_VARIABLE}.",
    ),
)
