"""Alarms: once an excursion, over a sliding window, and what is still to do."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from momo_client import Cause, Payment, PaymentStatus
from momo_client.core.alarms import NOTES_LIMIT, Alarm, Threshold, Watch
from momo_client.core.events import AlarmRaised, Event, PaymentSettled, TokenFailed, TokenTaken
from momo_client.core.standing import Standing
from momo_contracts.values import Product

NOW_MS = 1_800_000_000_000
THRESHOLD = Threshold("failure_rate", 0.5, 0.25, least=4, window_ms=60_000)


def notes(alarm: Alarm, outcomes: str, now_ms: int = NOW_MS) -> list[AlarmRaised]:
    """Note a letter each, x for a bad one; the alarms that were raised."""
    raised = [alarm.note(now_ms, is_bad=letter == "x") for letter in outcomes]
    return [alarm for alarm in raised if alarm]


def test_an_alarm_is_raised_once_an_excursion_and_tells_the_share() -> None:
    alarm = Alarm(THRESHOLD)
    assert notes(alarm, "..xx") == [AlarmRaised("failure_rate", 0.5, 4, 0.5)]
    assert notes(alarm, "xxxx") == []


def test_few_outcomes_are_no_excursion() -> None:
    assert notes(Alarm(THRESHOLD), "xxx") == []


def test_a_share_that_trembles_at_the_upper_threshold_is_one_excursion() -> None:
    alarm = Alarm(THRESHOLD)
    assert len(notes(alarm, "xxxx")) == 1
    assert notes(alarm, ".....") == []  # 4 of 9
    assert notes(alarm, "xxx") == []  # 7 of 12


def test_below_the_lower_threshold_an_excursion_ends_and_another_may_come() -> None:
    alarm = Alarm(THRESHOLD)
    assert len(notes(alarm, "xxxx")) == 1
    assert notes(alarm, "." * 13) == []  # 4 of 17
    assert len(notes(alarm, "x" * 20)) == 1


def test_what_is_older_than_the_window_counts_no_more() -> None:
    alarm = Alarm(THRESHOLD)
    assert notes(alarm, "xxx") == []
    assert notes(alarm, "x", NOW_MS + 60_000) == []
    assert len(notes(alarm, "xxx", NOW_MS + 60_001)) == 1
    assert len(notes(alarm, "xxxx", NOW_MS + 999_999)) == 1


def test_what_was_bad_and_is_too_old_is_bad_no_more() -> None:
    alarm = Alarm(THRESHOLD)
    assert notes(alarm, "xx") == []
    assert notes(alarm, "....", NOW_MS + 60_000) == []


def test_a_window_keeps_so_many_outcomes_and_no_more() -> None:
    alarm = Alarm(THRESHOLD)
    assert notes(alarm, "." * NOTES_LIMIT) == []
    raised = notes(alarm, "x" * (NOTES_LIMIT // 2))
    assert [(alarm.share, alarm.total) for alarm in raised] == [(0.5, NOTES_LIMIT)]


def test_a_clock_that_goes_back_loses_no_outcome() -> None:
    alarm = Alarm(THRESHOLD)
    assert notes(alarm, "xxx") == []
    assert len(notes(alarm, "x", NOW_MS - 3_600_000)) == 1


def settled(payment: Payment, cause: Cause | None) -> PaymentSettled:
    status = PaymentStatus.FAILED if cause else PaymentStatus.COMPLETED
    return PaymentSettled(replace(payment, status=status, cause=cause), payment)


@pytest.mark.parametrize(
    ("cause", "is_counted"),
    [(Cause.PROVIDER, True), (Cause.REFUSED, True), (Cause.NOT_SENT, False), (None, False)],
)
def test_the_failure_rate_is_of_payments_that_the_provider_ended(
    new_payment: Callable[..., Payment], cause: Cause | None, *, is_counted: bool
) -> None:
    watch = Watch(failure_rate=replace(THRESHOLD, least=1))
    alarm = watch.note(settled(new_payment(), cause), NOW_MS)
    assert (alarm is not None) == is_counted


def test_a_payment_that_was_not_sent_is_not_in_the_total_either(
    new_payment: Callable[..., Payment],
) -> None:
    watch = Watch(failure_rate=replace(THRESHOLD, least=2))
    causes = (Cause.NOT_SENT, Cause.PROVIDER)
    ends = [settled(new_payment(), cause) for cause in causes]
    assert [watch.note(end, NOW_MS) for end in ends] == [None] * 2


def test_a_look_that_ends_nothing_is_not_counted(new_payment: Callable[..., Payment]) -> None:
    watch = Watch(failure_rate=replace(THRESHOLD, least=1))
    failed = replace(new_payment(), status=PaymentStatus.FAILED, cause=Cause.PROVIDER)
    assert watch.note(PaymentSettled(failed, failed), NOW_MS) is None


def test_token_failures_are_a_share_of_the_tokens_that_were_to_be_fetched() -> None:
    watch = Watch(token_failures=THRESHOLD)
    failed, cached, fetched = (
        TokenFailed(Product.COLLECTION, "NO_ANSWER"),
        TokenTaken(Product.COLLECTION, is_cached=True),
        TokenTaken(Product.COLLECTION, is_cached=False),
    )
    events: list[Event] = [failed, cached, cached, fetched, fetched, failed]
    raised = [watch.note(event, NOW_MS) for event in events]
    assert raised == [None] * 5 + [AlarmRaised("failure_rate", 0.5, 4, 0.5)]


def test_the_age_of_the_oldest_open_payment_is_never_negative() -> None:
    assert Standing(0, None, 0).oldest_age_s(NOW_MS) == 0
    assert Standing(1, NOW_MS - 1500, 0).oldest_age_s(NOW_MS) == 1.5
    assert Standing(1, NOW_MS + 1500, 0).oldest_age_s(NOW_MS) == 0
