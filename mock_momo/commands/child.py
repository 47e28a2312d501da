"""The command that `exec` runs: its environment, its end, and whose exit code is whose."""

import asyncio
import signal
from collections.abc import Mapping

import click

from mock_momo.edge.running import on_stop

CANNOT_RUN = 125
_BY_SIGNAL = 128


async def run_child(command: tuple[str, ...], environment: Mapping[str, str]) -> int:
    """Run the command to its end. Its own code, 128+n when it died of signal n, or 125."""
    try:
        child = await asyncio.create_subprocess_exec(*command, env=environment)
    except OSError as problem:
        click.echo(f"mock-momo: cannot run {command[0]!r}: {problem.strerror}", err=True)
        return CANNOT_RUN
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
