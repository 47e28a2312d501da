"""`mock-momo serve`: run the fake until a signal comes."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from mock_momo.commands.access import check_access
from mock_momo.commands.live_log import live_log, shown_to_the_end
from mock_momo.commands.options import (
    DEFAULT_HOST,
    DEFAULT_PORT,
    BrokenFile,
    Setup,
    fake_options,
)
from mock_momo.commands.running_options import running_options
from mock_momo.commands.tls_options import DEFAULT_CA_FILE
from mock_momo.commands.welcome import welcome
from mock_momo.core.registry import Registry
from mock_momo.edge.log.sink import Sink
from mock_momo.edge.running import (
    Listening,
    RunningOptions,
    listening,
    on_end_of_input,
    on_stop,
    run,
)
from mock_momo.edge.scenario_watch import watching
from mock_momo.edge.state_file import StateFile, keeping
from mock_momo.edge.wall import wall_ms
from mock_momo.edge.whole_file import check_writable, write_whole
from mock_momo.errors import InvalidSetting


@click.command(context_settings={"default_map": {"tls_ca": DEFAULT_CA_FILE}})
@click.option(
    "--host",
    default=DEFAULT_HOST,
    envvar="MOCK_MOMO_HOST",
    show_default=True,
    help="One that is not loopback needs --allow-remote and a control token.",
)
@click.option(
    "--port",
    default=DEFAULT_PORT,
    envvar="MOCK_MOMO_PORT",
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0 takes a free one.",
)
@click.option(
    "--allow-remote",
    envvar="MOCK_MOMO_ALLOW_REMOTE",
    is_flag=True,
    help="Let others reach the fake; its control API then wants the token.",
)
@click.option(
    "--ready-file",
    envvar="MOCK_MOMO_READY_FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the READY line here, too; the file is gone when the fake is.",
)
@click.option(
    "--state",
    envvar="MOCK_MOMO_STATE",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=lambda _context, _parameter, path: path and path.absolute(),
    help="Begin with the state in this file, and keep it there: every few seconds, at the end.",
)
@click.option(
    "--log",
    envvar="MOCK_MOMO_LOG",
    type=click.Choice(["tail", "json", "off"]),
    help="What happens, on stdout: for people, as JSON lines, not.  [default: tail on a terminal, "
    "else json]",
)
@click.option("--with-stdin", is_flag=True, hidden=True, help="End when stdin ends.")
@running_options
@fake_options
def serve(  # noqa: PLR0913  # click passes one argument per option
    setup: Setup,
    running: RunningOptions,
    host: str,
    port: int,
    *,
    allow_remote: bool,
    ready_file: Path | None,
    state: Path | None,
    log: str | None,
    with_stdin: bool,
) -> None:
    """Run the fake.

    It ends with 0 on SIGINT and SIGTERM, with 3 when the port is taken or the file of --events,
    --state or --tls-ca cannot be written. When the file of --scenario changes, it is read again;
    a broken one leaves the old rules in force.

    \b
    Example:
      mock-momo serve --port 0 --outcome "FAILED; reason=NOT_ENOUGH_FUNDS"
    """
    check_access(host, running.control_token, is_remote_allowed=allow_remote)
    stop = asyncio.Event()
    around = _Around(setup, ready_file, _loaded(state, setup.registry), live_log(log))
    fake = listening(setup.registry, host, port, running, on_trouble=stop.set)
    run(lambda: _serve(fake, stop, around, with_stdin=with_stdin))


@dataclass(frozen=True, slots=True)
class _Around:
    """What goes on around a fake that serves."""

    setup: Setup
    ready_file: Path | None
    state: StateFile | None
    log: Sink | None


async def _serve(
    fake: AbstractAsyncContextManager[Listening],
    stop: asyncio.Event,
    around: _Around,
    *,
    with_stdin: bool,
) -> None:
    setup, log, tell = around.setup, around.log, partial(click.echo, err=True)
    on_stop(lambda _: stop.set())
    if with_stdin:
        on_end_of_input(stop.set)
    async with keeping(around.state, tell), shown_to_the_end(log), fake as running:
        services = running.server.services
        ready = f"READY url={running.url} pid={os.getpid()}"
        with _announced(around.ready_file, ready):
            click.echo(welcome(running, setup.registry.default))
            click.echo(ready)
            if log is not None:
                log.start(services.bells, setup.registry)
            async with watching(setup.source, setup.registry, tell, services.wall):
                await stop.wait()


def _loaded(path: Path | None, registry: Registry) -> StateFile | None:
    if path is None:
        return None
    check_writable(path)
    state = StateFile(path, registry, wall_ms)
    try:
        state.load()
    except InvalidSetting as problem:
        raise BrokenFile(str(problem)) from None
    return state


@contextmanager
def _announced(path: Path | None, line: str) -> Iterator[None]:
    """The ready file is there as long as the fake is. Raises FakeUnavailable."""
    if path is not None:
        write_whole(path, f"{line}\n".encode())
    try:
        yield
    finally:
        if path is not None:
            path.unlink(missing_ok=True)
