"""`mock-momo env`: the variables that point a client at a namespace, to commit or to eval."""

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

import click

from mock_momo.commands.options import DEFAULT_HOST, DEFAULT_PORT, Setup, fake_options
from mock_momo.core.credentials import DEFAULT_NAMESPACE
from mock_momo.edge.documents.control_messages import check_name
from mock_momo.edge.environment import past_proxies, variables
from mock_momo.errors import InvalidSetting

_PLAIN = re.compile(r"[A-Za-z0-9_.,:/@%+\[\]-]*", re.ASCII)
Variables = Mapping[str, str]


def _shell(found: Variables, proxies: Variables) -> str:
    """Lines for `eval`. What NO_PROXY holds already stays in it."""
    own = [f"export {name}={_quoted(value)}" for name, value in found.items()]
    added = [
        f'export {name}="${{{name}:+${name},}}"{_quoted(value)}' for name, value in proxies.items()
    ]
    return "\n".join([*own, *added])


def _dotenv(found: Variables, proxies: Variables) -> str:
    return "\n".join(
        f"{name}={value if _PLAIN.fullmatch(value) else _quoted_for_dotenv(value)}"
        for name, value in (*found.items(), *proxies.items())
    )


def _json(found: Variables, proxies: Variables) -> str:
    return json.dumps({**found, **proxies}, indent=2)


def _github(found: Variables, proxies: Variables) -> str:
    """Lines to append to the file that $GITHUB_ENV names; values are never quoted there."""
    return "\n".join(f"{name}={value}" for name, value in (*found.items(), *proxies.items()))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def _quoted_for_dotenv(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


_FORMATS: Mapping[str, Callable[[Variables, Variables], str]] = MappingProxyType(
    {"shell": _shell, "dotenv": _dotenv, "json": _json, "github": _github}
)


def _check_url(_context: click.Context, _parameter: click.Parameter, url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isprintable():
        raise click.BadParameter(f"{url!r} is not an address such as http://127.0.0.1:8046")
    return url.rstrip("/")


def _check_name(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    try:
        return check_name(name)
    except InvalidSetting as problem:
        raise click.BadParameter(str(problem)) from None


@click.command()
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), required=True)
@click.option(
    "--namespace",
    default=DEFAULT_NAMESPACE,
    show_default=True,
    metavar="NAME",
    callback=_check_name,
)
@click.option(
    "--url",
    default=f"http://{DEFAULT_HOST}:{DEFAULT_PORT}",
    show_default=True,
    callback=_check_url,
    help="Where the fake is, or will be.",
)
@fake_options
def env(setup: Setup, form: str, namespace: str, url: str) -> None:
    """Print the MTN_* variables that point a client at a namespace of the fake.

    No fake has to run: credentials follow from the namespace's name. Give the same options, or the
    same --scenario, as to serve.

    \b
    Example:
      mock-momo env --format dotenv > .env.testing
      eval "$(mock-momo env --format shell)"
      mock-momo env --format github >> "$GITHUB_ENV"
    """
    registry = setup.registry
    room = registry.find(namespace) or registry.create(namespace, registry.defaults)
    click.echo(_FORMATS[form](variables(url, room), past_proxies(url)))
