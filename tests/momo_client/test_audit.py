"""What an audit complains about: books as values, by hand."""

from collections.abc import Callable

import pytest

from momo_client import Cause, Payment, PaymentStatus, Review
from momo_client.core.audit import Page, audit
from momo_client.core.bookings import IN_TRANSIT, PARTIES, WALLET, Posting, Step, closing, opening
from momo_contracts.operations import OPERATIONS
from momo_contracts.values import Currency, Money

NewPayment = Callable[..., Payment]

OUTGOING = {"operation": OPERATIONS["disbursement.transfer.create"]}
PENDING = {"status": PaymentStatus.PENDING}
COMPLETED = {"status": PaymentStatus.COMPLETED, "next_check_at_ms": None}
WATCHED = {"status": PaymentStatus.FAILED, "cause": Cause.DEADLINE}
FAILED = WATCHED | {"next_check_at_ms": None}
REVIEWED = FAILED | {"review": Review.OPEN}
DISMISSED = FAILED | {"review": Review.DISMISSED}

STATES = (PENDING, COMPLETED, WATCHED, FAILED, REVIEWED, DISMISSED)
UNDER_WAY = (PENDING, WATCHED, REVIEWED)


def moved(step: Step, source: str, target: str, cents: int = 1250) -> tuple[Posting, ...]:
    euros = Currency.of("EUR")
    return (
        Posting(step, source, Money.of_minor(-cents, euros)),
        Posting(step, target, Money.of_minor(cents, euros)),
    )


OPENED = moved(Step.OPENED, WALLET, IN_TRANSIT)
ARRIVED = moved(Step.CLOSED, IN_TRANSIT, PARTIES)
RETURNED = moved(Step.CLOSED, IN_TRANSIT, WALLET)
EARNED = moved(Step.CLOSED, PARTIES, WALLET)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", [{}, OUTGOING])
def test_what_the_client_itself_books_adds_up(
    new_payment: NewPayment, way: dict[str, object], state: dict[str, object]
) -> None:
    before, after = new_payment(**way), new_payment(**way | state)
    postings = opening(before) + closing(before, after)
    assert audit([Page("r", after, postings), Page("s", before, opening(before))]) == ()


@pytest.mark.parametrize(
    ("changes", "postings", "flaw"),
    [
        (PENDING, EARNED, "nothing is due"),
        (FAILED, EARNED, "nothing is due"),
        (COMPLETED, (), "without being closed"),
        (COMPLETED, OPENED + EARNED, "nothing is due"),
        (COMPLETED, EARNED[:1], "sum to zero"),
        (COMPLETED, RETURNED, "another amount, or between other accounts"),
        (COMPLETED, moved(Step.CLOSED, PARTIES, WALLET, 1), "another amount"),
        (COMPLETED, EARNED + moved(Step.CLOSED, IN_TRANSIT, "elsewhere"), "another amount"),
        (OUTGOING | PENDING, (), "without being taken from the wallet"),
        (OUTGOING | COMPLETED, ARRIVED, "without being taken from the wallet"),
        (OUTGOING | COMPLETED, OPENED, "without being closed"),
        (OUTGOING | COMPLETED, OPENED + RETURNED, "between other accounts"),
        (OUTGOING | FAILED, OPENED, "without being closed"),
        (OUTGOING | FAILED, OPENED + ARRIVED, "between other accounts"),
        (OUTGOING | DISMISSED, OPENED, "without being closed"),
        *((OUTGOING | state, OPENED + RETURNED, "nothing is due") for state in UNDER_WAY),
    ],
)
def test_a_booking_that_contradicts_its_payment_is_named(
    new_payment: NewPayment,
    changes: dict[str, object],
    postings: tuple[Posting, ...],
    flaw: str,
) -> None:
    first, *_ = audit([Page("r", new_payment(**changes), postings)])
    assert flaw in first
    assert first.endswith(": r")


def test_what_is_lost_in_transit_is_told_in_each_currency(new_payment: NewPayment) -> None:
    pages = [
        Page("a", new_payment(**OUTGOING)),
        Page("b", new_payment(**OUTGOING | {"money": Money.of("7", "UGX")})),
        Page("c", new_payment(**OUTGOING), OPENED),
    ]
    assert audit(pages)[1:] == (
        "12.50 EUR in transit, but the payments under way are 25.00 EUR",
        "0 UGX in transit, but the payments under way are 7 UGX",
    )


def test_bookings_without_a_payment_are_named() -> None:
    assert audit([Page("r", None)]) == ("no payment that can be read: r",)


def test_of_many_three_are_named_and_the_others_counted(new_payment: NewPayment) -> None:
    pages = [Page(name, new_payment(**COMPLETED)) for name in "abcde"]
    assert audit(pages) == ("ended without being closed: a, b, c and 2 more",)


def test_a_flaw_of_both_steps_is_told_once(new_payment: NewPayment) -> None:
    postings = (*OPENED[:1], *ARRIVED[:1])
    first, *_ = audit([Page("r", new_payment(**OUTGOING | COMPLETED), postings)])
    assert first == "postings that do not sum to zero: r"
