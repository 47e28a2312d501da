"""How open payments are looked after: on histories of a few lines each."""

import pytest

from tests.conformance.checks.histories import ID, Story
from tests.conformance.checks.orders import (
    asked,
    breaches,
    checked,
    killed,
    ledger,
    ordered,
    passed,
)

HOUR_S = 3600
DAY_S = 24 * HOUR_S
CALLBACK = {"X-Callback-Url": "http://localhost/callbacks"}


def rounds(story: Story, count: int, seconds: float) -> Story:
    for _ in range(count):
        checked(story, seconds)
    return story


def looked(story: Story, word: str, leap_ms: int = 1000, times: int = 1) -> Story:
    """The clock has moved on, and the client has read the status by itself."""
    story.later(leap_ms / 1000)
    with story.call("clock.advance", ms=leap_ms) as call:
        for _ in range(times):
            story.read(word)
        call.ok()
    return story


def test_a_payment_without_a_callback_is_read() -> None:
    read = asked(looked(ordered(headers=CALLBACK), "SUCCESSFUL"), "completed")
    assert "REC-01" in passed(read)
    assert "REC-01" in breaches(rounds(ordered(headers=CALLBACK), 4, HOUR_S))
    assert "REC-01" not in breaches(rounds(ordered(headers=CALLBACK), 4, 60))


def test_what_has_ended_is_left_alone() -> None:
    ended = looked(ordered(), "SUCCESSFUL")
    assert "REC-02" in passed(rounds(ended, 3, 60))
    assert "REC-02" in breaches(looked(ended, "SUCCESSFUL"))


def test_reads_are_a_second_apart_and_not_more_and_more_often() -> None:
    assert "REC-03" in passed(looked(looked(looked(ordered(), "PENDING"), "PENDING"), "PENDING"))
    assert "within a second" in breaches(looked(ordered(), "PENDING", times=2))["REC-03"]
    hurrying = looked(ordered(), "PENDING")
    for gap_s in (30, 15, 5, 1):
        hurrying.later(gap_s - 1)
        looked(hurrying, "PENDING")
    assert "shrink from 30000" in breaches(hurrying)["REC-03"]


def test_after_a_day_an_open_payment_is_given_up_or_flagged() -> None:
    def late() -> Story:
        return rounds(looked(ordered(), "PENDING"), 3, DAY_S)

    assert "REC-04" in passed(ledger(late(), "failed"))
    assert "REC-04" in passed(ledger(late(), "pending", needs_review=True))
    assert "still pending" in breaches(ledger(late(), "pending"))["REC-04"]
    assert "credited" in breaches(ledger(late(), "failed", "10"))["REC-04"]
    flapping = ledger(ledger(ledger(late(), "failed"), "pending"), "failed")
    assert "changed 3 times" in breaches(flapping)["REC-04"]


def test_a_late_success_is_a_credit_or_a_case_for_review() -> None:
    def late() -> Story:
        return checked(looked(checked(ordered(), DAY_S + 1), "SUCCESSFUL"))

    assert "REC-05" in passed(ledger(late(), "completed", "10"))
    assert "REC-05" in passed(ledger(late(), "failed", needs_review=True))
    assert "REC-05" in breaches(ledger(late(), "failed"))
    assert "REC-05" in breaches(ledger(late(), "completed", "10", "10"))


def test_a_late_success_of_another_amount_is_none() -> None:
    story = checked(ordered(), DAY_S + 1)
    with story.call("clock.advance", ms=1000) as call:
        odd = {"status": "SUCCESSFUL", "referenceId": ID, "reason": "", "amount": "9.99"}
        story.read("SUCCESSFUL", reply=odd)
        call.ok()

    judged = ledger(checked(story), "failed")
    assert "REC-05" not in {**breaches(judged), **dict.fromkeys(passed(judged))}


def test_a_late_success_that_nobody_asks_for_is_lost() -> None:
    story = checked(ordered(), DAY_S + 1)
    settled = {"reference_id": "146cd472-45da-42b0-b52f-1f7cbc4960e1", "state": "SUCCESSFUL"}
    story.fake("payment_settled", **settled, reason=None)
    assert "REC-05" in breaches(ledger(rounds(story, 3, DAY_S), "failed"))


def test_after_a_restart_what_is_open_is_read() -> None:
    open_one = asked(ordered(), "pending", "PENDING")
    assert "REC-06" in passed(looked(killed(open_one), "PENDING"))
    forgotten = rounds(killed(asked(ordered(), "pending", "PENDING")), 4, HOUR_S)
    assert "REC-06" in breaches(forgotten)


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_an_error_to_a_read_ends_nothing(status: int) -> None:
    def failing(said: str) -> Story:
        return asked(asked(ordered(), "pending"), said, "", status=status, reply="")

    assert "REC-07" in passed(failing("pending"))
    assert f"answered {status}" in breaches(failing("failed"))["REC-07"]
