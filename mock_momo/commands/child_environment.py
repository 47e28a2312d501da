"""The variables that a command gets: the fake's own, and whatever other names it reads.

A template is a value with places such as {base_url}; a file has one NAME=TEMPLATE a line, empty
lines and lines that begin with # apart. As other readers of .env files have it, a line may begin
with `export` and a value may be in quotes.
"""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from mock_momo.core.namespace import Namespace
from mock_momo.edge.documents.suggestion import suggestion
from mock_momo.edge.environment import past_proxies, trust_variables, variables
from mock_momo.edge.running import Listening

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_EXPORT = re.compile(r"\s*export\s+")
_QUOTED = re.compile(r"""^(["'])(.*)\1$""")
_PLACE = re.compile(r"\{(\w*)\}")
PLACES: Mapping[str, str] = {
    "base_url": "MTN_BASE_URL",
    "api_user": "MTN_API_USER",
    "api_key": "MTN_API_KEY",
    "subscription_key": "MTN_SUBSCRIPTION_KEY",
    "target_environment": "MTN_TARGET_ENVIRONMENT",
    "currency": "MTN_CURRENCY",
}
Templates = tuple[tuple[str, str], ...]


def read_templates(
    _context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]
) -> Templates:
    """Templates of the command line. Raises click.BadParameter."""
    return tuple(_read(text) for text in texts)


def read_files(
    _context: click.Context, _parameter: click.Parameter, paths: tuple[Path, ...]
) -> Templates:
    """Templates of files. Raises click.BadParameter with file and line."""
    return tuple(template for path in paths for template in _read_file(path))


def child_environment(
    fake: Listening, namespace: Namespace, templates: Templates
) -> dict[str, str]:
    """This process's own variables, the fake's, and the templates filled in."""
    own, secured = variables(fake.url, namespace), fake.secured
    trust = trust_variables(secured.ca_file, secured.tunnel_url) if secured else {}
    environment = {**os.environ, **own, **trust}
    for name, value in past_proxies(fake.url).items():
        before = os.environ.get(name)
        environment[name] = f"{before},{value}" if before else value
    for name, template in templates:
        environment[name] = _PLACE.sub(lambda place: own[PLACES[place[1]]], template)
    return environment


def _read_file(path: Path) -> Iterable[tuple[str, str]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise click.BadParameter(f"cannot read {path}: {problem}") from None
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                name, template = _read(_EXPORT.sub("", line))
                yield name, _QUOTED.sub(r"\2", template)
            except click.BadParameter as problem:
                raise click.BadParameter(f"{path}:{number}: {problem.message}") from None


def _read(text: str) -> tuple[str, str]:
    name, equals, template = text.strip().partition("=")
    if not equals or not _NAME.fullmatch(name):
        raise click.BadParameter(f"{text[:60]!r} is not NAME=VALUE, such as MOMO_HOST={{base_url}}")
    for place in _PLACE.findall(template):
        if place not in PLACES:
            raise click.BadParameter(f"{{{place[:40]}}} is no place; {suggestion(place, PLACES)}")
    return name, template
