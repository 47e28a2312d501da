"""What a log says of each event, and what it never says."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from momo_client import Cause, Payment, PaymentStatus, Review, Round
from momo_client.core.events import (
    AlarmRaised,
    CallbackContradicted,
    CallbackRefused,
    CallbackTaken,
    CallbackUnconfirmed,
    CallEnded,
    Event,
    PaymentRecorded,
    PaymentSettled,
    RoundEnded,
    RoundLost,
    TokenFailed,
    TokenTaken,
)
from momo_client.core.log_records import Fact, Level, record_of
from momo_contracts.operations import READ_BALANCE
from momo_contracts.values import Product

ID = "0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10"


@pytest.mark.parametrize(
    ("event", "level", "name", "facts"),
    [
        (
            CallEnded(READ_BALANCE, "", 200, "", "", 0.12345),
            Level.DEBUG,
            "call_ended",
            {"operation": "collection.balance", "status": 200, "duration_s": 0.1235},
        ),
        (
            CallEnded(READ_BALANCE, ID, 0, "", "timeout", 30),
            Level.WARNING,
            "call_ended",
            {
                "operation": "collection.balance",
                "reference_id": ID,
                "problem": "timeout",
                "duration_s": 30,
            },
        ),
        (
            TokenTaken(Product.COLLECTION, is_cached=True),
            Level.DEBUG,
            "token_taken",
            {"product": "collection", "source": "cache"},
        ),
        (
            TokenTaken(Product.COLLECTION, is_cached=False),
            Level.DEBUG,
            "token_taken",
            {"product": "collection", "source": "fetched"},
        ),
        (
            TokenFailed(Product.REMITTANCE, "LOGIN_FAILED"),
            Level.WARNING,
            "token_failed",
            {"product": "remittance", "code": "LOGIN_FAILED"},
        ),
        (
            CallbackTaken(ID, is_known=False, word="FAILED"),
            Level.INFO,
            "callback_taken",
            {"reference_id": ID, "word": "FAILED", "is_known": False},
        ),
        (CallbackRefused("why"), Level.WARNING, "callback_refused", {"problem": "why"}),
        (
            CallbackUnconfirmed(ID, "why"),
            Level.WARNING,
            "callback_unconfirmed",
            {"reference_id": ID, "problem": "why"},
        ),
        (
            RoundEnded(Round(2, 1, 0, 1, 0, ("timeout",)), 0.5),
            Level.INFO,
            "round_ended",
            {
                "checked": 2,
                "completed": 1,
                "failed": 0,
                "pending": 1,
                "reviews": 0,
                "problems": "timeout",
                "duration_s": 0.5,
            },
        ),
        (RoundLost("disk full"), Level.ERROR, "round_lost", {"problem": "disk full"}),
        (
            AlarmRaised("failure_rate", 0.5, 4, 0.2),
            Level.ERROR,
            "alarm_raised",
            {"name": "failure_rate", "share": 0.5, "total": 4, "threshold": 0.2},
        ),
    ],
)
def test_an_event_is_a_line(event: Event, level: Level, name: str, facts: dict[str, Fact]) -> None:
    record = record_of(event)
    assert (record.level, record.event, record.facts) == (level, name, facts)


def test_a_payment_is_told_by_its_reference_id_and_without_its_texts(
    new_payment: Callable[..., Payment],
) -> None:
    payment = new_payment(external_id="order-7", payer_message="canary", payee_note="canary")
    record = record_of(PaymentRecorded(payment))
    assert record.facts == {
        "reference_id": payment.reference_id,
        "operation": "collection.requesttopay.create",
        "external_id": "order-7",
        "amount": "12.50",
        "currency": "EUR",
        "party": "467*****499",
        "payment_status": "created",
    }
    late = new_payment(
        status=PaymentStatus.FAILED, cause=Cause.DEADLINE, review=Review.OPEN, reason="late"
    )
    told = record_of(PaymentSettled(late, payment))
    assert told.level is Level.WARNING
    assert (told.facts["cause"], told.facts["review"]) == ("deadline", "open")
    assert record_of(PaymentSettled(payment, payment)).level is Level.INFO
    contradicted = record_of(CallbackContradicted(late, "SUCCESSFUL"))
    assert (contradicted.level, contradicted.facts["word"]) == (Level.WARNING, "SUCCESSFUL")


@pytest.mark.parametrize("number", ["46733123499", "0733123499", "+46 733-12.34.99", "4673312"])
@pytest.mark.parametrize(
    "tell",
    [
        lambda words, _: RoundLost(words),
        lambda words, _: CallbackRefused(words),
        lambda words, _: CallbackUnconfirmed(ID, words),
        lambda words, _: CallbackTaken(ID, is_known=True, word=words),
        lambda words, _: TokenFailed(Product.COLLECTION, words),
        lambda words, _: CallEnded(READ_BALANCE, ID, 500, words, "", 0),
        lambda words, _: RoundEnded(Round(problems=(words,)), 0),
        lambda words, payment: PaymentSettled(replace(payment, reason=words), payment),
        lambda words, payment: CallbackContradicted(payment, words),
    ],
)
def test_a_phone_number_in_the_words_of_others_is_masked(
    new_payment: Callable[..., Payment], number: str, tell: Callable[[str, Payment], Event]
) -> None:
    facts = record_of(tell(f"payer {number} is barred (2 of 3)", new_payment())).facts
    words = [fact for fact in facts.values() if isinstance(fact, str) and "is barred" in fact]
    assert words
    assert all(number not in said and "payer" in said for said in words)
    assert all("(2 of 3)" in said and "***" in said for said in words)


def test_an_id_in_the_words_of_others_stays_whole_where_it_is_the_correlation_id() -> None:
    digits = "12345678-1234-4234-8234-123456789012"
    assert record_of(CallbackUnconfirmed(digits, "timeout")).facts["reference_id"] == digits
