"""The judge of the crash tests, and books that it must not let pass."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mock_momo.testing import World
from tests.crash.children import act, recover
from tests.crash.judge import judge
from tests.crash.places import places
from tests.crash.processes import ENDED, ended
from tests.crash.scenarios import PLAN, RULES, SCENARIOS

CHECKER = next(n for n, scenario in enumerate(SCENARIOS) if scenario.name == "checker")
TAMPERED = (
    ("DELETE FROM payments WHERE external_id = '1'", "the ledger does not know it"),
    ("UPDATE payments SET amount_minor = 1 WHERE external_id = '1'", "otherwise than it was"),
    ("UPDATE payments SET status = 'failed' WHERE external_id = '1'", "is failed"),
    ("UPDATE payments SET status = 'completed' WHERE external_id = '2'", "is completed"),
    ("UPDATE payments SET next_check_at_ms = 1 WHERE external_id = '1'", "is left completed"),
    ("UPDATE payments SET review = 'open' WHERE external_id = '4'", "is left failed, review open"),
    ("DELETE FROM postings WHERE step = 'closed' AND amount_minor = 1250", "sum to -1250"),
    ("DELETE FROM postings WHERE amount_minor IN (1250, -1250)", "is booked []"),
    ("UPDATE postings SET account = 'tips' WHERE account = 'wallet'", "the wallet holds 0"),
)


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Path, World]]:
    """A ledger that is in order, with payments of every kind and end, and their world."""
    with places("sqlite") as ground, ground.new(outcome=PLAN, rules=RULES) as (site, world):
        for work in ((act, site, CHECKER, ""), (recover, site, CHECKER)):
            assert ended(*work) == ENDED
        yield site.folder / "ledger.sqlite3", world


def test_books_that_are_in_order_are_let_pass(place: tuple[Path, World]) -> None:
    ledger, world = place

    assert judge(world, f"sqlite:///{ledger}") == []


@pytest.mark.parametrize(("statement", "complaint"), TAMPERED)
def test_books_that_are_not_in_order_are_complained_of(
    place: tuple[Path, World], tmp_path: Path, statement: str, complaint: str
) -> None:
    ledger, world = place
    copy = shutil.copy(ledger, tmp_path)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute(statement)

    assert [one for one in judge(world, f"sqlite:///{copy}") if complaint in one]


def test_an_order_that_was_paid_twice_is_complained_of(place: tuple[Path, World]) -> None:
    ledger, world = place
    kept = world.state()
    payments = [
        row | {"external_id": "1"} if row["external_id"] == "3" else row for row in kept["payments"]
    ]
    world.set_state(kept | {"payments": payments})

    findings = judge(world, f"sqlite:///{ledger}")

    world.set_state(kept)
    assert "collection.requesttopay.create 1 was paid 2 times" in findings
