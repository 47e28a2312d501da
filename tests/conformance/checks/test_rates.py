"""What 429 and the end of an outage must and may lead to, in histories made by hand."""

import pytest

from momo_conformance.checks.rates import CHECKS
from momo_conformance.plans import Settings
from tests.conformance.checks.histories import ID, PAYER, Json, Story

ORDER: Json = {"key": "order-1", "amount": "10", "currency": "EUR", "payer": PAYER}


def breaches(name: str, story: Story) -> list[str]:
    return [row.breach for row in CHECKS[f"MOMO-{name}"](story.history())]


def paid(*keys: str) -> Story:
    story = Story(Settings())
    for number, key in enumerate(keys or ("order-1",)):
        reference_id = f"{number:08x}{ID[8:]}" if number else ID
        with story.call("request_to_pay", **ORDER | {"key": key}) as call:
            story.create(key, reference_id)
            call.ok(reference_id=reference_id, state="pending")
    return story


def limited(story: Story, *headers: tuple[str, str]) -> None:
    story.read(None, status=429, reply=None, reply_headers=headers, layer="gateway")


def advance(story: Story, seconds: int, *reads: object) -> None:
    story.later(seconds)
    with story.call("clock.advance", ms=seconds * 1000) as call:
        for word in reads:
            story.read(word)
        call.ok()


@pytest.mark.parametrize(
    ("header", "seconds", "told"),
    [
        ((("Retry-After", "5"),), 5, ""),
        ((("Retry-After", "5"),), 4, "4000 ms after 429 with Retry-After of 5000 ms"),
        ((), 0, "at once after 429"),
        ((), 1, ""),
        ((("Retry-After", "soon"),), 1, ""),
    ],
)
def test_the_next_attempt_waits(
    header: tuple[tuple[str, str], ...], seconds: int, told: str
) -> None:
    story = paid()
    with story.call("clock.advance", ms=0) as call:
        limited(story, *header)
        call.ok()
    advance(story, seconds, "PENDING")
    (breach,) = breaches("RTL-01", story)
    assert told in breach
    assert bool(told) == bool(breach)


def test_in_one_leap_there_is_time_to_wait() -> None:
    story = paid()
    story.later(31)
    with story.call("clock.advance", ms=31_000) as call:
        limited(story, ("Retry-After", "5"))
        story.read("PENDING")
        call.ok()
    assert breaches("RTL-01", story) == [""]


def test_a_user_who_asks_again_need_not_wait() -> None:
    story = paid()
    advance(story, 1)
    with story.call("clock.advance", ms=0) as call:
        limited(story, ("Retry-After", "60"))
        call.ok()
    with story.call("status", reference_id=ID) as call:
        story.read("PENDING")
        call.ok(reference_id=ID, state="pending")
    assert breaches("RTL-01", story) == []


@pytest.mark.parametrize(("state", "is_broken"), [("pending", False), ("failed", True)])
def test_a_read_that_was_limited_ends_nothing(state: str, is_broken: bool) -> None:  # noqa: FBT001  # a case
    story = paid()
    with story.call("status", reference_id=ID) as call:
        limited(story)
        call.ok(reference_id=ID, state=state)
    assert [bool(breach) for breach in breaches("RTL-02", story)] == [is_broken]


def test_a_payment_that_failed_for_another_reason_is_none_of_429() -> None:
    story = paid()
    with story.call("status", reference_id=ID) as call:
        limited(story)
        story.read("FAILED")
        call.ok(reference_id=ID, state="failed")
    assert breaches("RTL-02", story) == []


@pytest.mark.parametrize(("reads", "is_broken"), [(10, False), (20, False), (25, True)])
def test_open_payments_are_read_little_by_little(reads: int, is_broken: bool) -> None:  # noqa: FBT001  # a case
    story = paid(*(f"order-{number}" for number in range(1, 26)))
    story.read(None, status=503, reply=None)
    advance(story, 1, *["PENDING"] * reads)
    assert [bool(breach) for breach in breaches("RTL-03", story)] == [is_broken]


def test_many_reads_in_a_long_leap_are_no_burst() -> None:
    story = paid(*(f"order-{number}" for number in range(1, 26)))
    story.read(None, status=503, reply=None)
    advance(story, 31, *["PENDING"] * 25)
    assert breaches("RTL-03", story) == []
