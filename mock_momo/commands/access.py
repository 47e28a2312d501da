"""Who may reach the control API: this machine, or whoever has the token."""

import os
import re
from pathlib import Path

import click

from momo_contracts.profiles import LOOPBACK_HOSTS

TOKEN_VARIABLE = "MOCK_MOMO_CONTROL_TOKEN"  # noqa: S105  # the variable's name
_LEAST_LENGTH = 16
_TOKEN = re.compile(r"[!-~]+", re.ASCII)
_LONGEST_FILE = 4096
_HOW_TO_MAKE = "make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


def read_token(path: Path | None) -> str | None:
    """The control token of the file, else that of the environment. Raises click.UsageError."""
    if path is None:
        text, where = os.environ.get(TOKEN_VARIABLE), TOKEN_VARIABLE
    else:
        text, where = _content(path), str(path)
    if text is None:
        return None
    token = text.strip()
    if len(token) < _LEAST_LENGTH or not _TOKEN.fullmatch(token):
        raise click.UsageError(
            f"the control token in {where} must be {_LEAST_LENGTH} or more printable ASCII "
            f"characters without blanks; {_HOW_TO_MAKE}"
        )
    return token


def check_access(host: str, token: str | None, *, is_remote_allowed: bool) -> None:
    """What is reached from elsewhere is asked for, and guarded. Raises click.UsageError."""
    if host in LOOPBACK_HOSTS:
        return
    if not is_remote_allowed:
        known = ", ".join(LOOPBACK_HOSTS)
        raise click.UsageError(
            f"--host: {host!r} is not a loopback address; use one of {known}, or --allow-remote"
        )
    if token is None:
        raise click.UsageError(
            f"--allow-remote: others can reach {host}, so the control API needs a token in "
            f"{TOKEN_VARIABLE} or --control-token-file FILE; {_HOW_TO_MAKE}"
        )


def _content(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(_LONGEST_FILE)
    except (OSError, UnicodeDecodeError) as problem:
        cause = problem.strerror if isinstance(problem, OSError) else "it is no text"
        raise click.UsageError(f"cannot read --control-token-file {path}: {cause}") from None
