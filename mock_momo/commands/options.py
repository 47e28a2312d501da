"""The options that `serve` and `exec` share; each has a `MOCK_MOMO_*` variable."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import IO, Any, TypeVar, get_args

import click
import orjson

from mock_momo.core.registry import Registry
from mock_momo.core.scenario import Scenario
from mock_momo.core.settings import People
from mock_momo.edge.documents.control_messages import SettingsMessage, read
from mock_momo.edge.documents.scenario_source import ScenarioSource
from mock_momo.edge.documents.suggestion import suggestion
from mock_momo.errors import InvalidScenario, InvalidSetting
from momo_contracts.switches import SWITCHES

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8046
R = TypeVar("R")


class BrokenFile(click.ClickException):
    """Ends a command with 2 and every problem of the scenario file, one a line."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file, err=True)


@dataclass(frozen=True, slots=True)
class Setup:
    """What a fake is to be: its namespaces, and the scenario they were made from."""

    registry: Registry
    scenario: Scenario
    source: ScenarioSource


_SETTINGS = {
    "outcome": "outcome",
    "profile": "profile",
    "expires_in_s": "expires_in_s",
    "rate_limit": "rate_limit",
    "people": "people",
}
"""Options and the settings that they are."""


def fake_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options that describe the namespaces; the command gets them as `setup`."""

    @wraps(command)
    def with_setup(
        scenario: Path | None,
        switch: tuple[str, ...],
        allow_ip: tuple[str, ...],
        auto_namespaces: bool,  # noqa: FBT001  # click passes options by name
        **rest: object,
    ) -> R:
        given = {setting: rest.pop(option) for option, setting in _SETTINGS.items()}
        given["switches"] = _switches(switch)
        given["allowed_ips"] = list(allow_ip) or None
        source = ScenarioSource(scenario, _message(given))
        setup = _setup(source, opens_by_key=auto_namespaces)
        return command(setup=setup, **rest)

    decorated: Callable[..., R] = with_setup
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


def _setup(source: ScenarioSource, *, opens_by_key: bool) -> Setup:
    try:
        scenario = source.read()
    except InvalidScenario as broken:
        raise BrokenFile(str(broken)) from None
    registry = Registry(scenario.settings, scenario.rules, opens_by_key=opens_by_key)
    return Setup(registry, scenario, source)


def _message(given: Mapping[str, object]) -> SettingsMessage:
    try:
        return read(SettingsMessage, orjson.dumps(given))
    except InvalidSetting as problem:
        raise click.UsageError(str(problem)) from None


def _switches(pairs: tuple[str, ...]) -> dict[str, str] | None:
    chosen = dict(pair.partition("=")[::2] for pair in pairs)
    for name, value in chosen.items():
        switch = SWITCHES.get(name)
        if switch is None or value not in switch.values:
            known = None if switch is None else f"{name} is one of {', '.join(switch.values)}"
            raise click.BadParameter(
                f"{name}={value}: {known or suggestion(name, SWITCHES)}; "
                "`mock-momo switches` lists them all",
                param_hint="'--switch'",
            )
    return chosen or None


_OPTIONS = (
    click.option(
        "--scenario",
        envvar="MOCK_MOMO_SCENARIO",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Settings and rules from a YAML file; the other options win over its settings.",
    ),
    click.option(
        "--outcome",
        envvar="MOCK_MOMO_OUTCOME",
        metavar="PLAN",
        help="Plan of a payment that nothing else plans.  [default: SUCCESSFUL]",
    ),
    click.option(
        "--profile",
        envvar="MOCK_MOMO_PROFILE",
        metavar="NAME",
        help="The sandbox, lenient or strict, or a country: mtnzambia, …  [default: sandbox]",
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
        help="Where MTN's sources disagree; `mock-momo switches` lists them.",
    ),
    click.option(
        "--people",
        envvar="MOCK_MOMO_PEOPLE",
        type=click.Choice(get_args(People)),
        help="Account holders: the sandbox's one person, or one of their own each.  "
        "[default: sandbox]",
    ),
    click.option(
        "--allow-ip",
        envvar="MOCK_MOMO_ALLOW_IP",
        multiple=True,
        metavar="NETWORK",
        help="Who may call disbursement and remittance, as 10.0.0.0/8; countries: this machine.",
    ),
    click.option(
        "--auto-namespaces",
        envvar="MOCK_MOMO_AUTO_NAMESPACES",
        is_flag=True,
        help="An unknown subscription key opens a namespace of its own, with the default API user.",
    ),
)
