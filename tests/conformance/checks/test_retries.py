"""What an answer that is late, lost, unreadable or a no may lead to."""

from typing import Any

import pytest

from momo_conformance.checks.retries import CHECKS
from momo_conformance.plans import Settings
from tests.conformance.checks.histories import ID, OTHER_ID, Story

ORDER: dict[str, Any] = {"key": "order-1", "amount": "10", "currency": "EUR", "deadline_ms": 4000}
BUSY: dict[str, Any] = {
    "status": 503,
    "reply": {"code": "SERVICE_UNAVAILABLE"},
    "fault": "wallet_error",
}
ABSENT: dict[str, Any] = {
    "status": 404,
    "reply": {"code": "RESOURCE_NOT_FOUND"},
    "fault": "not_visible",
}
NOT_ALLOWED: dict[str, Any] = {
    "status": 500,
    "reply": {"code": "NOT_ALLOWED"},
    "fault": "wallet_error",
}


def told(name: str, story: Story) -> list[str]:
    """What each sighting says, empty for those in which all was well."""
    return [sighting.breach for sighting in CHECKS[f"MOMO-{name}"](story.history())]


def sent(answer: str = "unknown", **create: Any) -> Story:  # noqa: ANN401  # any part of an exchange
    """An order whose first attempt came to this, and what the client said."""
    story = Story(Settings())
    with story.call("request_to_pay", **ORDER) as call:
        story.create("order-1", **create)
        if answer == "unknown":
            call.unknown(ID)
        elif answer in ("pending", "completed", "failed"):
            call.ok(reference_id=ID, state=answer, code=None)
        elif answer != "death":
            call.fail(answer, ID)
    return story


def advanced(story: Story, seconds: float = 90) -> None:
    story.later(seconds)
    with story.call("clock.advance", ms=round(seconds * 1000)) as call:
        call.ok()


def asked(story: Story, state: str, **read: Any) -> None:  # noqa: ANN401  # any part of an exchange
    """The user asks how it stands; `read` is what the provider shows."""
    with story.call("status", reference_id=ID) as call:
        if read:
            story.read(**{"word": None, **read})
        call.ok(reference_id=ID, state=state, code=None)


def late() -> Story:
    story = Story(Settings())
    with story.call("request_to_pay", **ORDER) as call:
        story.create("order-1", fault="hang")
        story.later(6)
        call.unknown(ID)
    return story


@pytest.mark.parametrize(
    ("story", "breach"),
    [
        (sent(fault="hang"), ""),
        (late(), "request_to_pay took 6000 ms; it was to take 4000 ms at most"),
        (sent("death", fault="hang"), "request_to_pay had no answer"),
    ],
)
def test_no_answer_of_the_provider_holds_nobody_up(story: Story, breach: str) -> None:
    found = told("RTY-01", story)
    assert len(found) == 1
    assert found[0].startswith(breach)
    assert bool(found[0]) == bool(breach)


@pytest.mark.parametrize(
    ("answer", "breach"),
    [
        ("unknown", ""),
        ("pending", ""),
        ("completed", "nobody answered, and the payment was called completed"),
        ("failed", "nobody answered, and the payment was called failed"),
        ("TIMEOUT", "nobody answered, and the payment was called failed"),
    ],
)
def test_a_lost_answer_proves_nothing(answer: str, breach: str) -> None:
    assert told("RTY-02", sent(answer, fault="lose_reply")) == [breach]


def test_a_create_that_was_never_taken_may_be_called_anything() -> None:
    assert told("RTY-02", sent("failed", status=0, fault="reset_before")) == []


def test_a_read_that_went_wrong_is_repeated() -> None:
    story = sent("pending")
    asked(story, "pending", status=503, reply=None, fault="server_error")
    asked(story, "completed", word="SUCCESSFUL")
    assert told("RTY-03", story) == [""]


def test_a_read_that_went_wrong_and_is_not_repeated_is_a_breach() -> None:
    story = sent("pending")
    asked(story, "pending", status=503, reply=None, fault="server_error")
    for _ in range(2):
        story.later(100)
        asked(story, "pending")
    assert told("RTY-03", story) == ["a status read went wrong, and was not repeated"]


def test_a_read_that_went_wrong_fails_no_payment() -> None:
    story = sent("pending")
    asked(story, "failed", status=503, reply=None, fault="server_error")
    breach = "a status read went wrong, and the payment was called failed"
    assert told("RTY-03", story) == [breach]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_is_taken_for_one(status: int) -> None:
    story = sent("REFUSED", status=status, reply=None)
    assert told("RTY-04", story) == []  # it may yet be sent again
    advanced(story)
    assert told("RTY-04", story) == [""]
    story.create("order-1", status=status, reply=None)
    assert f"{status} was answered, and the create was sent again" in told("RTY-04", story)


@pytest.mark.parametrize("first", [{"fault": "hang"}, BUSY])
def test_a_refusal_after_a_doubtful_attempt_settles_nothing(first: dict[str, Any]) -> None:
    story = sent(**first)
    story.create("order-1", status=403, reply=None)
    story.create("order-1")
    assert told("RTY-04", story) == []


@pytest.mark.parametrize(
    ("answer", "breach"),
    [
        ("NOT_ALLOWED", ""),
        ("SOMETHING", "NOT_ALLOWED was answered, and the caller was never told so"),
        ("unknown", "NOT_ALLOWED was answered, and the caller was never told so"),
    ],
)
def test_the_code_of_a_permanent_error_is_handed_on(answer: str, breach: str) -> None:
    assert told("RTY-05", sent(answer, **NOT_ALLOWED)) == [breach]


def test_a_passing_error_is_followed_by_the_same_again() -> None:
    story = sent(**BUSY)
    advanced(story, 1)
    story.create("order-1")
    assert told("RTY-06", story) == [""]


def test_giving_up_after_one_passing_error_is_a_breach() -> None:
    found = told("RTY-06", sent("SERVICE_UNAVAILABLE", **BUSY))
    assert found == ["SERVICE_UNAVAILABLE was answered once, and the payment was called failed"]


def test_never_sending_again_is_a_breach() -> None:
    story = sent(**BUSY)
    advanced(story)
    breach = "SERVICE_UNAVAILABLE was answered once, and the create was never sent again"
    assert told("RTY-06", story) == [breach]


def struck(*gaps_ms: tuple[int, ...]) -> Story:
    """One payment for each row of gaps, all of whose attempts are answered 503."""
    story = Story(Settings())
    for number, gaps in enumerate(gaps_ms):
        key, reference_id = f"order-{number}", f"{ID[:-2]}{number:02}"
        with story.call("request_to_pay", **ORDER | {"key": key}) as call:
            story.create(key, reference_id, **BUSY)
            call.unknown(reference_id)
        for gap_ms in gaps:
            advanced(story, gap_ms / 1000)
            story.create(key, reference_id, **BUSY)
    return story


@pytest.mark.parametrize(
    ("gaps", "breach"),
    [
        ([(400 + 10 * n, 900 + 10 * n, 2000) for n in range(20)], ""),
        ([(500, 1000)] * 20, "20 payments were all sent again after exactly 500 ms, 1000 ms"),
        ([(500 + n, 500 - n) for n in range(20)], "the median gaps do not grow: 510, 490 ms"),
    ],
)
def test_gaps_grow_and_differ(gaps: list[tuple[int, ...]], breach: str) -> None:
    assert told("RTY-07", struck(*gaps)) == [breach]


def test_a_few_payments_say_nothing_about_gaps() -> None:
    assert told("RTY-07", struck(*[(500, 500)] * 4)) == []


@pytest.mark.parametrize(
    ("attempts", "breach"),
    [(5, ""), (6, "there were 6 attempts in a row; 5 are usual at most")],
)
def test_there_is_an_end_to_attempts(attempts: int, breach: str) -> None:
    story = struck((1000,) * (attempts - 1))
    advanced(story)
    assert told("RTY-08", story) == [breach]


def test_what_a_status_read_does_not_know_may_be_sent_again() -> None:
    story = struck((1000,) * 3)
    story.read(None, f"{ID[:-2]}00", **ABSENT)
    for _ in range(3):
        story.create("order-0", f"{ID[:-2]}00", **BUSY)
    advanced(story)
    assert told("RTY-08", story) == [""]


PAGE: dict[str, Any] = {"status": 200, "reply": "<html>", "layer": "waf", "fault": "waf_page"}


def test_a_page_leaves_a_client_alive_and_its_books_alone() -> None:
    story = sent("pending")
    asked(story, "pending", **PAGE)
    assert told("RTY-09", story) == [""]


def test_dying_of_a_page_is_a_breach() -> None:
    assert "the client died" in told("RTY-09", sent("death", **PAGE))[0]


def test_a_page_completes_nothing() -> None:
    story = sent("pending")
    asked(story, "completed", **PAGE)
    assert told("RTY-09", story) == ["an unreadable reply, and the payment was called completed"]


def test_404_to_a_status_read_leaves_a_payment_open() -> None:
    story = sent("pending")
    asked(story, "pending", **ABSENT)
    assert told("RTY-10", story) == [""]


def test_what_is_said_of_another_payment_shows_nothing_of_one_that_was_404() -> None:
    story = sent("pending")
    with story.call("reconcile") as call:
        story.read(None, **ABSENT)
        call.ok(checked=1, completed=0, failed=0, pending=1)
    with story.call("status", reference_id=OTHER_ID) as call:
        call.ok(reference_id=OTHER_ID, state="pending", code=None)
    assert told("RTY-10", story) == []


def test_404_to_a_status_read_fails_nothing() -> None:
    story = sent("pending")
    asked(story, "failed", **ABSENT)
    assert told("RTY-10", story) == ["404 to a status read, and the payment was called failed"]


def test_404_to_a_status_read_fails_what_a_day_has_passed_for() -> None:
    story = sent("pending")
    asked(story, "pending", **ABSENT)
    story.later(24 * 3600)
    asked(story, "failed")
    assert told("RTY-10", story) == [""]


def test_404_to_a_status_read_starts_nothing_new() -> None:
    story = sent("unknown", status=0, fault="reset_before")
    asked(story, "pending", **ABSENT)
    story.create("order-1", OTHER_ID)
    breach = "404 to a status read, and order-1 was sent under another reference id"
    assert told("RTY-10", story) == [breach]
