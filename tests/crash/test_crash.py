"""Processes of the client are killed with SIGKILL; what they leave behind is enough to go on."""

from collections.abc import Iterator

import pytest

from tests.crash.enumeration import enumerate_kills
from tests.crash.load import kill_at_random
from tests.crash.places import Places, places
from tests.crash.scenarios import SCENARIOS, Scenario


@pytest.fixture(scope="module")
def ground() -> Iterator[Places]:
    with places("sqlite") as ground:
        yield ground


@pytest.mark.parametrize("boundary", ["collection.", "COMMIT", "given back"])
def test_a_payment_is_neither_lost_nor_doubled_around_a_request_or_a_commit(
    ground: Places, boundary: str
) -> None:
    done = enumerate_kills(ground, SCENARIOS[0], boundary)

    assert done.kills >= 5
    assert list(done.findings) == []


def test_a_shop_on_a_bad_line_that_is_killed_at_random_loses_and_doubles_nothing(
    ground: Places,
) -> None:
    done = kill_at_random(ground, kills=4, seed=1, on_kill=lambda _: None)

    assert done.payments["SUCCESSFUL"]
    assert done.findings == ()


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_nothing_is_lost_or_doubled_whichever_step_was_the_last(
    ground: Places, scenario: Scenario
) -> None:
    done = enumerate_kills(ground, scenario)

    assert done.kills == done.boundaries > 0
    assert list(done.findings) == []
