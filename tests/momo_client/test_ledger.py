"""The books: a real SQLite file and a real PostgreSQL, many writers."""

import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from momo_client import Cause, InvalidRequest, Ledger, LedgerError, Payment, PaymentStatus
from momo_client.core.bookings import PARTIES, WALLET
from momo_client.core.effects import Claim
from momo_client.core.settlement import Accept, Complete, Fail, Wait
from momo_client.errors import UnknownPayment
from momo_contracts.values import Currency, Money

NOW_MS = 1_800_000_000_000
COMPLETE = Complete("SUCCESSFUL", "600198217")

NewPayment = Callable[..., Payment]


def claim(owner: str = "a", limit: int = 10, now_ms: int = NOW_MS) -> Claim:
    return Claim(owner, limit, now_ms, now_ms + 30_000, now_ms + 300_000)


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


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
    with pytest.raises(LedgerError, match=r"(?i)check constraint") as caught:
        ledger.record(new_payment(money=Money.of_minor(0, Currency.of("EUR"))))
    shown = "".join(traceback.format_exception(caught.value))
    assert "46733123499" not in shown


@pytest.mark.parametrize(
    "changes", [{"external_id": "\ud800"}, {"created_at_ms": 2**63}, {"payer_message": object()}]
)
def test_what_the_database_cannot_hold_is_said_in_our_own_words(
    ledger: Ledger, new_payment: NewPayment, changes: dict[str, object]
) -> None:
    with pytest.raises(LedgerError, match="cannot be used"):
        ledger.record(new_payment(**changes))


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


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://u:canary@h/d",
        "postgresql://u:p@canary@h/d",
        "postgresql://u:p@ss:canary@h/d",
        "canary",
        "",
    ],
)
def test_a_url_of_neither_database_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(LedgerError, match="neither an SQLite file nor") as caught:
        Ledger.open(url)
    assert "canary" not in str(caught.value)


def test_a_second_payment_under_one_name_is_refused_while_the_first_may_count(
    ledger: Ledger, new_payment: NewPayment
) -> None:
    first, second, third = (new_payment(external_id="order-7") for _ in range(3))
    ledger.record(first)
    with pytest.raises(InvalidRequest, match="already payment") as caught:
        ledger.record(second)
    assert (caught.value.reference_id, caught.value.code) == (
        first.reference_id,
        "EXTERNAL_ID_TAKEN",
    )
    ledger.settle(first.reference_id, Fail(Cause.PROVIDER, "EXPIRED"))
    ledger.record(second)
    ledger.record(third, again=True)


def test_a_name_is_taken_by_one_that_came_again_and_by_one_that_a_review_completed(
    ledger: Ledger, new_payment: NewPayment
) -> None:
    reviewed, repeated = new_payment(external_id="order-7"), new_payment(external_id="order-8")
    ledger.record(reviewed)
    ledger.settle(reviewed.reference_id, Fail(Cause.DEADLINE, "late", watch_at_ms=NOW_MS))
    ledger.settle(reviewed.reference_id, COMPLETE)
    ledger.settle(reviewed.reference_id, Accept())
    ledger.record(repeated, again=True)
    for namesake in (reviewed, repeated):
        with pytest.raises(InvalidRequest, match="already payment") as caught:
            ledger.record(new_payment(external_id=namesake.external_id))
        assert caught.value.reference_id == namesake.reference_id


def test_of_many_who_submit_one_order_at_once_one_is_let_in(
    ledger_url: str, ledger: Ledger, new_payment: NewPayment
) -> None:
    def submit(one: Ledger) -> bool:
        try:
            one.record(new_payment(external_id="order-7"))
        except InvalidRequest:
            return False
        return True

    ledgers = [Ledger.open(ledger_url) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(submit, ledgers)) == 1
    for one in ledgers:
        one.close()
    assert len(ledger.payments()) == 1


def test_a_hint_makes_a_payment_due_and_a_settled_one_stays_settled(
    ledger: Ledger, new_payment: NewPayment
) -> None:
    payment = new_payment(next_check_at_ms=NOW_MS + 60_000)
    ledger.record(payment)
    assert ledger.hint(payment.reference_id, NOW_MS + 5_000) == ledger.find(payment.reference_id)
    assert ledger.find(payment.reference_id).next_check_at_ms == NOW_MS + 5_000
    assert ledger.hint(payment.reference_id, NOW_MS + 9_000) is not None
    assert ledger.find(payment.reference_id).next_check_at_ms == NOW_MS + 5_000
    settled = ledger.settle(payment.reference_id, COMPLETE)
    assert ledger.hint(payment.reference_id, NOW_MS) == settled
    assert ledger.hint("0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10", NOW_MS) is None


def test_a_hint_does_not_wait_for_the_lease_of_a_worker_that_is_gone(
    ledger: Ledger, new_payment: NewPayment
) -> None:
    payment = new_payment()
    ledger.record(payment)
    assert ledger.claim(claim())
    ledger.hint(payment.reference_id, NOW_MS + 5_000)
    assert ledger.claim(claim(now_ms=NOW_MS + 5_000))


def test_a_review_is_listed_until_somebody_decides(ledger: Ledger, new_payment: NewPayment) -> None:
    late = new_payment()
    ledger.record(late)
    ledger.settle(late.reference_id, Fail(Cause.DEADLINE, "late", watch_at_ms=NOW_MS))
    ledger.settle(late.reference_id, COMPLETE)
    assert [row.reference_id for row in ledger.reviews()] == [late.reference_id]
    assert ledger.balances() == {}
    ledger.settle(late.reference_id, Accept())
    ledger.settle(late.reference_id, Accept())
    assert ledger.reviews() == ()
    assert ledger.balance(WALLET) == {"EUR": late.money}


def test_ledgers_made_at_the_same_time_are_one_ledger(ledger_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        for created in list(pool.map(Ledger.create, [ledger_url] * 8)):
            created.close()
    Ledger.open(ledger_url).close()
