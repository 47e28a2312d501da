"""`serve-callbacks`: the receiver of callbacks and a checker, as a service."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import click
from aiohttp import web

from momo_client.commands import UNREACHABLE
from momo_client.commands.display import round_line
from momo_client.commands.service import listeners_of, log_format_option
from momo_client.commands.session import configured_ledger
from momo_client.core.events import (
    CallbackContradicted,
    CallbackRefused,
    CallbackTaken,
    CallbackUnconfirmed,
    Event,
    PaymentSettled,
)
from momo_client.core.flows import Round
from momo_client.edge.asyncio_shell import MomoClient
from momo_client.edge.callbacks import callback_app
from momo_client.edge.checker import Checker
from momo_client.edge.metrics import CONTENT_TYPE, Metrics

_DRAIN_S = 5.0
"""Assumed: how long callbacks under way may take at the end."""


@click.command(short_help="Receive callbacks, and check, until stopped.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    default=8047,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0 takes a free one.",
)
@log_format_option
def serve_callbacks(host: str, port: int, log_format: str | None) -> None:
    """Receive callbacks, one line each, and check as `run-checker`, until SIGTERM or Ctrl-C.

    Callbacks come when MTN_CALLBACK_URL leads here, such as http://localhost:8047, where payments
    are made. One is believed only once a status read has confirmed it. `GET /` answers 200,
    `GET /metrics` Prometheus. A round that has begun is finished. Ends with 3 when the port is
    taken.

    \b
    Example:
      eval "$(mock-momo env --format shell)"
      mock-momo client ledger init
      mock-momo client serve-callbacks
    """
    with configured_ledger() as (settings, ledger):
        metrics, listeners = listeners_of(ledger, log_format, [_tell])
        client = MomoClient(settings, ledger, listeners=listeners)
        asyncio.run(_serve(client, metrics, host, port))
    click.echo("stopped")


async def _serve(opened: MomoClient, metrics: Metrics, host: str, port: int) -> None:
    stop = asyncio.Event()
    _on_stop(stop.set)
    async with opened as client:
        checker = Checker(client, _tell_of_round)
        async with _listening(_app(client, metrics), host, port):
            checking = asyncio.create_task(checker.run())
            checking.add_done_callback(lambda _: stop.set())
            await stop.wait()
        checker.stop()
        await checking


def _app(client: MomoClient, metrics: Metrics) -> web.Application:
    one_at_a_time = asyncio.Lock()

    async def show_metrics(_request: web.Request) -> web.Response:
        async with one_at_a_time:
            text = await asyncio.to_thread(metrics.text)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE})

    app = callback_app(client)
    app.router.add_get("/", _answer_that_it_runs)
    app.router.add_get("/metrics", show_metrics)
    return app


async def _answer_that_it_runs(_request: web.Request) -> web.Response:
    return web.Response(text="momo-client receives callbacks here\n")


@asynccontextmanager
async def _listening(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    """The application on a socket; what has come in is answered before the block ends."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_DRAIN_S)
    await runner.setup()
    try:
        await _bind(web.TCPSite(runner, host, port))
        bound_host, bound_port = runner.addresses[0][:2]
        shown = f"[{bound_host}]" if ":" in bound_host else bound_host
        _say(f"callbacks are received at http://{shown}:{bound_port}/")
        yield
    finally:
        await runner.cleanup()


async def _bind(site: web.TCPSite) -> None:
    try:
        await site.start()
    except OSError as problem:
        why = problem.strerror or problem
        click.echo(
            f"momo-client: cannot listen at {site.name}: {why} → stop what runs there, choose "
            "another --port, or --port 0 for a free one",
            err=True,
        )
        raise click.exceptions.Exit(UNREACHABLE) from None


def _on_stop(act: Callable[[], None]) -> None:
    """Call `act` in the event loop on SIGTERM and SIGINT."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: loop.call_soon_threadsafe(act))


def _tell_of_round(summary: Round) -> None:
    _say(round_line(summary))


def _tell(event: Event) -> None:
    line = _line(event)
    if line:
        _say(line)


def _line(event: Event) -> str:
    match event:
        case CallbackTaken(reference_id, is_known, word):
            note = "" if is_known else ", but the ledger has no such payment"
            return f"callback {reference_id}: {word}{note}"
        case CallbackRefused(why):
            return f"callback refused: {why}"
        case CallbackContradicted(payment, word):
            return f"callback {payment.reference_id}: {word}, but it has {payment.status}: ignored"
        case CallbackUnconfirmed(reference_id, problem):
            return f"callback {reference_id}: not confirmed yet: {problem}"
        case PaymentSettled(payment) if payment.is_final:
            return f"payment {payment.reference_id}: {payment.status}"
        case _:
            return ""


def _say(line: str) -> None:
    click.echo(f"{datetime.now(UTC):%H:%M:%S} {line}")
