"""The front door. A subcommand is imported only when it is called for.

Subcommands are entry points of the group `mock_momo.commands`; each belongs to a room, and a room
whose extra is not installed answers with the line that installs it.
"""

import os
import sys
from importlib.metadata import EntryPoint, entry_points, version
from pathlib import Path

import click
from click.core import ParameterSource

from mock_momo.errors import InvalidSetting, MockMomoError, UnknownNamespace

_GROUP = "mock_momo.commands"
_WRONG_USE = 2
_COULD_NOT_RUN = 3
_INTERRUPTED = 128 + 2
_EXTRAS = {"momo_client": "client", "momo_conformance": "conformance", "momo_loadtests": "load"}
_SUMMARIES = {
    "check-server": "Examine a server: the fake, or the real sandbox.",
    "client": "The model customer: pay, status, check-now, run-checker, ledger, doctor, …",
    "drive": "Examine a client through its driver.",
    "env": "Print the variables that point a client at the fake.",
    "exec": "Run a command with the fake around it.",
    "faults": "List the faults that rules can name.",
    "fidelity": "List what each behaviour rests on, and who says so.",
    "grade": "Run your own tests and grade your client by its traffic.",
    "numbers": "List the numbers, addresses and amounts that choose an answer.",
    "replay": "Run a plan again that `drive --save` has written.",
    "switches": "List where the fake can answer in more than one way.",
    "serve": "Run the fake.",
    "verify": "Ask a running fake whether all went as expected.",
    "validate": "Check scenario files.",
}


class FrontDoor(click.Group):
    """A group whose subcommands are found by entry point and loaded when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return sorted(_found())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        entry = _found().get(cmd_name)
        return _load(entry) if entry else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, _SUMMARIES.get(name, "")) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=FrontDoor, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("mock-momo"), prog_name="mock-momo")
def front_door() -> None:
    """Test MTN MoMo without MTN.

    \b
    Example:
      mock-momo serve
      mock-momo exec -- pytest
    """


def main(arguments: list[str] | None = None) -> None:
    """Entry point of `mock-momo`. Exit codes: see `docs/exit-codes.md`."""
    _run(front_door, arguments)


def client() -> None:
    """Entry point of `momo-client`, an alias of `mock-momo client`."""
    try:
        command = _load(_found()["client"])
    except click.UsageError as problem:
        problem.show()
        sys.exit(problem.exit_code)
    _run(command, None, prog_name="momo-client")


def _open_what_is_closed() -> None:
    """A command that was started without stdin, stdout or stderr gets the null device for it.

    Else the next file or socket would take the number, and what is printed would go there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  # for the whole run


def _run(command: click.Command, arguments: list[str] | None, prog_name: str | None = None) -> None:
    _open_what_is_closed()
    try:
        code = command.main(arguments, prog_name=prog_name, standalone_mode=False)
    except click.ClickException as problem:
        _name_variable(problem)
        problem.show()
        sys.exit(problem.exit_code)
    except click.Abort:
        sys.exit(_INTERRUPTED)
    except (InvalidSetting, UnknownNamespace) as problem:
        click.echo(f"mock-momo: {problem}", err=True)
        sys.exit(_WRONG_USE)
    except (MockMomoError, OSError) as problem:
        click.echo(f"mock-momo: {problem}", err=True)
        sys.exit(_COULD_NOT_RUN)
    sys.exit(code if isinstance(code, int) else 0)


def _name_variable(problem: click.ClickException) -> None:
    """What came from a variable is said to be wrong there, not in an option that nobody gave."""
    if not isinstance(problem, click.BadParameter) or not (problem.ctx and problem.param):
        return
    source = problem.ctx.get_parameter_source(problem.param.name or "")
    if source is ParameterSource.ENVIRONMENT:
        problem.param_hint = f"{problem.param.envvar}, the variable of {problem.param.opts[0]}"


def _found() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=_GROUP)}


def _load(entry: EntryPoint) -> click.Command:
    try:
        command = entry.load()
    except ModuleNotFoundError as missing:
        extra = _EXTRAS.get(entry.module.partition(".")[0])
        if extra is None or (missing.name or "").startswith(("mock_momo", "momo_")):
            raise
        raise click.UsageError(
            f"'{entry.name}' needs {missing.name}, which is not installed; "
            f'run: pip install "mock-momo[{extra}]" (from a checkout: pip install ".[{extra}]")'
        ) from None
    if not isinstance(command, click.Command):
        raise TypeError(f"entry point {entry.value} is not a click command")
    return command
