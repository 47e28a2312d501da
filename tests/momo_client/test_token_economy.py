"""A day of calls costs as few tokens as a day has hours, and one."""

import pytest

from mock_momo.testing import World, in_process_fake
from momo_client import BlockingMomoClient, Ledger, ManualClock
from tests.momo_client.conftest import settings_for

DAY_S = 24 * 3600
MOST_TOKENS = 25
"""Mission: a token lives an hour and is renewed a minute early, so a day takes 25 of them."""


@pytest.mark.parametrize(
    "every_s", [60, pytest.param(1, marks=[pytest.mark.long, pytest.mark.timeout(900)])]
)
def test_a_day_of_reads_takes_at_most_25_tokens(ledger: Ledger, every_s: int) -> None:
    with in_process_fake() as fake:
        world = fake.namespace("economy")
        reads = DAY_S // every_s
        read_balances(world, ledger, reads, every_s)

        calls = world.books().calls
        assert calls["collection.balance"] == reads
        assert calls["collection.token"] <= MOST_TOKENS


def read_balances(world: World, ledger: Ledger, reads: int, every_s: int) -> None:
    """One read every so many seconds, on a client's clock that is the world's."""
    clock = ManualClock(world.freeze().now_ms)
    client = BlockingMomoClient(settings_for(world), ledger, clock=clock)
    for _ in range(reads):
        client.balance()
        clock.move_to(world.advance(every_s).now_ms)
