"""What a client may and must make of status words: on histories of a few lines each."""

import pytest

from tests.conformance.checks.histories import ID, Story
from tests.conformance.checks.orders import (
    asked,
    breaches,
    called_back,
    ordered,
    passed,
    read_by_v1,
    sightings,
)


@pytest.mark.parametrize(
    ("word", "said", "requirement"),
    [
        ("SUCCESSFUL", "completed", "STS-01"),
        ("FAILED", "failed", "STS-02"),
        ("PENDING", "pending", "STS-03"),
        ("CREATED", "pending", "STS-03"),
        ("TIMEOUT", "failed", "STS-04"),
        ("REJECTED", "failed", "STS-05"),
        ("successful", "pending", "STS-06"),
        ("COMPLETED", "pending", "STS-06"),
    ],
)
def test_a_word_means_what_the_client_says_from_then_on(
    word: str, said: str, requirement: str
) -> None:
    right = asked(asked(ordered(), said, word), said)
    assert requirement in passed(right)
    assert not breaches(right)
    wrong = "completed" if said != "completed" else "failed"
    assert requirement in breaches(asked(asked(ordered(), wrong, word), wrong))


def test_an_end_is_not_demanded_of_a_client_that_was_not_asked_again() -> None:
    story = asked(ordered(), "completed", "SUCCESSFUL")
    assert "STS-01" not in {name for name, _ in sightings(story.history())}


def test_a_read_that_a_crash_may_have_undone_is_forgotten() -> None:
    story = ordered()
    with story.call("status", reference_id=ID):
        story.read("SUCCESSFUL")
    assert not breaches(asked(story, "pending", "PENDING"))


@pytest.mark.parametrize("fault", ["lose_reply", "malformed_json", "latency"])
def test_a_reply_that_may_not_have_arrived_need_not_be_known(fault: str) -> None:
    story = asked(ordered(), "pending", "SUCCESSFUL", fault=fault)
    assert not breaches(asked(story, "pending", "PENDING"))


def test_what_is_final_stays_so_whatever_a_callback_says() -> None:
    story = asked(asked(ordered(), "completed", "SUCCESSFUL"), "completed")
    called_back(story, "FAILED")
    assert "STS-07" in passed(asked(story, "completed"))
    assert breaches(asked(story, "failed"))["STS-07"].endswith("now it is failed")


@pytest.mark.parametrize(
    ("reply", "said", "is_right"),
    [
        ({"amount": "10.00"}, "pending", False),
        ({"amount": "11"}, "pending", True),
        ({"amount": "11"}, "completed", False),
        ({"currency": "USD"}, "completed", False),
    ],
)
def test_only_what_fits_the_order_completes_it(
    reply: dict[str, object], said: str, *, is_right: bool
) -> None:
    story = read_by_v1(read_by_v1(ordered(), said, **reply), said, **reply)
    assert ("STS-08" in passed(story)) is is_right
    assert ("STS-08" in breaches(story)) is not is_right


def test_another_way_to_write_the_amount_alone_proves_no_comparison() -> None:
    story = read_by_v1(read_by_v1(ordered(), "completed", amount="10.00"), "completed")
    assert "STS-08" not in {*passed(story), *breaches(story)}


def test_what_a_later_read_has_unsettled_is_no_fault_of_the_first() -> None:
    story = asked(asked(ordered(), "completed", "SUCCESSFUL"), "pending", "PENDING")
    assert "STS-01" not in breaches(story)


def test_an_acceptance_is_pending() -> None:
    assert "STS-09" in passed(ordered())
    assert "called completed" in breaches(ordered("completed"))["STS-09"]
    lost = ordered("completed", fault="lose_reply")
    assert "STS-09" not in breaches(lost)


@pytest.mark.parametrize("reason", ["NO_FUNDS", {"code": "NO_FUNDS", "message": ""}])
def test_a_reason_is_kept_in_both_its_shapes(reason: object) -> None:
    reply = {"status": "FAILED", "referenceId": ID, "reason": reason}
    kept = asked(ordered(), "failed", "FAILED", reply=reply, code="NO_FUNDS")
    assert {"STS-02", "STS-10"} <= passed(asked(kept, "failed", code="NO_FUNDS"))
    lost = breaches(asked(ordered(), "failed", "FAILED", reply=reply))
    assert {"STS-02", "STS-10"} <= lost.keys()


def test_without_a_driver_nothing_can_be_said() -> None:
    story = Story()
    story.create("order-1")
    story.read("SUCCESSFUL")
    assert not sightings(story.history())
