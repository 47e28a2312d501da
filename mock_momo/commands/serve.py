"""`mock-momo serve`: run the fake until a signal comes."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path

import click

from mock_momo.commands.live_log import live_log, shown_to_the_end
from mock_momo.commands.options import DEFAULT_HOST, DEFAULT_PORT, check_host, fake_options
from mock_momo.commands.running_options import running_options
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.edge.environment import variables
from mock_momo.edge.running import (
    Listening,
    RunningOptions,
    listening,
    on_end_of_input,
    on_stop,
    run,
)
from mock_momo.edge.sink import Sink
from mock_momo.errors import FakeUnavailable


@click.command()
@click.option(
    "--host", default=DEFAULT_HOST, envvar="MOCK_MOMO_HOST", show_default=True, callback=check_host
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
    "--ready-file",
    envvar="MOCK_MOMO_READY_FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the READY line here, too; the file is gone when the fake is.",
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
    registry: Registry,
    running: RunningOptions,
    host: str,
    port: int,
    ready_file: Path | None,
    log: str | None,
    *,
    with_stdin: bool,
) -> None:
    """Run the fake.

    It ends with 0 on SIGINT and SIGTERM, with 3 when the port is taken or the file of --events
    takes no more.

    \b
    Example:
      mock-momo serve --port 0 --outcome "FAILED; reason=NOT_ENOUGH_FUNDS"
    """
    stop = asyncio.Event()
    fake = listening(registry, host, port, running, on_trouble=stop.set)
    run(lambda: _serve(fake, stop, ready_file, live_log(log), with_stdin=with_stdin))


async def _serve(
    fake: AbstractAsyncContextManager[Listening],
    stop: asyncio.Event,
    ready_file: Path | None,
    log: Sink | None,
    *,
    with_stdin: bool,
) -> None:
    on_stop(lambda _: stop.set())
    if with_stdin:
        on_end_of_input(stop.set)
    async with shown_to_the_end(log), fake as running:
        ready = f"READY url={running.url} pid={os.getpid()}"
        with _announced(ready_file, ready):
            click.echo(_welcome(running.url, running.server.registry.default))
            click.echo(ready)
            if log is not None:
                log.start(running.server.services.bells, running.server.registry)
            await stop.wait()


def _welcome(url: str, namespace: Namespace) -> str:
    environment = variables(url, namespace)
    width = max(map(len, environment))
    settings = "\n".join(f"  {name:<{width}}  {value}" for name, value in environment.items())
    keys = namespace.credentials.subscription_keys
    return (
        f"mock-momo: MTN MoMo without MTN, at {url}\n\n{settings}\n\n"
        f"Try it:\n"
        f"  curl -X POST {url}/collection/token/ -d '' \\\n"
        f"    -u {namespace.credentials.api_user}:{namespace.credentials.api_key} \\\n"
        f"    -H 'Ocp-Apim-Subscription-Key: {keys[next(iter(keys))]}'\n"
    )


@contextmanager
def _announced(path: Path | None, line: str) -> Iterator[None]:
    """The ready file is there as long as the fake is. Raises FakeUnavailable."""
    if path is not None:
        _write_whole(path, line)
    try:
        yield
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


def _write_whole(path: Path, line: str) -> None:
    """Write so that a reader sees nothing or everything. Raises FakeUnavailable."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        draft.write_text(f"{line}\n", encoding="utf-8")
        draft.replace(path)
    except OSError as problem:
        raise FakeUnavailable(
            f"cannot write the ready file {path}: {problem.strerror}; choose another --ready-file"
        ) from None
