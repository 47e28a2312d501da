"""When an order is one payment, and when it becomes two."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from momo_conformance.checks.idempotency import CHECKS
from momo_conformance.plans import Settings
from tests.conformance.checks.histories import ID, OTHER_ID, Story

ORDER: dict[str, Any] = {"amount": "10", "currency": "EUR"}
LOST: dict[str, Any] = {"fault": "lose_reply"}
CONFLICT: dict[str, Any] = {
    "status": 409,
    "reply": {"code": "RESOURCE_ALREADY_EXIST", "message": ""},
}


def told(name: str, story: Story) -> list[str]:
    """What each sighting says, empty for those in which all was well."""
    return [sighting.breach for sighting in CHECKS[f"MOMO-{name}"](story.history())]


def begun() -> Story:
    return Story(Settings())


@contextmanager
def paying(story: Story, key: str = "order-1", state: str | None = "unknown") -> Iterator[None]:
    """The user presses the button; `state` is what the client says, None: it dies."""
    with story.call("request_to_pay", key=key, **ORDER) as call:
        yield
        if state == "unknown":
            call.unknown(ID)
        elif state == "fail":
            call.fail("NOT_ALLOWED", ID)
        elif state:
            call.ok(reference_id=ID, state=state)


def checked(story: Story, state: str = "pending", word: object = None) -> None:
    """A round of the checker, and what the ledger shows after it."""
    story.later(31)
    with story.call("reconcile") as call:
        if word is not None:
            story.read(word)
        call.ok(checked=1)
    payment = {"reference_id": ID, "key": "order-1", "state": state, **ORDER}
    with story.call("ledger") as call:
        call.ok(payments=[payment], entries=[], balance={})


def lost_and_sent_again(**second: Any) -> Story:  # noqa: ANN401  # any part of an exchange
    story = begun()
    with paying(story):
        story.create("order-1", **LOST)
    with story.call("clock.advance", ms=1000) as call:
        story.create("order-1", **second)
        call.ok()
    return story


@pytest.mark.parametrize(("reference_id", "is_right"), [(OTHER_ID, True), (ID, False)])
def test_two_orders_need_two_ids(reference_id: str, *, is_right: bool) -> None:
    story = begun()
    for key, sent in (("order-1", ID), ("order-2", reference_id)):
        with paying(story, key, "pending"):
            story.create(key, sent)
    assert [not breach for breach in told("IDM-01", story)] == [is_right]


@pytest.mark.parametrize(("named", "breach"), [(ID, False), (OTHER_ID, True), (None, True)])
def test_an_unknown_names_the_id_that_was_sent(named: str | None, *, breach: bool) -> None:
    story = begun()
    with story.call("request_to_pay", key="order-1", **ORDER) as call:
        story.create("order-1", **LOST)
        call.unknown(named)
    assert [bool(row) for row in told("IDM-02", story)] == [breach]


def test_a_create_that_was_answered_asks_nothing_of_an_unknown() -> None:
    story = begun()
    with paying(story):
        story.create("order-1")
    assert told("IDM-02", story) == []


def test_a_retry_has_the_same_id_and_body() -> None:
    story = lost_and_sent_again()
    assert told("IDM-03", story) == told("IDM-04", story) == [""]


def test_a_retry_under_another_id_is_a_breach() -> None:
    breaches = told("IDM-03", lost_and_sent_again(reference_id=OTHER_ID))
    assert breaches == ["after no answer order-1 was sent again under another reference id"]


def test_401_excuses_no_other_id() -> None:
    story = begun()
    with paying(story):
        story.create("order-1", status=401, reply=None)
        story.create("order-1", OTHER_ID)
    assert told("IDM-03", story) == ["after 401 order-1 was sent again under another reference id"]


def test_a_retry_with_another_amount_is_a_breach() -> None:
    breaches = told("IDM-04", lost_and_sent_again(order={"amount": "10.0"}))
    assert breaches == ["sent again with another amount"]


def test_a_conflict_is_followed_by_a_status_read() -> None:
    story = lost_and_sent_again(**CONFLICT)
    checked(story, "completed", "SUCCESSFUL")
    assert told("IDM-05", story) == [""]


def _failed(story: Story) -> None:
    checked(story, "failed")


def _completed_without_a_read(story: Story) -> None:
    checked(story, "completed")


def _sent_again(story: Story) -> None:
    story.create("order-1", **CONFLICT)


def _never_asked_for(story: Story) -> None:
    checked(story)


@pytest.mark.parametrize(
    ("what", "breach"),
    [
        (_failed, "called failed"),
        (_completed_without_a_read, "called completed"),
        (_sent_again, "sent again"),
        (_never_asked_for, "never asked for"),
    ],
)
def test_a_conflict_is_nothing_but_a_reason_to_read(
    what: Callable[[Story], None], breach: str
) -> None:
    story = lost_and_sent_again(**CONFLICT)
    what(story)
    assert [breach in row for row in told("IDM-05", story)] == [True]


def test_a_conflict_out_of_nothing_exercises_nothing() -> None:
    story = begun()
    with paying(story):
        story.create("order-1", **CONFLICT)
    checked(story, "failed")
    assert told("IDM-05", story) == []


@pytest.mark.parametrize(("second", "count"), [(ID, 1), (OTHER_ID, 2)])
def test_two_calls_at_once_make_one_payment(second: str, count: int) -> None:
    story = begun()
    with paying(story, state="pending"), paying(story, state="pending"):
        story.create("order-1")
        story.create("order-1", second, status=202)
    expected = "" if count == 1 else "order-1 was asked for twice at once, and taken 2 times"
    assert told("IDM-06", story) == [expected]


def test_two_calls_one_after_the_other_are_not_at_once() -> None:
    story = begun()
    for _ in range(2):
        with paying(story, state="pending"):
            story.create("order-1")
    assert told("IDM-06", story) == []


@pytest.mark.parametrize(
    ("word", "reference_id", "breaches"),
    [
        ("PENDING", None, [""]),
        ("PENDING", OTHER_ID, ["order-1 was open, and was sent under a second reference id"]),
        ("FAILED", OTHER_ID, []),
    ],
)
def test_pressed_again_nothing_new_starts_while_the_payment_is_open(
    word: str, reference_id: str | None, breaches: list[str]
) -> None:
    story = begun()
    with paying(story, state="pending"):
        story.create("order-1")
    checked(story, "failed" if word == "FAILED" else "pending", word)
    with paying(story, state="pending"):
        if reference_id:
            story.create("order-1", reference_id)
    assert told("IDM-07", story) == breaches


def crashed(status: int = 202) -> Story:
    story = begun()
    with paying(story, state=None):
        story.create("order-1", status=status)
    return story


def test_after_a_crash_the_payment_is_asked_for() -> None:
    story = crashed()
    checked(story, "completed", "SUCCESSFUL")
    assert told("IDM-08", story) == [""]


def test_after_a_crash_a_forgotten_payment_is_a_breach() -> None:
    story = crashed()
    checked(story)
    assert told("IDM-08", story) == ["after the crash nothing was sent or asked for order-1"]


def test_after_a_crash_another_id_is_a_breach() -> None:
    story = crashed()
    with paying(story, state="pending"):
        story.create("order-1", OTHER_ID)
    breach = "after the crash order-1 was sent under another reference id"
    assert told("IDM-08", story) == [breach]


def test_a_crash_after_a_refusal_leaves_nothing_to_take_up() -> None:
    story = crashed(status=403)
    checked(story)
    assert told("IDM-08", story) == []


@pytest.mark.parametrize(("second", "is_right"), [(OTHER_ID, True), (ID, False)])
def test_a_failed_payment_is_paid_again_under_another_id(second: str, *, is_right: bool) -> None:
    story = begun()
    with paying(story, state="pending"):
        story.create("order-1")
    checked(story, "failed", "FAILED")
    with paying(story, state="pending"):
        story.create("order-1", second)
    assert [not row for row in told("IDM-09", story)] == [is_right]
