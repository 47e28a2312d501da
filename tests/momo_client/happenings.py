"""One event of every kind, and of those that differ in a label one of each."""

from collections.abc import Iterator
from dataclasses import replace

from momo_client import Cause, Payment, PaymentStatus, Round
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
from momo_contracts.operations import REQUEST_TO_PAY
from momo_contracts.values import Money, Msisdn, Product

ID = "0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10"
PAYMENT = Payment(
    operation=REQUEST_TO_PAY,
    reference_id=ID,
    external_id="order-7",
    money=Money.of("12.50", "EUR"),
    msisdn=Msisdn("46733123499"),
    payer_message="a message",
    payee_note="a note",
    created_at_ms=0,
    deadline_at_ms=1,
    next_check_at_ms=0,
)
PAID = replace(PAYMENT, status=PaymentStatus.COMPLETED)


def failed(cause: Cause) -> Payment:
    return replace(PAYMENT, status=PaymentStatus.FAILED, cause=cause)


def happenings() -> Iterator[Event]:
    """Every kind of event once; calls by outcome, settlements by cause."""
    yield CallEnded(REQUEST_TO_PAY, ID, 0, "", "timeout", 30)
    for status, code in ((202, ""), (409, "RESOURCE_ALREADY_EXIST"), (503, "NEVER_HEARD_OF")):
        yield CallEnded(REQUEST_TO_PAY, ID, status, code, "", 0.3)
    for is_cached in (False, True):
        yield TokenTaken(Product.COLLECTION, is_cached=is_cached)
    yield TokenFailed(Product.COLLECTION, "LOGIN_FAILED")
    yield PaymentRecorded(PAYMENT)
    yield PaymentSettled(PAID, PAYMENT)
    for cause in Cause:
        yield PaymentSettled(failed(cause), PAYMENT)
    for is_known in (False, True):
        yield CallbackTaken(ID, is_known=is_known, word="SUCCESSFUL")
    yield CallbackRefused("the body cannot be read")
    yield CallbackContradicted(PAID, "FAILED")
    yield CallbackUnconfirmed(ID, "timeout")
    yield RoundEnded(Round(1, 1), 0.5)
    yield RoundLost("disk full")
    yield AlarmRaised("failure_rate", 0.5, 4, 0.2)
