"""One fake for the whole run; the drivers are real child processes."""

import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mock_momo.testing import Control, running_fake

LIARS = Path(__file__).with_name("liars.py")


@pytest.fixture(scope="session")
def fake() -> Iterator[Control]:
    with running_fake() as control:
        yield control


@pytest.fixture
def python_command() -> Callable[..., str]:
    """Makes the command line of a driver in Python."""
    return lambda *words: shlex.join((sys.executable, *words))


@pytest.fixture
def liar(python_command: Callable[..., str]) -> Callable[[str], str]:
    """Makes the command line of a driver without a client, in one of its modes."""
    return lambda mode: python_command(str(LIARS), mode)
