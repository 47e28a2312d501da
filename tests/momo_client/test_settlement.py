"""Decisions about money: tables for the facts, Hypothesis for the invariants."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momo_client import Cause, Payment, PaymentStatus
from momo_client.core.classification import Look, NotFound, Observation, Undecided
from momo_client.core.payments import DEADLINE_MS, WALLET, credit
from momo_client.core.settlement import Complete, Decision, Fail, Wait, apply, decide
from momo_contracts.values import CURRENCIES, Money, Msisdn

CREATED_MS = 1_800_000_000_000
LATER_MS = CREATED_MS + 60_000
DEADLINE = CREATED_MS + DEADLINE_MS
INTERVAL_MS = 30_000

PAYMENT = Payment(
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
    assert decide(PAYMENT, look, LATER_MS, INTERVAL_MS) == decision


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
        (Observation("SUCCESSFUL", party="46733123450"), False, "payer differs"),
        (Observation("PENDING", currency="USD"), False, "currency differs: 'USD'"),
        (
            Observation("FAILED", reference_id="another"),
            False,
            "the reply is about another payment",
        ),
    ],
)
def test_anything_else_waits_for_the_next_check(look: Look, is_known: bool, reason: str) -> None:  # noqa: FBT001  # a table's column
    decision = decide(PAYMENT, look, LATER_MS, INTERVAL_MS)
    assert isinstance(decision, Wait)
    assert (decision.is_known, decision.reason) == (is_known, reason)
    assert decision.next_check_at_ms == LATER_MS + INTERVAL_MS


@pytest.mark.parametrize("look", [Observation("PENDING"), Observation("CREATED"), NotFound()])
def test_the_deadline_fails_a_payment_after_one_last_look(look: Look) -> None:
    assert isinstance(decide(PAYMENT, look, DEADLINE - 1, INTERVAL_MS), Wait)
    last = decide(PAYMENT, look, DEADLINE, INTERVAL_MS)
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
        seen = apply(PAYMENT, decide(PAYMENT, look, now_ms, INTERVAL_MS))
        assert seen.status is PaymentStatus.CREATED
        assert seen.reason


def test_a_success_seen_on_the_last_look_is_still_credited() -> None:
    assert decide(PAYMENT, Observation("SUCCESSFUL"), DEADLINE + 1, INTERVAL_MS) == Complete(
        "SUCCESSFUL", ""
    )


def test_a_last_look_without_an_answer_does_not_count_as_one() -> None:
    assert isinstance(decide(PAYMENT, Undecided("timeout"), DEADLINE + 1, INTERVAL_MS), Wait)


def test_a_look_that_knows_the_payment_makes_it_pending_and_an_unanswered_one_does_not() -> None:
    known = apply(PAYMENT, decide(PAYMENT, Observation("PENDING"), LATER_MS, INTERVAL_MS))
    assert known.status is PaymentStatus.PENDING
    unknown = apply(known, decide(known, Undecided("timeout"), LATER_MS, INTERVAL_MS))
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
def test_a_final_payment_never_changes_whatever_is_seen_later(
    seen: list[tuple[Look, int]],
) -> None:
    payment = PAYMENT
    for look, now_ms in seen:
        after = apply(payment, decide(payment, look, now_ms, INTERVAL_MS))
        assert not payment.is_final or after == payment
        payment = after


@given(looks, instants)
def test_a_credit_needs_the_exact_word_and_no_contradiction(look: Look, now_ms: int) -> None:
    if isinstance(decide(PAYMENT, look, now_ms, INTERVAL_MS), Complete):
        assert isinstance(look, Observation)
        assert look.status == "SUCCESSFUL"
        assert look.amount in ("", "12.5", "12.50")
        assert look.currency in ("", "EUR")


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(1, 10**15 - 1))
def test_a_credit_sums_to_zero_and_credits_the_wallet(code: str, minor_units: int) -> None:
    money = Money.of_minor(minor_units, CURRENCIES[code])
    postings = credit(replace(PAYMENT, money=money))
    assert sum(posting.money.minor_units for posting in postings) == 0
    assert [posting.money for posting in postings if posting.account == WALLET] == [money]


def test_the_representation_of_a_payment_hides_who_pays(
    new_payment: Callable[..., Payment],
) -> None:
    assert "46733123499" not in repr(new_payment())
