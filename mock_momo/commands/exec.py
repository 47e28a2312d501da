"""`mock-momo exec -- CMD`: the fake around a command."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping

import click

from mock_momo.commands.options import DEFAULT_HOST, DEFAULT_PORT, Setup, fake_options
from mock_momo.commands.running_options import running_options
from mock_momo.core.registry import Registry
from mock_momo.edge.environment import variables
from mock_momo.edge.running import RunningOptions, listening, on_stop, run
from mock_momo.errors import EventsNotWritten, FakeUnavailable

_CANNOT_RUN = 125
_BY_SIGNAL = 128


@click.command("exec", context_settings={"allow_interspersed_args": False})
@click.option(
    "--port",
    default=DEFAULT_PORT,
    envvar="MOCK_MOMO_PORT",
    show_default=True,
    type=click.IntRange(0, 65535),
    help="A free one is taken when this one is not.",
)
@running_options
@fake_options
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def exec_(setup: Setup, running: RunningOptions, port: int, command: tuple[str, ...]) -> None:
    """Run a command with the fake around it, and end with the command's own code.

    The command finds the fake in the environment: MTN_BASE_URL, MTN_API_USER, MTN_API_KEY,
    MTN_SUBSCRIPTION_KEY and the rest. 125: the command could not be run; 128+n: it died of
    signal n.

    \b
    Example:
      mock-momo exec -- pytest -q
    """
    sys.exit(run(lambda: _around(setup.registry, running, port, command)))


async def _around(
    registry: Registry, running: RunningOptions, port: int, command: tuple[str, ...]
) -> int:
    try:
        return await _with_fake(registry, running, port, command)
    except FakeUnavailable:
        if port == 0:
            raise
        click.echo(f"mock-momo: port {port} is taken; using a free one", err=True)
        return await _with_fake(registry, running, 0, command)


async def _with_fake(
    registry: Registry, running: RunningOptions, port: int, command: tuple[str, ...]
) -> int:
    code = 0
    try:
        async with listening(registry, DEFAULT_HOST, port, running) as fake:
            code = await _run(command, os.environ | variables(fake.url, registry.default))
    except EventsNotWritten as problem:
        if not code:
            raise
        click.echo(f"mock-momo: {problem}", err=True)
    return code


async def _run(command: tuple[str, ...], environment: Mapping[str, str]) -> int:
    try:
        child = await asyncio.create_subprocess_exec(*command, env=environment)
    except OSError as problem:
        click.echo(f"mock-momo: cannot run {command[0]!r}: {problem.strerror}", err=True)
        return _CANNOT_RUN
    on_stop(lambda number: _pass_on(child, number))
    return _told(command[0], await child.wait())


def _pass_on(child: asyncio.subprocess.Process, number: int) -> None:
    """A terminal's Ctrl-C reaches the child by itself; a SIGTERM to us does not."""
    if number != signal.SIGINT and child.returncode is None:
        child.send_signal(number)


def _told(name: str, code: int) -> int:
    """The exit code to end with; one line on stderr says whose it is when it is not 0."""
    if code < 0:
        click.echo(f"mock-momo: {name!r} died of signal {-code}", err=True)
        return _BY_SIGNAL - code
    if code:
        click.echo(f"mock-momo: exit code {code} is that of {name!r}", err=True)
    return code
