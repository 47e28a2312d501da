"""A trace holds all that belongs to its moments, and becomes steps between lanes."""

import pytest

from momo_conformance.reports.drawing import draw, elapsed
from momo_conformance.reports.markup import to_html
from momo_conformance.reports.sequence import Lane, Step, steps_of
from tests.conformance.reports.examples import (
    HOUR_MS,
    REFERENCE_ID,
    Log,
    expired_token,
    twice_credited,
)


def told(step: Step) -> tuple[int, str, str, str]:
    return step.number, step.source.value, step.target.value, step.text


def test_a_trace_has_the_replies_and_faults_of_its_requests_and_nothing_of_others() -> None:
    kinds = [event["kind"] for event in twice_credited().events]

    assert kinds == [
        "driver_asked",
        "driver_answered",
        "exchange_began",
        "fault_consumed",
        "exchange_ended",
        "callback_attempted",
        "exchange_began",
        "exchange_ended",
        "driver_asked",
        "driver_answered",
    ]
    assert [event["kind"] for event in expired_token().events] == [
        "exchange_began",
        "exchange_ended",
    ] * 2


def test_the_death_of_a_driver_is_told_of_the_calls_that_are_shown_alone() -> None:
    log = Log()
    calls = [log.add("driver_asked", call=number, op="status", fields={}) for number in (1, 2)]
    log.add("driver_ended", how="was killed", calls=[1, 2])

    steps = steps_of(log.trace(calls[1]))

    assert [step.text for step in steps] == ["asked to status", "answers status: died: was killed"]


def test_requests_and_replies_go_between_the_client_and_the_wallet() -> None:
    assert [told(step) for step in steps_of(expired_token())] == [
        (1, "client", "wallet", "POST collection.token"),
        (1, "wallet", "client", "200"),
        (2, "client", "wallet", "POST collection.requesttopay.create"),
        (2, "wallet", "client", "401"),
    ]


def test_callbacks_go_to_the_receiver_and_answers_of_the_driver_are_notes() -> None:
    assert [told(step) for step in steps_of(twice_credited())] == [
        (1, "client", "client", "asked to request_to_pay order-1"),
        (1, "client", "client", "answers request_to_pay: unknown, reset"),
        (2, "client", "wallet", "POST collection.requesttopay.create"),
        (2, "wallet", "client", "202, lost on the way (lose_reply)"),
        (3, "wallet", "callback receiver", "PUT callback"),
        (3, "callback receiver", "wallet", "200"),
        (4, "client", "wallet", "GET collection.requesttopay.status"),
        (4, "wallet", "client", "200 PENDING"),
        (5, "client", "client", "asked to status order-1"),
        (5, "client", "client", "answers status: completed"),
    ]


def test_the_numbers_are_those_of_the_lines_and_the_last_moment_is_marked() -> None:
    trace = twice_credited()
    steps = steps_of(trace)

    assert {step.number for step in steps} == set(range(1, len(trace.lines) + 1))
    assert {step.number for step in steps if step.is_marked} == {len(trace.lines)}


def test_a_reply_that_was_lost_does_not_arrive() -> None:
    assert [step.text for step in steps_of(twice_credited()) if step.is_lost] == [
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
    log = Log()
    facts = {"fields": {"method": "POST"}, "about": REFERENCE_ID, "is_forged": is_forged}
    call = log.call("deliver_callback", {"ok": {"status": 202}}, **facts)

    asked, answered = steps_of(log.trace(call))

    assert (asked.source, asked.target, asked.text) == (source, Lane.RECEIVER, "POST callback")
    assert (answered.target, answered.text) == (source, "202")


def test_a_search_and_a_trap_are_moments_too() -> None:
    log = Log()
    search = log.add("output_searched", places=["stderr"], found=["bearer in stderr"])
    trap = log.add("trap_reached", trap="redirect", target="/x", headers=["Authorization"])

    trace = log.trace(search, trap)

    assert trace.lines == (
        "search of stderr → bearer in stderr",
        "redirect: /x with Authorization",
    )
    assert [(step.source, step.target) for step in steps_of(trace)] == [
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
