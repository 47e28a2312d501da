"""What is SQLite's alone: its file, its pragmas, its one writer."""

import sqlite3
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import TimeoutError as NoConnection

from momo_client import Ledger, LedgerError, Payment
from momo_client.core.settlement import Complete
from momo_client.edge import database

COMPLETE = Complete("SUCCESSFUL", "600198217")
VERSION_1 = Path(__file__).with_name("ledger_version_1.sql")

NewPayment = Callable[..., Payment]


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_a_ledger_of_version_1_keeps_its_payments_and_its_books(ledger_url: str) -> None:
    with closing(sqlite3.connect(file_of(ledger_url))) as raw, raw:
        raw.executescript(VERSION_1.read_text("utf-8"))
    with pytest.raises(LedgerError, match="schema version 1, not 2"):
        Ledger.open(ledger_url)
    ledger = Ledger.create(ledger_url)
    assert [(row.external_id, row.status.value) for row in ledger.payments()] == [
        ("order-1", "completed"),
        ("order-2", "pending"),
    ]
    assert [row.next_check_at_ms for row in ledger.payments()] == [None, 1_800_000_030_000]
    assert {row.operation.name for row in ledger.payments()} == {"collection.requesttopay.create"}
    balances = ledger.balances()
    assert (str(balances["wallet"]["EUR"]), str(balances["parties"]["EUR"])) == (
        "12.50 EUR",
        "-12.50 EUR",
    )
    ledger.close()
    Ledger.open(ledger_url).close()


def test_a_broken_ledger_shows_no_number_and_no_text_of_a_payment(
    ledger_url: str, ledger: Ledger, new_payment: NewPayment
) -> None:
    with closing(sqlite3.connect(file_of(ledger_url))) as raw, raw:
        raw.execute("ALTER TABLE payments RENAME COLUMN payee_note TO gone")
        raw.execute("ALTER TABLE payments ADD COLUMN payee_note GENERATED ALWAYS AS ('x')")
    payment = new_payment(payee_note="canary")
    with pytest.raises(LedgerError) as caught:
        ledger.record(payment)
    shown = "".join(traceback.format_exception(caught.value))
    assert "generated column" in shown
    assert "46733123499" not in shown
    assert "canary" not in shown


def test_those_who_wait_in_vain_for_a_connection_are_told_in_our_own_words(
    ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0)
    engine = database.connect(ledger_url)
    with ExitStack() as held:
        held.callback(engine.dispose)
        with suppress(NoConnection):
            while True:
                held.enter_context(engine.connect())
        with pytest.raises(LedgerError, match="cannot be used"):
            Ledger(engine).payments()


def test_every_connection_is_durable_and_keeps_its_references(ledger_url: str) -> None:
    engine = database.connect(ledger_url)
    with engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    assert pragmas == ["wal", 2, 1]


def test_the_database_itself_refuses_a_second_credit(
    ledger_url: str, ledger: Ledger, new_payment: NewPayment
) -> None:
    payment = new_payment()
    ledger.record(payment)
    ledger.settle(payment.reference_id, COMPLETE)
    with (
        closing(sqlite3.connect(file_of(ledger_url))) as raw,
        pytest.raises(sqlite3.IntegrityError),
    ):
        raw.execute(
            "INSERT INTO postings VALUES (?, 'closed', 'wallet', 1250, 'EUR')",
            (payment.reference_id,),
        )


def test_a_newer_ledger_is_left_alone(ledger_url: str) -> None:
    Ledger.create(ledger_url).close()
    with closing(sqlite3.connect(file_of(ledger_url))) as raw, raw:
        raw.execute("UPDATE schema_version SET version = 99")
    for way_in in (Ledger.open, Ledger.create):
        with pytest.raises(LedgerError, match="newer"):
            way_in(ledger_url)


def test_creating_the_same_ledger_at_the_same_time_is_harmless(ledger_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        for url in (f"{ledger_url}-{number}" for number in range(20)):  # a race: try it often
            for created in list(pool.map(Ledger.create, [url] * 8)):
                created.close()
            Ledger.open(url).close()


def test_a_file_that_is_no_database_is_refused_in_our_own_words(ledger_url: str) -> None:
    file_of(ledger_url).write_bytes(b"not a database, and longer than one page header" * 50)
    with pytest.raises(LedgerError, match="cannot be used"):
        Ledger.open(ledger_url)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="folder does not exist"):
        Ledger.open(f"sqlite:///{tmp_path}/nowhere/ledger.sqlite3")


def test_readers_do_not_wait_for_a_writer(ledger_url: str, ledger: Ledger) -> None:
    with closing(sqlite3.connect(file_of(ledger_url), isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert ledger.payments() == ()
