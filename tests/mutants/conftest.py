"""One fake for the whole run, and the client in child processes of its own."""

import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mock_momo.testing import Control, World, running_fake

CLIENT = Path(__file__).with_name("client")
START_MS = 2_208_988_800_000

MakeWorld = Callable[..., World]


@pytest.fixture(scope="session")
def fake() -> Iterator[Control]:
    with running_fake() as control:
        yield control


@pytest.fixture
def make_world(fake: Control, request: pytest.FixtureRequest) -> MakeWorld:
    """Makes the test's world with these settings, its clock frozen at START_MS."""

    def make(**settings: object) -> World:
        world = fake.namespace(request.node.name[:60], **settings)
        world.freeze(START_MS)
        return world

    return make


def command(*bugs: str) -> str:
    """The command line of the client with these bugs."""
    return shlex.join((sys.executable, str(CLIENT), *bugs))


def configuration(world: World, folder: Path, **other: object) -> dict[str, object]:
    """What `configure` needs for a client of this world; `other` replaces some of it."""
    return {
        "base_url": world.base_url,
        "api_user": world.api_user,
        "api_key": world.api_key,
        "subscription_keys": dict(world.subscription_keys),
        "target_environment": world.target_environment,
        "currency": world.currency,
        "now_ms": START_MS,
        "ledger_url": f"sqlite:///{folder / 'ledger.sqlite3'}",
        "resume": False,
        "status_view": "payment",
        "callback_url": None,
        "request_timeout_ms": 2000,
    } | other
