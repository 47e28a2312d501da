"""One fake for the whole run; the drivers are real child processes."""

import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mock_momo.testing import Control, running_fake
from momo_conformance.examination import Bench
from momo_conformance.relay import Relay
from momo_conformance.subject import Subject
from momo_conformance.suite import DriverSuite, Suite

LIARS = Path(__file__).with_name("liars.py")

StartSuite = Callable[[str], Suite]


@pytest.fixture(scope="session")
def fake() -> Iterator[Control]:
    with running_fake() as control:
        yield control


@pytest.fixture
def start_suite(fake: Control, tmp_path: Path) -> Iterator[StartSuite]:
    """Starts a suite for the driver with this command line."""
    subjects: list[Subject] = []
    with Relay() as relay:

        def start(driver_command: str) -> Suite:
            subjects.append(Subject(driver_command))
            return DriverSuite(fake, Bench(subjects[-1], relay, tmp_path))

        yield start
        for subject in subjects:
            subject.stop()


@pytest.fixture
def python_command() -> Callable[..., str]:
    """Makes the command line of a driver in Python."""
    return lambda *words: shlex.join((sys.executable, *words))


@pytest.fixture
def liar(python_command: Callable[..., str]) -> Callable[[str], str]:
    """Makes the command line of a driver without a client, in one of its modes."""
    return lambda mode: python_command(str(LIARS), mode)
