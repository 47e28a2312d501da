"""One fake for the whole run; the drivers are real child processes."""

import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mock_momo.testing import Control, running_fake
from momo_conformance.driver import Driver
from momo_conformance.search import Examiner

SMALL_CLIENT = Path(__file__).with_name("small_client.py")

StartExaminer = Callable[[str], Examiner]


@pytest.fixture(scope="session")
def fake() -> Iterator[Control]:
    with running_fake() as control:
        yield control


@pytest.fixture
def start_examiner(fake: Control, tmp_path: Path) -> Iterator[StartExaminer]:
    """Starts an examiner of the driver with this command line."""
    drivers: list[Driver] = []

    def start(driver_command: str) -> Examiner:
        drivers.append(Driver(driver_command))
        return Examiner(fake, drivers[-1], tmp_path)

    yield start
    for driver in drivers:
        driver.stop()


@pytest.fixture
def python_command() -> Callable[..., str]:
    """Makes the command line of a driver in Python."""
    return lambda *words: shlex.join((sys.executable, *words))


@pytest.fixture
def small_client(python_command: Callable[..., str]) -> Callable[..., str]:
    """Makes the command line of the small client with a bug, or with none."""
    return lambda *bug: python_command(str(SMALL_CLIENT), *bug)
