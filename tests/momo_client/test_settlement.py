"""Decisions about money: tables for the facts, Hypothesis for the invariants."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momo_client import Cause, Payment, PaymentStatus
from momo_client.core.bookings import WALLET, Posting, closing, opening
from momo_client.core.classification import Look, NotFound, Observation, Undecided
from momo_client.core.payments import DAY_MS, DEADLINE_MS, Review
from momo_client.core.policy import Policy
from momo_client.core.settlement import (
    Accept,
    Complete,
    Decision,
    Dismiss,
    Fail,
    Wait,
    apply,
    decide,
)
from momo_contracts.operations import OPERATIONS, REQUEST_TO_PAY
from momo_contracts.values import CURRENCIES, Money, Msisdn

CREATED_MS = 1_800_000_000_000
LATER_MS = CREATED_MS + 60_000
DEADLINE = CREATED_MS + DEADLINE_MS
INTERVAL_MS = 30_000
POLICY = Policy()

PAYMENT = Payment(
    operation=REQUEST_TO_PAY,
    reference_id="0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10",
    external_id="order-7",
    money=Money.of("12.50", "EUR"),
    msisdn=Msisdn("46733123499"),
    payer_message="order-7",
    payee_note="order-7",
    created_at_ms=CREATED_MS,
    deadline_at_ms=DEADLINE,
    next_check_at_ms=CREATED_MS,
)


@pytest.mark.parametrize(
    ("look", "decision"),
    [
        (Observation("SUCCESSFUL"), Complete("SUCCESSFUL", "")),
        (
            Observation("SUCCESSFUL", financial_transaction_id="600198217"),
            Complete("SUCCESSFUL", "600198217"),
        ),
        (
            Observation("SUCCESSFUL", amount="12.5", currency="EUR"),
            Complete("SUCCESSFUL", ""),
        ),
        (
            Observation("SUCCESSFUL", external_id="order-7", party="46733123499"),
            Complete("SUCCESSFUL", ""),
        ),
        (
            Observation("SUCCESSFUL", reference_id=PAYMENT.reference_id.upper()),
            Complete("SUCCESSFUL", ""),
        ),
        (
            Observation("FAILED", "NOT_ENOUGH_FUNDS"),
            Fail(Cause.PROVIDER, "NOT_ENOUGH_FUNDS", "FAILED"),
        ),
        (Observation("FAILED"), Fail(Cause.PROVIDER, "FAILED", "FAILED")),
        (Observation("TIMEOUT", "EXPIRED"), Fail(Cause.PROVIDER, "EXPIRED", "TIMEOUT")),
        (
            Observation("REJECTED", "APPROVAL_REJECTED"),
            Fail(Cause.PROVIDER, "APPROVAL_REJECTED", "REJECTED"),
        ),
    ],
)
def test_a_final_word_settles(look: Look, decision: Decision) -> None:
    assert decide(PAYMENT, look, LATER_MS, POLICY) == decision


@pytest.mark.parametrize(
    ("look", "is_known", "reason"),
    [
        (Observation("PENDING"), True, ""),
        (Observation("CREATED"), True, ""),
        (Observation("successful"), False, "unknown status: 'successful'"),
        (Observation("ONGOING"), False, "unknown status: 'ONGOING'"),
        (Observation(""), False, "unknown status: ''"),
        (NotFound(), False, "not found"),
        (Undecided("timeout"), False, "timeout"),
        (Observation("SUCCESSFUL", currency="USD"), False, "currency differs: 'USD'"),
        (Observation("SUCCESSFUL", amount="12.51"), False, "amount differs: '12.51'"),
        (Observation("SUCCESSFUL", amount="much"), False, "amount differs: 'much'"),
        (Observation("SUCCESSFUL", amount="NaN"), False, "amount differs: 'NaN'"),
        (Observation("SUCCESSFUL", external_id="o"), False, "external id differs: 'o'"),
        (Observation("SUCCESSFUL", party="46733123450"), False, "the other party differs"),
        (Observation("PENDING", currency="USD"), False, "currency differs: 'USD'"),
        (
            Observation("FAILED", reference_id="another"),
            False,
            "the reply is about another payment",
        ),
    ],
)
def test_anything_else_waits_for_the_next_check(look: Look, is_known: bool, reason: str) -> None:  # noqa: FBT001  # a table's column
    decision = decide(PAYMENT, look, LATER_MS, POLICY)
    assert isinstance(decision, Wait)
    assert (decision.is_known, decision.reason) == (is_known, reason)
    assert decision.next_check_at_ms == LATER_MS + INTERVAL_MS


@pytest.mark.parametrize("look", [Observation("PENDING"), Observation("CREATED"), NotFound()])
def test_the_deadline_fails_a_payment_after_one_last_look(look: Look) -> None:
    assert isinstance(decide(PAYMENT, look, DEADLINE - 1, POLICY), Wait)
    last = decide(PAYMENT, look, DEADLINE, POLICY)
    assert isinstance(last, Fail)
    assert last.cause is Cause.DEADLINE


@pytest.mark.parametrize(
    "look",
    [
        Observation("WHATEVER"),
        Observation(""),
        Observation("PENDING", currency="USD"),
        Observation("FAILED", reference_id="another"),
        Undecided("unreadable reply"),
    ],
)
def test_garbage_never_ends_a_payment_at_its_deadline_or_before(look: Look) -> None:
    for now_ms in (LATER_MS, DEADLINE, DEADLINE + DEADLINE_MS):
        seen = apply(PAYMENT, decide(PAYMENT, look, now_ms, POLICY))
        assert seen.status is PaymentStatus.CREATED
        assert seen.reason


def test_a_success_seen_on_the_last_look_is_still_credited() -> None:
    assert decide(PAYMENT, Observation("SUCCESSFUL"), DEADLINE + 1, POLICY) == Complete(
        "SUCCESSFUL", ""
    )


def test_a_last_look_without_an_answer_does_not_count_as_one() -> None:
    assert isinstance(decide(PAYMENT, Undecided("timeout"), DEADLINE + 1, POLICY), Wait)


def test_a_look_that_knows_the_payment_makes_it_pending_and_an_unanswered_one_does_not() -> None:
    known = apply(PAYMENT, decide(PAYMENT, Observation("PENDING"), LATER_MS, POLICY))
    assert known.status is PaymentStatus.PENDING
    unknown = apply(known, decide(known, Undecided("timeout"), LATER_MS, POLICY))
    assert (unknown.status, unknown.reason) == (PaymentStatus.PENDING, "timeout")


texts = st.text(max_size=12)
words = st.sampled_from(["SUCCESSFUL", "FAILED", "TIMEOUT", "REJECTED", "PENDING", "CREATED", ""])
observations = st.builds(
    Observation,
    status=words | texts,
    reason=texts,
    amount=st.sampled_from(["", "12.5", "12.50", "12.51", "x"]),
    currency=st.sampled_from(["", "EUR", "USD"]),
)
looks = observations | st.builds(Undecided, texts) | st.builds(NotFound)
instants = st.integers(CREATED_MS, DEADLINE + DEADLINE_MS)


@given(st.lists(st.tuples(looks, instants), max_size=8))
def test_what_is_final_never_changes_its_status_whatever_is_seen_later(
    seen: list[tuple[Look, int]],
) -> None:
    payment = PAYMENT
    for look, now_ms in seen:
        changed = after(payment, look, now_ms)
        assert not payment.is_final or changed.status == payment.status
        assert payment.next_check_at_ms is not None or changed == payment
        payment = changed


@given(looks, instants)
def test_a_credit_needs_the_exact_word_and_no_contradiction(look: Look, now_ms: int) -> None:
    if isinstance(decide(PAYMENT, look, now_ms, POLICY), Complete):
        assert isinstance(look, Observation)
        assert look.status == "SUCCESSFUL"
        assert look.amount in ("", "12.5", "12.50")
        assert look.currency in ("", "EUR")


TRANSFER = replace(PAYMENT, operation=OPERATIONS["disbursement.transfer.create"])
GIVEN_UP = apply(PAYMENT, decide(PAYMENT, Observation("PENDING"), DEADLINE, POLICY))
SENT_AND_GIVEN_UP = apply(TRANSFER, decide(TRANSFER, Observation("PENDING"), DEADLINE, POLICY))
SUCCESS = Observation("SUCCESSFUL", financial_transaction_id="600198217")


def after(payment: Payment, look: Look, now_ms: int) -> Payment:
    return apply(payment, decide(payment, look, now_ms, POLICY))


def test_a_payment_that_was_given_up_is_asked_for_once_a_day_for_seven_days() -> None:
    payment, asked_at_ms = GIVEN_UP, []
    while payment.next_check_at_ms is not None:
        asked_at_ms.append(payment.next_check_at_ms - DEADLINE)
        payment = after(payment, Observation("PENDING"), payment.next_check_at_ms + 999)
    assert asked_at_ms == [day * DAY_MS for day in range(1, 8)]
    assert (payment.status, payment.cause, payment.review) == ("failed", Cause.DEADLINE, None)


def test_a_payment_that_is_given_up_days_late_is_watched_all_the_same() -> None:
    now_ms = DEADLINE + 9 * DAY_MS
    payment = after(TRANSFER, Observation("PENDING"), now_ms)
    assert payment.next_check_at_ms == now_ms + DAY_MS
    assert closing(TRANSFER, payment) == ()


@pytest.mark.parametrize(
    "look",
    [Undecided("timeout"), Observation("SUCCESSFUL", amount="77"), Observation("UNHEARD_OF")],
)
def test_a_watch_does_not_end_with_an_outage_or_with_garbage(look: Look) -> None:
    now_ms = DEADLINE + 9 * DAY_MS
    payment = after(GIVEN_UP, look, now_ms)
    assert payment.next_check_at_ms == now_ms + DAY_MS


def test_a_late_success_is_shown_to_people_and_books_nothing() -> None:
    payment = after(GIVEN_UP, SUCCESS, DEADLINE + DAY_MS)
    assert (payment.status, payment.review) == (PaymentStatus.FAILED, Review.OPEN)
    assert (payment.next_check_at_ms, payment.reason) == (None, "successful after it was given up")
    assert closing(GIVEN_UP, payment) == ()


def test_a_review_that_is_accepted_books_once_and_one_that_is_dismissed_nothing() -> None:
    late = after(GIVEN_UP, SUCCESS, DEADLINE + DAY_MS)
    accepted, dismissed = apply(late, Accept()), apply(late, Dismiss())
    assert (accepted.status, accepted.review) == (PaymentStatus.COMPLETED, Review.ACCEPTED)
    assert [posting.account for posting in closing(late, accepted)] == ["parties", "wallet"]
    assert (dismissed.status, dismissed.review) == (PaymentStatus.FAILED, Review.DISMISSED)
    assert closing(late, dismissed) == ()
    assert apply(accepted, Dismiss()) == accepted
    assert apply(dismissed, Accept()) == dismissed


def test_a_verdict_on_what_is_not_under_review_changes_nothing() -> None:
    for payment in (PAYMENT, GIVEN_UP, after(PAYMENT, SUCCESS, LATER_MS)):
        assert apply(payment, Accept()) == apply(payment, Dismiss()) == payment


def test_news_of_a_payment_under_review_changes_nothing() -> None:
    late = after(GIVEN_UP, SUCCESS, DEADLINE + DAY_MS)
    assert apply(late, Fail(Cause.PROVIDER, "FAILED", "FAILED")) == late


def test_a_late_failure_ends_the_watch() -> None:
    payment = after(GIVEN_UP, Observation("FAILED", "EXPIRED"), DEADLINE + DAY_MS)
    assert (payment.next_check_at_ms, payment.cause) == (None, Cause.DEADLINE)
    assert (payment.reason, payment.provider_status) == ("EXPIRED", "FAILED")


def test_a_success_that_was_seen_before_another_worker_gave_up_asks_people_too() -> None:
    seen = decide(PAYMENT, SUCCESS, LATER_MS, POLICY)
    assert apply(GIVEN_UP, seen).review is Review.OPEN


def test_a_watched_payment_is_not_given_up_again_and_does_not_wait_like_an_open_one() -> None:
    again = decide(PAYMENT, Observation("PENDING"), DEADLINE + 1, POLICY)
    assert apply(GIVEN_UP, again) == GIVEN_UP


@pytest.mark.parametrize("cause", [Cause.REFUSED, Cause.NOT_SENT])
def test_what_a_checker_may_have_sent_is_not_failed_by_its_sender(cause: Cause) -> None:
    asked = replace(PAYMENT, checks=1)
    assert apply(asked, Fail(cause, "NO_ANSWER")) == asked
    assert apply(PAYMENT, Fail(cause, "NO_ANSWER")).status is PaymentStatus.FAILED


@pytest.mark.parametrize("cause", [Cause.REFUSED, Cause.NOT_SENT])
def test_what_the_provider_has_is_failed_by_nobody_else(cause: Cause) -> None:
    known = after(PAYMENT, Observation("PENDING"), LATER_MS)
    assert apply(known, Fail(cause, "NOT_ALLOWED")) == known


def test_money_that_was_given_up_on_the_way_out_stays_in_transit_until_somebody_decides() -> None:
    assert closing(TRANSFER, SENT_AND_GIVEN_UP) == ()
    refused = after(SENT_AND_GIVEN_UP, Observation("FAILED"), DEADLINE + DAY_MS)
    assert accounts(closing(SENT_AND_GIVEN_UP, refused)) == ["in_transit", "wallet"]
    late = after(SENT_AND_GIVEN_UP, SUCCESS, DEADLINE + DAY_MS)
    assert accounts(closing(late, apply(late, Accept()))) == ["in_transit", "parties"]
    assert accounts(closing(late, apply(late, Dismiss()))) == ["in_transit", "wallet"]
    lost = after(SENT_AND_GIVEN_UP, Undecided("timeout"), DEADLINE + 7 * DAY_MS)
    assert (lost.review, lost.reason) == (Review.OPEN, "the provider never decided")
    assert closing(SENT_AND_GIVEN_UP, lost) == ()


def accounts(postings: tuple[Posting, ...]) -> list[str]:
    return [posting.account for posting in postings]


@pytest.mark.parametrize(
    ("age_ms", "interval_ms"),
    [(0, 30_000), (300_000, 30_000), (600_000, 60_000), (DAY_MS - 1, 300_000)],
)
def test_an_adaptive_pace_asks_less_often_for_what_is_older(age_ms: int, interval_ms: int) -> None:
    adaptive = Policy(is_adaptive=True)
    now_ms = CREATED_MS + age_ms
    assert adaptive.next_check_at_ms(PAYMENT, now_ms) == now_ms + interval_ms
    assert POLICY.next_check_at_ms(PAYMENT, now_ms) == now_ms + INTERVAL_MS


def test_a_provider_that_wants_to_be_left_alone_is() -> None:
    busy = Undecided("HTTP_429", retry_after_s=120)
    decision = decide(PAYMENT, busy, LATER_MS, POLICY)
    assert decision == Wait(LATER_MS + 120_000, reason="HTTP_429")


moving = st.sampled_from([PAYMENT, TRANSFER])


@given(moving, st.sampled_from(sorted(CURRENCIES)), st.integers(1, 10**15 - 1))
def test_whatever_is_booked_sums_to_zero(drawn: Payment, code: str, minor_units: int) -> None:
    payment = replace(drawn, money=Money.of_minor(minor_units, CURRENCIES[code]))
    done = apply(payment, Complete("SUCCESSFUL", ""))
    for postings in (opening(payment), closing(payment, done)):
        assert sum(posting.money.minor_units for posting in postings) == 0
    booked = [*opening(payment), *closing(payment, done)]
    change = sum(posting.money.minor_units for posting in booked if posting.account == WALLET)
    assert change == (minor_units if payment.is_income else -minor_units)


@given(moving, st.lists(st.tuples(looks, instants), max_size=8))
def test_a_payment_is_closed_at_most_once_whatever_is_seen(
    payment: Payment, seen: list[tuple[Look, int]]
) -> None:
    closings = 0
    for look, now_ms in seen:
        changed = after(payment, look, now_ms)
        closings += bool(closing(payment, changed))
        payment = changed
    assert closings <= 1


def test_the_representation_of_a_payment_hides_who_pays(
    new_payment: Callable[..., Payment],
) -> None:
    assert "46733123499" not in repr(new_payment())
