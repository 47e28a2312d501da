"""The option that narrows an examination down to some requirements."""

from collections.abc import Callable
from typing import TypeVar

import click

from momo_conformance.catalogue import Level, load_catalogue
from momo_conformance.naming import closest, is_meant

R = TypeVar("R")


def only_option(told: str, *, is_server: bool) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """`--only`, many times; a prefix that names no requirement of this direction is refused."""

    def known(
        _context: click.Context, _option: click.Parameter, only: tuple[str, ...]
    ) -> tuple[str, ...]:
        rows = load_catalogue().requirements
        these = [row for row in rows if (row.least is Level.SERVER) == is_server]
        for prefix in only:
            if not any(is_meant(row.id, [prefix]) for row in these):
                close = closest(prefix, these)
                hint = f"did you mean {close}?" if close else "docs/requirements.md lists them"
                who = "server" if is_server else "client"
                raise click.BadParameter(f"{prefix!r} names no requirement of a {who}; {hint}")
        return only

    return click.option("--only", multiple=True, metavar="PREFIX", help=told, callback=known)
