"""`mock-momo client …`: the model customer's commands, each loaded when it is called."""

from importlib import import_module
from typing import Any

import click

from momo_client.errors import (
    ConfigurationError,
    InvalidRequest,
    LedgerError,
    MomoClientError,
    TokenRefused,
    TokenUnavailable,
    UnknownPayment,
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
    (TokenRefused, WRONG_USE),
    (UnknownPayment, WRONG_USE),
    (TokenUnavailable, UNREACHABLE),
    (MomoClientError, REFUSED),
)

_COMMANDS = {
    "pay": "Ask a payer for money.",
    "status": "Say what became of a payment.",
    "check-now": "Run one checker round over what is due.",
    "run-checker": "Check pending payments until stopped.",
    "serve-callbacks": "Receive callbacks, and check, until stopped.",
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
                f"{cmd_name!r} needs {missing.name}, which is not installed; install the extra: "
                'pip install "mock-momo[client]" (from a checkout: pip install ".[client]")'
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
            for problem in error.problems:
                click.echo(f"momo-client: {' → '.join(filter(None, problem))}", err=True)
            if isinstance(error, ConfigurationError):
                click.echo("To try without MTN: mock-momo exec -- mock-momo client …", err=True)
            if error.reference_id:
                click.echo(f"reference id: {error.reference_id}", err=True)
            ctx.exit(_exit_code(error))


def _exit_code(error: MomoClientError) -> int:
    if isinstance(error, LedgerError) and error.reference_id:
        return UNDECIDED  # it broke after the payment may have been sent
    return next(code for kind, code in _EXIT_CODES if isinstance(error, kind))


@click.group(cls=_LazyGroup)
def client() -> None:
    """The model customer: pay, check and examine with MTN MoMo, or with the fake.

    Configured by MTN_* variables; `doctor` explains what is missing.

    \b
    Example:
      mock-momo exec -- mock-momo client doctor
    """
