"""What is PostgreSQL's alone: locks of rows, and writers beside each other."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text

from momo_client import InvalidRequest, Ledger, LedgerError, Payment
from momo_client.core.settlement import Complete
from momo_client.edge import database

NewPayment = Callable[..., Payment]


@pytest.fixture
def ledger(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """One that waits a second for others, not thirty."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 1)
    ledger = Ledger.create(postgres_url)
    yield ledger
    ledger.close()


def test_a_row_that_somebody_holds_is_not_waited_for_for_ever(
    ledger: Ledger, postgres_url: str, new_payment: NewPayment
) -> None:
    payment = new_payment()
    ledger.record(payment)
    holder = create_engine(postgres_url)
    with holder.connect() as session:
        session.execute(text("SELECT 1 FROM payments FOR UPDATE"))
        with pytest.raises(LedgerError, match="lock timeout"):
            ledger.settle(payment.reference_id, Complete("SUCCESSFUL", ""))
    holder.dispose()
    assert ledger.settle(payment.reference_id, Complete("SUCCESSFUL", "")).is_final


def test_twenty_who_wait_for_a_quicker_one_are_refused_and_keep_nobody_from_a_connection(
    ledger: Ledger, postgres_url: str, new_payment: NewPayment
) -> None:
    quicker = Ledger.open(postgres_url)

    def submit(number: int) -> str:
        one = quicker if number % 2 else ledger
        try:
            one.record(new_payment(external_id="order-7"))
        except InvalidRequest as error:
            return error.code
        return "recorded"

    with ThreadPoolExecutor(20) as pool:
        told = sorted(pool.map(submit, range(20)))
    quicker.close()
    assert told == ["EXTERNAL_ID_TAKEN"] * 19 + ["recorded"]
