"""A trace holds all that belongs to its moments, and becomes steps between lanes."""

import pytest

from momo_conformance.reports.drawing import draw, elapsed
from momo_conformance.reports.markup import to_html
from momo_conformance.reports.sequence import Lane, Step, steps_of
from tests.conformance.checks.histories import ID, Story
from tests.conformance.reports.examples import (
    HOUR_MS,
    believed_callback,
    deliver,
    expired_token,
    trace,
)


def told(step: Step) -> tuple[int, str, str, str]:
    return step.number, step.source.value, step.target.value, step.text


def test_a_trace_has_what_belongs_to_its_moments_and_nothing_else() -> None:
    kinds = [event["kind"] for event in believed_callback().events]

    assert kinds == [
        "driver_asked",
        "exchange_began",
        "fault_consumed",
        "exchange_ended",
        "driver_answered",
        "callback_attempted",
        "driver_asked",
        "exchange_began",
        "exchange_ended",
        "driver_answered",
    ]
    assert len(expired_token().events) == 4


def test_the_death_of_a_driver_is_told_of_the_calls_that_are_shown_alone() -> None:
    story = Story()
    first = len(story.events)
    with story.call("status"), story.call("balance"):
        pass

    steps = steps_of(trace(story, (first,)))

    assert [step.text for step in steps] == [
        "asked to status",
        "answers status: died: died of signal 9 (S…",
    ]


def test_requests_and_replies_go_between_the_client_and_the_wallet() -> None:
    assert [told(step) for step in steps_of(expired_token())] == [
        (1, "client", "wallet", "POST collection.token"),
        (1, "wallet", "client", "200"),
        (2, "client", "wallet", "POST collection.requesttopay.create"),
        (2, "wallet", "client", "401"),
    ]


def test_callbacks_go_to_the_receiver_and_answers_of_the_driver_are_notes() -> None:
    assert [told(step) for step in steps_of(believed_callback())] == [
        (1, "client", "client", "asked to request_to_pay order-1"),
        (2, "client", "wallet", "POST collection.requesttopay.create"),
        (2, "wallet", "client", "202, lost on the way (lose_reply)"),
        (1, "client", "client", "answers request_to_pay: unknown, reset"),
        (3, "wallet", "callback receiver", "PUT callback"),
        (3, "callback receiver", "wallet", "200"),
        (4, "client", "client", "asked to status"),
        (5, "client", "wallet", "GET collection.payment.status"),
        (5, "wallet", "client", "200 PENDING"),
        (4, "client", "client", "answers status: completed"),
    ]


def test_the_numbers_are_those_of_the_lines_and_what_is_wrong_is_marked() -> None:
    found = believed_callback()
    steps = steps_of(found)

    assert found.lines[3].startswith("status ")
    assert found.shows_at == 4
    assert {step.number for step in steps} == {1, 2, 3, 4, 5}
    assert {step.number for step in steps if step.is_marked} == {4}


def test_a_reply_that_was_lost_does_not_arrive() -> None:
    assert [step.text for step in steps_of(believed_callback()) if step.is_lost] == [
        "202, lost on the way (lose_reply)"
    ]


def test_time_counts_from_the_first_step() -> None:
    assert [step.after_ms for step in steps_of(expired_token())] == [
        0,
        0,
        HOUR_MS + 3000,
        HOUR_MS + 3000,
    ]


@pytest.mark.parametrize(("is_forged", "source"), [(True, Lane.STRANGER), (False, Lane.WALLET)])
def test_a_callback_that_the_driver_is_given_comes_from_the_wallet_unless_it_is_forged(
    is_forged: bool,  # noqa: FBT001  # a parameter of a test
    source: Lane,
) -> None:
    story = Story()
    with story.call("deliver_callback", method="POST") as call:
        call.ok(status=202)
    asked = story.events[1]
    asked |= {"about": ID, "is_forged": is_forged}

    arrived, answered = steps_of(trace(story, (1,)))

    assert (arrived.source, arrived.target, arrived.text) == (
        source,
        Lane.RECEIVER,
        "POST callback",
    )
    assert (answered.target, answered.text) == (source, "202")


def test_a_callback_without_an_answer_is_lost_on_the_way_back() -> None:
    story = Story()
    deliver(story, None)

    assert [(step.text, step.is_lost) for step in steps_of(trace(story, (1,)))] == [
        ("PUT callback", False),
        ("no answer", True),
    ]


def test_a_search_and_a_trap_are_moments_too() -> None:
    story = Story()
    story.note("output_searched", places=["stderr"], found=["bearer in stderr"])
    story.note("trap_reached", trap="redirect", target="/x", headers=["Authorization"])

    found = trace(story, (1, 2))

    assert len(found.lines) == 2
    assert [(step.source, step.target) for step in steps_of(found)] == [
        (Lane.CLIENT, Lane.CLIENT),
        (Lane.CLIENT, Lane.STRANGER),
    ]


@pytest.mark.parametrize(
    ("after_ms", "words"),
    [
        (0, "0 s"),
        (20, "20 ms"),
        (1500, "1 s"),
        (HOUR_MS + 3000, "1 h 3 s"),
        (25 * HOUR_MS + 61_000, "1 d 1 h"),
    ],
)
def test_time_is_told_in_its_two_largest_units(after_ms: int, words: str) -> None:
    assert elapsed(after_ms) == words


def test_the_lanes_of_a_server_are_the_examiner_and_the_server() -> None:
    drawn = to_html(draw(steps_of(expired_token()), "server", "d", "title", "words"))

    assert ">examiner</text>" in drawn
    assert ">server</text>" in drawn
    assert "wallet" not in drawn
    assert "callback receiver" not in drawn


def test_a_diagram_says_in_words_what_it_shows() -> None:
    drawn = to_html(draw(steps_of(expired_token()), "client", "d", "who", "words"))

    assert 'aria-labelledby="d-title d-desc"' in drawn
    assert '<title id="d-title">who</title><desc id="d-desc">words</desc>' in drawn
    assert "✗ POST collection.requesttopay.create" in drawn
