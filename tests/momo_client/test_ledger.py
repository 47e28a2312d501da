"""The books: real SQLite files, many writers."""

import sqlite3
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import TimeoutError as NoConnection

from momo_client import Cause, InvalidRequest, Ledger, LedgerError, Payment, PaymentStatus
from momo_client.core.bookings import PARTIES, WALLET
from momo_client.core.effects import Claim
from momo_client.core.settlement import Complete, Fail, Wait
from momo_client.edge import database
from momo_client.errors import UnknownPayment
from momo_contracts.values import Currency, Money

NOW_MS = 1_800_000_000_000
COMPLETE = Complete("SUCCESSFUL", "600198217")

NewPayment = Callable[..., Payment]


def claim(owner: str = "a", limit: int = 10, now_ms: int = NOW_MS) -> Claim:
    return Claim(owner, limit, now_ms, now_ms + 30_000, now_ms + 300_000)


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_a_payment_comes_back_as_it_was_written(ledger: Ledger, new_payment: NewPayment) -> None:
    payment = new_payment(money=Money.of("9999999999.99", "EUR"))
    ledger.record(payment)
    assert ledger.find(payment.reference_id) == payment


def test_a_reference_id_is_used_once(ledger: Ledger, new_payment: NewPayment) -> None:
    payment = new_payment()
    ledger.record(payment)
    with pytest.raises(InvalidRequest, match="already in the ledger") as caught:
        ledger.record(payment)
    assert caught.value.reference_id == payment.reference_id


def test_only_a_taken_reference_id_is_said_to_be_taken(
    ledger: Ledger, new_payment: NewPayment
) -> None:
    with pytest.raises(LedgerError, match="CHECK constraint failed"):
        ledger.record(new_payment(money=Money.of_minor(0, Currency.of("EUR"))))


@pytest.mark.parametrize(
    "changes", [{"external_id": "\ud800"}, {"created_at_ms": 2**63}, {"payer_message": ["x"]}]
)
def test_what_the_database_cannot_hold_is_said_in_our_own_words(
    ledger: Ledger, new_payment: NewPayment, changes: dict[str, object]
) -> None:
    with pytest.raises(LedgerError, match="cannot be used"):
        ledger.record(new_payment(**changes))


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


def test_an_unknown_payment_is_said_to_be_unknown(ledger: Ledger) -> None:
    with pytest.raises(UnknownPayment):
        ledger.find("0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10")


def test_payments_are_found_by_the_name_that_they_were_made_under(
    ledger: Ledger, new_payment: NewPayment
) -> None:
    second = new_payment(external_id="order-7", created_at_ms=NOW_MS + 1)
    first = new_payment(external_id="order-7")
    for payment in (second, first, new_payment(external_id="order-8")):
        ledger.record(payment, again=True)
    assert ledger.find_by_external_id("order-7") == (first, second)
    assert ledger.find_by_external_id("order-9") == ()


def test_a_completed_payment_is_booked_on_both_sides(
    ledger: Ledger, new_payment: NewPayment
) -> None:
    payment = new_payment()
    ledger.record(payment)
    settled = ledger.settle(payment.reference_id, COMPLETE)
    assert settled.status is PaymentStatus.COMPLETED
    assert settled == ledger.find(payment.reference_id)
    booked = {entry.posting.account: str(entry.posting.money) for entry in ledger.entries()}
    assert booked == {WALLET: "12.50 EUR", PARTIES: "-12.50 EUR"}
    assert ledger.balance(WALLET) == {"EUR": Money.of("12.50", "EUR")}


def test_a_failed_payment_books_nothing(ledger: Ledger, new_payment: NewPayment) -> None:
    payment = new_payment()
    ledger.record(payment)
    assert ledger.settle(payment.reference_id, Fail(Cause.PROVIDER, "EXPIRED")).reason == "EXPIRED"
    assert ledger.entries() == ()


def test_the_first_final_decision_stands(ledger: Ledger, new_payment: NewPayment) -> None:
    failed, paid = new_payment(), new_payment()
    for payment, first, second in (
        (failed, Fail(Cause.PROVIDER, "EXPIRED"), COMPLETE),
        (paid, COMPLETE, Fail(Cause.DEADLINE, "late")),
    ):
        ledger.record(payment)
        settled = ledger.settle(payment.reference_id, first)
        assert ledger.settle(payment.reference_id, second) == settled
    assert len(ledger.entries()) == 2


def test_many_workers_settling_one_payment_credit_it_once(
    ledger_url: str, ledger: Ledger, new_payment: NewPayment
) -> None:
    payment = new_payment()
    ledger.record(payment)
    ledgers = [Ledger.open(ledger_url) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        results = list(
            pool.map(lambda one: one.settle(payment.reference_id, COMPLETE), ledgers * 4)
        )
    for one in ledgers:
        one.close()
    assert {result.status for result in results} == {PaymentStatus.COMPLETED}
    assert ledger.balance(WALLET) == {"EUR": payment.money}


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


def test_a_claim_takes_the_longest_due_first_and_moves_them(
    ledger: Ledger, new_payment: NewPayment
) -> None:
    due_at = [NOW_MS - 1, NOW_MS - 3, NOW_MS, NOW_MS - 2, NOW_MS + 1]
    payments = [new_payment(next_check_at_ms=instant) for instant in due_at]
    for payment in payments:
        ledger.record(payment)
    claimed = ledger.claim(claim(limit=2))
    assert {payment.reference_id for payment in claimed} == {
        payments[1].reference_id,
        payments[3].reference_id,
    }
    assert {payment.next_check_at_ms for payment in claimed} == {NOW_MS + 30_000}
    assert {payment.checks for payment in claimed} == {1}
    assert len(ledger.claim(claim(limit=10))) == 2


def test_stuck_payments_starve_nobody(ledger: Ledger, new_payment: NewPayment) -> None:
    for _ in range(30):
        ledger.record(new_payment())
    seen: set[str] = set()
    for turn in range(3):
        for payment in ledger.claim(claim(now_ms=NOW_MS + turn * 30_000)):
            seen.add(payment.reference_id)
            ledger.settle(payment.reference_id, Wait(NOW_MS + (turn + 1) * 30_000))
    assert len(seen) == 30


def test_workers_that_claim_at_the_same_time_share_the_payments(
    ledger_url: str, ledger: Ledger, new_payment: NewPayment
) -> None:
    for _ in range(40):
        ledger.record(new_payment())
    ledgers = [Ledger.open(ledger_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        rounds = list(pool.map(lambda one: one.claim(claim(limit=5)), ledgers * 2))
    for one in ledgers:
        one.close()
    claimed = [payment.reference_id for each in rounds for payment in each]
    assert len(claimed) == len(set(claimed)) == 40


def test_a_lease_ends_with_the_settlement_or_when_its_worker_is_gone(
    ledger: Ledger, new_payment: NewPayment
) -> None:
    payment = new_payment()
    ledger.record(payment)
    assert ledger.claim(claim())
    assert not ledger.claim(claim(now_ms=NOW_MS + 299_999))
    assert ledger.claim(claim(now_ms=NOW_MS + 300_000))
    ledger.settle(payment.reference_id, Wait(NOW_MS + 300_001))
    assert ledger.claim(claim(now_ms=NOW_MS + 300_001))


def test_final_payments_are_never_claimed(ledger: Ledger, new_payment: NewPayment) -> None:
    payment = new_payment()
    ledger.record(payment)
    ledger.settle(payment.reference_id, COMPLETE)
    assert ledger.claim(claim()) == ()


def test_a_ledger_without_tables_is_refused_with_the_command_that_makes_them(
    ledger_url: str,
) -> None:
    with pytest.raises(LedgerError, match="no tables") as caught:
        Ledger.open(ledger_url)
    assert "ledger init" in caught.value.remedy


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


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://u:canary@h/d", "canary", ""]
)
def test_a_url_of_neither_database_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(LedgerError, match="neither an SQLite file nor") as caught:
        Ledger.open(url)
    assert "canary" not in str(caught.value)


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
