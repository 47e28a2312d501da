"""What the books must and must not hold: on histories of a few lines each."""

import pytest

from tests.conformance.checks.histories import Story
from tests.conformance.checks.orders import (
    asked,
    breaches,
    called_back,
    killed,
    ledger,
    ordered,
    passed,
    read_as_failed,
    transferred,
)


def succeeded() -> Story:
    return asked(ordered(), "completed", "SUCCESSFUL")


def test_a_success_is_one_credit() -> None:
    assert {"BAL-01", "BAL-02"} <= passed(ledger(succeeded(), "completed", "10"))
    assert {"BAL-01", "BAL-02"} <= breaches(ledger(succeeded(), "completed", "10", "10")).keys()
    assert {"BAL-01", "BAL-02"} <= breaches(ledger(succeeded(), "completed")).keys()


def test_a_credit_is_of_the_whole_amount() -> None:
    assert "it must be 10" in breaches(ledger(succeeded(), "completed", "9"))["BAL-02"]


def test_the_balance_is_what_the_entries_say() -> None:
    story = ledger(succeeded(), "completed", "10")
    story.events[-1]["answer"]["ok"]["balance"] = {"EUR": "11"}
    assert "its entries sum to 10" in breaches(story)["BAL-02"]


def test_what_one_account_gets_another_gives() -> None:
    story = ledger(succeeded(), "completed", "10")
    story.events[-1]["answer"]["ok"]["entries"].pop()
    assert "not to zero" in breaches(story)["BAL-02"]


@pytest.mark.parametrize("word", ["PENDING", "FAILED"])
def test_without_a_success_nothing_moves(word: str) -> None:
    said = "pending" if word == "PENDING" else "failed"
    assert "BAL-03" in passed(ledger(asked(ordered(), said, word), said))
    assert "BAL-03" in breaches(ledger(asked(ordered(), said, word), said, "10"))


def test_a_callback_during_a_read_makes_no_second_credit() -> None:
    def raced() -> Story:
        return called_back(ordered(), "SUCCESSFUL", read="SUCCESSFUL")

    assert "BAL-04" in passed(ledger(raced(), "completed", "10"))
    assert "BAL-04" in breaches(ledger(raced(), "completed", "10", "10"))


def test_after_a_crash_state_and_credit_are_both_there_or_neither() -> None:
    assert "BAL-05" in passed(ledger(killed(succeeded()), "completed", "10"))
    assert "BAL-05" in breaches(ledger(killed(succeeded()), "completed"))
    assert "BAL-05" in breaches(ledger(killed(succeeded()), "completed", "10", "10"))


def test_a_failed_transfer_is_given_back_once() -> None:
    failed = read_as_failed(transferred())
    assert {"BAL-03", "BAL-06"} <= passed(ledger(failed, "failed", "-10", "10"))
    assert "BAL-06" in breaches(ledger(read_as_failed(transferred()), "failed", "-10"))
    twice = breaches(ledger(read_as_failed(transferred()), "failed", "-10", "10", "10"))
    assert {"BAL-03", "BAL-06"} <= twice.keys()
    assert "BAL-06" in breaches(ledger(transferred(), "pending", "-10", "-10"))


def test_a_hold_is_not_released_before_the_transfer_has_failed() -> None:
    assert "may still go out" in breaches(ledger(transferred(), "pending", "-10", "10"))["BAL-03"]
