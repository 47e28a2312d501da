"""A list of events becomes a history in which each thing is found where it belongs."""

import json
from pathlib import Path

import pytest

from momo_conformance.calls import Died
from momo_conformance.errors import InvalidEvents
from momo_conformance.exchanges import Event
from momo_conformance.protocol import Ok
from momo_conformance.reading import lives_of, read_events, read_history
from tests.conformance.checks.histories import ID, Story


def paid() -> Story:
    story = Story()
    order = {"key": "order-1", "amount": "10", "currency": "EUR"}
    with story.call("request_to_pay", payment=1, **order) as call:
        bearer = story.token()
        story.create("order-1", bearer=bearer)
        call.ok(reference_id=ID.upper(), state="pending")
    return story


def test_a_call_holds_what_happened_before_its_answer() -> None:
    history = paid().history()
    call = history.calls[0]
    names = [row.operation.name for row in history.during(call) if row.operation]
    assert names == ["collection.token", "collection.requesttopay.create"]
    assert isinstance(call.answer, Ok)
    assert call.reference_id == ID


def test_an_order_is_found_by_its_external_id() -> None:
    order = paid().history().orders[0]
    assert (order.key, [row.reference_id for row in order.attempts]) == ("order-1", [ID])


def test_a_bearer_is_that_of_the_token_that_it_came_with() -> None:
    history = paid().history()
    assert history.creates[0].bearer == history.tokens[0].received["access_token"]


@pytest.mark.parametrize("fault", ["lose_reply", "hang", "truncated_body", "empty_reply"])
def test_what_was_lost_on_the_way_was_accepted_and_not_answered(fault: str) -> None:
    story = Story()
    story.create("order-1", fault=fault)
    sent = story.history().creates[0]
    assert (sent.is_accepted, sent.is_answered, sent.is_success) == (True, False, False)


def test_a_call_that_the_driver_died_of_has_no_answer_but_how() -> None:
    story = Story()
    with story.call("reconcile"):
        pass
    assert story.history().calls[0].answer == Died("died of signal 9 (SIGKILL)")


def test_a_jump_in_the_numbers_of_a_namespace_is_a_gap() -> None:
    story = paid()
    assert not story.history().has_gap
    del story.events[3]
    assert story.history().has_gap


def test_a_reset_another_fake_and_another_namespace_begin_a_life_of_their_own() -> None:
    def event(namespace: str, seq: int, kind: str = "exchange_began") -> Event:
        return {"kind": kind, "namespace": namespace, "seq": seq}

    searched = {"kind": "output_searched"}
    first, other, next_ = event("shop", 1), event("till", 1), event("shop", 2)
    reset, again = event("shop", 3, "namespace_reset"), event("shop", 4)
    new_fake = event("shop", 1)

    assert lives_of([first, other, next_, reset, again, searched, new_fake]) == (
        (first, next_, searched),
        (other, searched),
        (reset, again, searched),
        (new_fake, searched),
    )


def test_a_file_of_events_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("".join(f"{json.dumps(event)}\n" for event in paid().events), "utf-8")
    assert len(read_history(read_events(path)).exchanges) == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [('{"kind": "x"}\nrubbish\n', ":2 is not JSON"), ("[1]\n", ":1 is no event")],
)
def test_a_line_that_is_no_event_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidEvents, match=told):
        read_events(path)
