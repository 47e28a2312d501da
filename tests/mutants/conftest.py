"""One fake for the whole run, and the client in child processes of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from mock_momo.testing import Control, World, running_fake
from momo_conformance.driver import Driver
from tests.mutants.asking import START_MS, command, configuration

MakeWorld = Callable[..., World]
Start = Callable[..., Driver]


@pytest.fixture(scope="session")
def fake() -> Iterator[Control]:
    with running_fake() as control:
        yield control


@pytest.fixture
def make_world(fake: Control) -> MakeWorld:
    """Makes a new world with these settings, its clock frozen at START_MS."""

    def make(**settings: object) -> World:
        world = fake.namespace(uuid4().hex, **settings)
        world.freeze(START_MS)
        return world

    return make


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a client of a world, with bugs or without; `other` is for `configure`."""
    drivers: list[Driver] = []

    def start_one(world: World, *bugs: str, **other: object) -> Driver:
        drivers.append(Driver(command(*bugs)))
        drivers[-1].ask("configure", **configuration(world, tmp_path, **other))
        return drivers[-1]

    yield start_one
    for driver in drivers:
        driver.stop()
