"""The options that `serve` and `exec` share; each has a `MOCK_MOMO_*` variable."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TypeVar

import click
import orjson

from mock_momo.core.registry import Registry
from mock_momo.core.settings import SWITCHES, Settings
from mock_momo.edge.control_messages import SettingsMessage, read, settings_from
from mock_momo.errors import InvalidSetting

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8046
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
R = TypeVar("R")


def fake_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options that describe the namespaces; the command gets them as `registry`."""

    @wraps(command)
    def with_registry(
        outcome: str | None,
        environment: str | None,
        expires_in_s: int | None,
        rate_limit: str | None,
        switch: tuple[str, ...],
        auto_namespaces: bool,  # noqa: FBT001  # click passes options by name
        **rest: object,
    ) -> R:
        given = {
            "outcome": outcome,
            "target_environment": environment,
            "expires_in_s": expires_in_s,
            "rate_limit": rate_limit,
            "switches": _switches(switch),
        }
        registry = Registry(_settings(given), opens_by_key=auto_namespaces)
        return command(registry=registry, **rest)

    decorated: Callable[..., R] = with_registry
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


def check_host(_context: click.Context, _parameter: click.Parameter, host: str) -> str:
    """Only loopback: the fake has no secrets to protect it, and must not face a network."""
    if host in _LOOPBACK:
        return host
    known = ", ".join(_LOOPBACK)
    raise click.BadParameter(f"{host!r} is not a loopback address; use one of {known}")


def _settings(given: Mapping[str, object]) -> Settings:
    try:
        return settings_from(read(SettingsMessage, orjson.dumps(given)), Settings())
    except InvalidSetting as problem:
        raise click.UsageError(str(problem)) from None


def _switches(pairs: tuple[str, ...]) -> dict[str, str] | None:
    chosen = dict(pair.partition("=")[::2] for pair in pairs)
    for name, value in chosen.items():
        if value not in SWITCHES.get(name, ()):
            raise click.BadParameter(
                f"{name}={value} is not one of {_SWITCHES}", param_hint="'--switch'"
            )
    return chosen or None


_SWITCHES = ", ".join(f"{name}={'|'.join(values)}" for name, values in SWITCHES.items())
_OPTIONS = (
    click.option(
        "--outcome",
        envvar="MOCK_MOMO_OUTCOME",
        metavar="PLAN",
        help="Plan of a payment that nothing else plans.  [default: SUCCESSFUL]",
    ),
    click.option(
        "--environment",
        envvar="MOCK_MOMO_ENVIRONMENT",
        metavar="NAME",
        help="Target environment: sandbox, mtnzambia, …  [default: sandbox]",
    ),
    click.option(
        "--expires-in-s",
        envvar="MOCK_MOMO_EXPIRES_IN_S",
        type=click.IntRange(1, 315_360_000),
        help="Token lifetime in seconds.  [default: 3600]",
    ),
    click.option(
        "--rate-limit",
        envvar="MOCK_MOMO_RATE_LIMIT",
        metavar="CALLS/PERIOD",
        help="Calls per subscription key, such as 150/1s or 5/1m; then 429.  [default: none]",
    ),
    click.option(
        "--switch",
        envvar="MOCK_MOMO_SWITCH",
        multiple=True,
        metavar="NAME=VALUE",
        help=f"Where MTN's sources disagree: {_SWITCHES}.",
    ),
    click.option(
        "--auto-namespaces",
        envvar="MOCK_MOMO_AUTO_NAMESPACES",
        is_flag=True,
        help="An unknown subscription key opens a namespace of its own, with the default API user.",
    ),
)
