"""The audit of real books, in SQLite and PostgreSQL, before and after somebody's hand was in."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from momo_client import Cause, Ledger, LedgerError, Payment
from momo_client.core.settlement import Accept, Complete, Decision, Dismiss, Fail, Wait
from momo_client.edge.audit import audit
from momo_contracts.operations import OPERATIONS

TRANSFER = OPERATIONS["disbursement.transfer.create"]
COMPLETE = Complete("SUCCESSFUL", "600198217")
FAIL = Fail(Cause.PROVIDER, "EXPIRED", "FAILED")
GIVE_UP = Fail(Cause.DEADLINE, "still open", watch_at_ms=1)
WAIT = Wait(1, is_known=True)
LOST = Wait(None)

LIVES: tuple[tuple[Decision, ...], ...] = (
    (),
    (WAIT,),
    (COMPLETE,),
    (FAIL,),
    (GIVE_UP,),
    (GIVE_UP, FAIL),
    (GIVE_UP, LOST),
    (GIVE_UP, LOST, Dismiss()),
    (GIVE_UP, COMPLETE),
    (GIVE_UP, COMPLETE, Accept()),
    (GIVE_UP, COMPLETE, Dismiss()),
)

AS_INCOME = (
    "UPDATE payments SET operation = 'collection.requesttopay.create' WHERE reference_id = :id"
)

Tamper = Callable[..., None]


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def tamper(ledger_url: str) -> Tamper:
    """Runs statements past the ledger's code, and past its foreign keys."""

    def run(*statements: str, **values: object) -> None:
        engine = create_engine(make_url(ledger_url))
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), values)
        engine.dispose()

    return run


@pytest.fixture
def paid_out(ledger: Ledger, new_payment: Callable[..., Payment]) -> str:
    """A transfer that arrived, among many payments of every kind; its reference id."""
    for operation in ("collection.requesttopay.create", "disbursement.transfer.create"):
        for life in LIVES:
            payment = new_payment(operation=OPERATIONS[operation])
            ledger.record(payment)
            for decision in life:
                ledger.settle(payment.reference_id, decision)
    arrived = new_payment(operation=TRANSFER)
    ledger.record(arrived)
    ledger.settle(arrived.reference_id, COMPLETE)
    return arrived.reference_id


def test_books_that_the_client_kept_add_up(ledger: Ledger, paid_out: str) -> None:
    assert paid_out
    assert audit(ledger) == ()


def test_an_empty_ledger_adds_up(ledger: Ledger) -> None:
    assert audit(ledger) == ()


@pytest.mark.parametrize(
    ("statement", "flaw"),
    [
        ("DELETE FROM postings WHERE reference_id = :id", "without being taken from the wallet"),
        (
            "DELETE FROM postings WHERE reference_id = :id AND step = 'closed'",
            "without being closed",
        ),
        ("UPDATE payments SET status = 'pending' WHERE reference_id = :id", "nothing is due"),
        (
            "UPDATE postings SET amount_minor = 1 WHERE reference_id = :id AND account = 'parties'",
            "do not sum to zero",
        ),
        (
            "UPDATE postings SET amount_minor = amount_minor * 2 WHERE reference_id = :id",
            "another amount",
        ),
        (
            "UPDATE postings SET currency = 'UGX' WHERE reference_id = :id AND account = 'parties'",
            "sum to zero",
        ),
        (
            "UPDATE postings SET account = 'me' WHERE reference_id = :id AND account = 'parties'",
            "other accounts",
        ),
        (AS_INCOME, "is due"),
        (
            "UPDATE payments SET operation = 'nonsense' WHERE reference_id = :id",
            "no payment that can be read",
        ),
        (
            "UPDATE payments SET msisdn = 'nonsense' WHERE reference_id = :id",
            "no payment that can be read",
        ),
        (
            "UPDATE postings SET currency = 'XXX' WHERE reference_id = :id",
            "no payment that can be read",
        ),
        ("UPDATE payments SET currency = 'UGX' WHERE reference_id = :id", "another amount"),
    ],
)
def test_what_a_hand_has_changed_is_found_and_named(
    ledger: Ledger, paid_out: str, tamper: Tamper, statement: str, flaw: str
) -> None:
    tamper(statement, id=paid_out)
    complaints = [complaint for complaint in audit(ledger) if paid_out in complaint]
    assert [flaw in complaint for complaint in complaints].count(True) == 1


def test_bookings_of_no_payment_are_found(
    ledger: Ledger, paid_out: str, tamper: Tamper, ledger_url: str
) -> None:
    if ledger_url.startswith("postgresql"):
        tamper("ALTER TABLE postings DROP CONSTRAINT postings_reference_id_fkey")
    tamper("DELETE FROM payments WHERE reference_id = :id", id=paid_out)
    assert audit(ledger) == (f"no payment that can be read: {paid_out}",)


def test_money_that_stays_in_transit_is_told(ledger: Ledger, paid_out: str, tamper: Tamper) -> None:
    tamper("DELETE FROM postings WHERE reference_id = :id AND step = 'closed'", id=paid_out)
    assert audit(ledger)[1:] == ("75.00 EUR in transit, but the payments under way are 62.50 EUR",)


def test_a_ledger_that_lacks_a_table_is_told_in_our_own_words(
    ledger: Ledger, tamper: Tamper
) -> None:
    tamper("DROP TABLE postings")
    with pytest.raises(LedgerError, match="cannot be used"):
        audit(ledger)


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_a_damaged_file_is_told(ledger: Ledger, paid_out: str, ledger_url: str) -> None:
    assert paid_out
    file = Path(ledger_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("DELETE FROM sqlite_schema WHERE name = 'payments_due'")
        raw.commit()
    ledger.close()
    damaged = Ledger.open(ledger_url)
    first, *_ = audit(damaged)
    damaged.close()
    assert first.startswith("the file is damaged: ")
