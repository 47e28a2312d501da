"""The option that chooses the environment of an examination."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import TypeVar

import click

from momo_contracts.profiles import PROFILES

R = TypeVar("R")


def profile_option(told: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """`--profile`; a name that is none is refused before anything runs."""
    return click.option(
        "--profile", default="sandbox", show_default=True, help=told, callback=_known
    )


def _known(_context: click.Context, _option: click.Parameter, name: str) -> str:
    if name in PROFILES:
        return name
    close = get_close_matches(name, PROFILES, n=1)
    hint = f"did you mean {close[0]}? " if close else ""
    raise click.BadParameter(f"{name!r} is no profile; {hint}known: {', '.join(PROFILES)}")
