"""`mock-momo exec -- CMD`: the fake around a command."""

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from mock_momo.commands.child import run_child
from mock_momo.commands.child_environment import (
    Templates,
    child_environment,
    read_files,
    read_templates,
)
from mock_momo.commands.closing import complaints, fidelity_note
from mock_momo.commands.options import (
    DEFAULT_HOST,
    DEFAULT_PORT,
    BrokenFile,
    Setup,
    fake_options,
)
from mock_momo.commands.running_options import running_options
from mock_momo.core.expectations import Expectation
from mock_momo.core.settings import Settings
from mock_momo.edge.running import Listening, RunningOptions, listening, run
from mock_momo.errors import EventsNotWritten, InvalidScenario, PortTaken

_UNVERIFIED = 4


@click.command("exec", context_settings={"allow_interspersed_args": False})
@click.option(
    "--port",
    default=DEFAULT_PORT,
    envvar="MOCK_MOMO_PORT",
    show_default=True,
    type=click.IntRange(0, 65535),
    help="A free one is taken when this one is not.",
)
@click.option(
    "--env",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    callback=read_templates,
    help="One more variable; in it {base_url}, {api_user}, {api_key}, {subscription_key}, "
    "{target_environment} and {currency} are filled in.",
)
@click.option(
    "--env-file",
    "listed",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    callback=read_files,
    help="Variables as for --env, one a line.",
)
@click.option(
    "--verify",
    "rules",
    metavar="FILE",
    envvar="MOCK_MOMO_VERIFY",
    type=click.Path(path_type=Path),
    help="Expectations for the end, beside those of the scenario.",
)
@click.option("--no-verify", "is_unverified", is_flag=True, help="End without any verification.")
@running_options
@fake_options
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def exec_(  # noqa: PLR0913  # click passes one argument per option
    setup: Setup,
    running: RunningOptions,
    port: int,
    *,
    given: Templates,
    listed: Templates,
    rules: Path | None,
    is_unverified: bool,
    command: tuple[str, ...],
) -> None:
    """Run a command with the fake around it, and end with the command's own code.

    The command finds the fake in the environment: MTN_BASE_URL, MTN_API_USER, MTN_API_KEY,
    MTN_SUBSCRIPTION_KEY and the rest. 125: the command could not be run; 128+n: it died of
    signal n. 4: it passed, but requests were none of the API's, callbacks were not delivered, what
    was expected did not happen, or the fake has not seen one request.

    \b
    Example:
      mock-momo exec -- pytest -q
      mock-momo exec --env MOMO_HOST={base_url} --verify expect.yaml -- npm test
    """
    expectations = (*setup.scenario.expectations, *_expectations(rules))
    task = _Task(setup, running, command, (*listed, *given), expectations, not is_unverified)
    sys.exit(run(lambda: _around(task, port)))


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be run, in what, and what is to be true at its end."""

    setup: Setup
    running: RunningOptions
    command: tuple[str, ...]
    templates: Templates
    expectations: tuple[Expectation, ...]
    is_verified: bool


def _expectations(rules: Path | None) -> tuple[Expectation, ...]:
    if rules is None:
        return ()
    from mock_momo.edge.documents.scenario_file import read_scenario  # noqa: PLC0415  # YAML takes a while

    try:
        return read_scenario(rules, Settings()).expectations
    except InvalidScenario as broken:
        raise BrokenFile(str(broken)) from None


async def _around(task: _Task, port: int) -> int:
    try:
        return await _with_fake(task, port)
    except PortTaken:
        if port == 0:
            raise
        click.echo(f"mock-momo: port {port} is taken; using a free one", err=True)
        return await _with_fake(task, 0)


async def _with_fake(task: _Task, port: int) -> int:
    code = 0
    try:
        async with listening(task.setup.registry, DEFAULT_HOST, port, task.running) as fake:
            default = task.setup.registry.default
            environment = child_environment(fake, default, task.templates)
            code = await run_child(task.command, environment)
            if task.is_verified:
                code = await _verified(task, fake, code)
    except EventsNotWritten as problem:
        if not code:
            raise
        click.echo(f"mock-momo: {problem}", err=True)
    return code


async def _verified(task: _Task, fake: Listening, code: int) -> int:
    """The command's own code, or 4 where only the verification failed."""
    registry = task.setup.registry
    for namespace in registry.all():
        await fake.server.performer.quiesce(namespace)
    lines = complaints(registry, task.expectations, code)
    for line in lines:
        click.echo(f"mock-momo: {line}", err=True)
    note = fidelity_note(registry)
    if note:
        click.echo(f"mock-momo: {note}", err=True)
    return code or (_UNVERIFIED if lines else 0)
