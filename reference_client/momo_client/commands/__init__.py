"""`mock-momo client …`: the model customer's commands, each loaded when it is called."""

from importlib import import_module
from typing import Any

import click

from momo_client.errors import (
    ConfigurationError,
    InvalidRequest,
    LedgerError,
    MomoClientError,
    TokenUnavailable,
)

REFUSED = 1
WRONG_USE = 2
UNREACHABLE = 3
UNDECIDED = 4
"""Exit codes, as in the rest of the kit; 0 is success."""

_EXIT_CODES: tuple[tuple[type[MomoClientError], int], ...] = (
    (ConfigurationError, WRONG_USE),
    (InvalidRequest, WRONG_USE),
    (LedgerError, WRONG_USE),
    (TokenUnavailable, UNREACHABLE),
    (MomoClientError, REFUSED),
)

_COMMANDS = {
    "pay": "Ask a payer for money.",
    "status": "Say what became of a payment.",
    "check-now": "Run one checker round over what is due.",
    "run-checker": "Check pending payments until stopped.",
    "ledger": "Create, migrate or show the ledger.",
    "doctor": "Examine configuration, connection and credentials.",
    "format-phone": "Show how phone numbers will be sent.",
}


class _LazyGroup(click.Group):
    """A group that lists its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # likewise
        if cmd_name not in _COMMANDS:
            return None
        module = cmd_name.replace("-", "_")
        try:
            command = getattr(import_module(f"{__name__}.{module}"), module)
        except ModuleNotFoundError as missing:
            if (missing.name or "").startswith("momo_"):
                raise
            raise click.UsageError(
                f"{cmd_name!r} needs {missing.name}, which is not installed; "
                'run: pip install "mock-momo[client]"'
            ) from None
        assert isinstance(command, click.Command)  # noqa: S101  # the table above is ours
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # likewise
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's signature
        try:
            return super().invoke(ctx)
        except MomoClientError as error:
            click.echo(f"momo-client: {error.message}", err=True)
            if error.remedy:
                click.echo(f"  → {error.remedy}", err=True)
            ctx.exit(next(code for kind, code in _EXIT_CODES if isinstance(error, kind)))


@click.group(cls=_LazyGroup)
def client() -> None:
    """The model customer: pay, check and examine with MTN MoMo, or with the fake.

    Configured by MTN_* variables; `doctor` explains what is missing.

    \b
    Example:
      mock-momo exec -- mock-momo client doctor
    """
