"""What callbacks must and may lead to, in histories made by hand."""

import json
from collections.abc import Callable

import pytest

from momo_conformance.calls import KILLED
from momo_conformance.checks.callbacks import CHECKS
from momo_conformance.plans import Settings
from tests.conformance.checks.histories import ID, OTHER_ID, PAYER, Json, Story

BODY = {"externalId": "order-1", "amount": "10", "currency": "EUR", "status": "SUCCESSFUL"}


def breaches(name: str, story: Story) -> list[str]:
    """What a check says of a story, '' for each time that all was well."""
    return [row.breach for row in CHECKS[f"MOMO-{name}"](story.history())]


def paid(reference_id: str = ID) -> Story:
    """A payment that was accepted."""
    story = Story(Settings(callbacks=True))
    with story.call("request_to_pay", **ORDER) as call:
        story.token()
        story.create("order-1", reference_id)
        call.ok(reference_id=reference_id, state="pending")
    return story


ORDER: Json = {"key": "order-1", "amount": "10", "currency": "EUR", "payer": PAYER}


def callback(
    story: Story, answer: int | None = 200, about: str = ID, method: str = "POST", **body: object
) -> None:
    """A callback and its answer; None: the client died of it."""
    text = json.dumps(BODY | body)
    with story.call("deliver_callback", about=about, method=method, path="/", body=text) as call:
        if answer is not None:
            call.ok(status=answer)


def look(story: Story, state: str, *wallet: str) -> None:
    """A look into the ledger, with these entries for the payment."""
    entry = {"reference_id": ID, "account": "wallet", "currency": "EUR"}
    row = {"reference_id": ID, "key": "order-1", "amount": "10", "currency": "EUR"}
    with story.call("ledger") as call:
        call.ok(
            payments=[row | {"state": state}],
            entries=[entry | {"amount": amount} for amount in wallet],
            balance={},
        )


def turn(story: Story, *read: str, op: str = "clock.advance") -> None:
    fields: Json = {"ms": 1000} if op == "clock.advance" else {}
    with story.call(op, **fields) as call:
        for word in read:
            story.read(word)
        call.ok()


def one_method(story: Story) -> None:
    callback(story)
    callback(story)


def both_methods(story: Story) -> None:
    callback(story)
    callback(story, method="PUT")


def put_refused(story: Story) -> None:
    callback(story)
    callback(story, method="PUT", answer=405)


@pytest.mark.parametrize(
    ("tell", "found"),
    [
        (one_method, []),
        (both_methods, [""]),
        (put_refused, ["the callback by PUT was answered 405"]),
    ],
)
def test_both_methods_are_taken(tell: Callable[[Story], None], found: list[str]) -> None:
    story = paid()
    tell(story)
    assert breaches("CBK-01", story) == found


def test_copies_are_judged_once_it_is_known_what_they_led_to() -> None:
    story = paid()
    callback(story)
    callback(story)
    assert breaches("CBK-02", story) == []
    look(story, "completed", "10")
    assert breaches("CBK-02", story) == [""]
    look(story, "completed", "10", "10")
    assert breaches("CBK-02", story) == [
        "after 2 copies of one callback 20 stand in the wallet for it"
    ]


def test_a_callback_about_another_amount_is_no_copy() -> None:
    story = paid()
    callback(story)
    callback(story, answer=400, amount="11")
    look(story, "completed", "10")
    assert breaches("CBK-02", story) == []


@pytest.mark.parametrize(
    ("answer", "told"), [(404, ""), (200, ""), (500, "answered 500"), (None, "not answered")]
)
def test_an_unknown_payment_may_be_404_or_200(answer: int | None, told: str) -> None:
    story = paid()
    callback(story, answer, about=OTHER_ID, externalId="nobody's order")
    (breach,) = breaches("CBK-03", story)
    assert told in breach
    assert bool(told) == bool(breach)


def test_a_client_that_never_sent_anything_proves_nothing() -> None:
    story = Story(Settings(callbacks=True))
    callback(story, about=OTHER_ID)
    callback(story, answer=400, status=5)
    assert not any(breaches(name.removeprefix("MOMO-"), story) for name in CHECKS)


def test_a_payment_is_completed_by_a_read_not_by_a_callback() -> None:
    story = paid()
    callback(story)
    look(story, "pending")
    assert breaches("CBK-04", story) == [""]
    turn(story, "SUCCESSFUL")
    look(story, "completed", "10")
    assert breaches("CBK-04", story) == [""]
    story = paid()
    callback(story)
    turn(story, "PENDING")
    look(story, "completed", "10")
    assert "by a callback alone" in breaches("CBK-04", story)[0]


def killed(story: Story, _about: Json) -> None:
    story.note("driver_ended", how=KILLED, calls=[])


def held_too_long(story: Story, about: Json) -> None:
    story.later(3)
    story.fake("gate_released", gate="reads", point="request_received", **about)


@pytest.mark.parametrize("give_up", [killed, held_too_long])
def test_a_reply_that_nobody_waits_for_tells_the_client_nothing(
    give_up: Callable[[Story, Json], None],
) -> None:
    story = paid()
    callback(story)
    about: Json = {"operation": "collection.payment.status", "reference_id": ID}
    place = about | {"connection_id": 1, "exchange_id": 99}
    empty: Json = {"head": "", "length": 0, "sha256": ""}
    story.fake("exchange_began", **place, method="GET", target="/", headers=[], body=empty)
    give_up(story, about)
    shown = empty | {"head": '{"status": "SUCCESSFUL"}'}
    facts: Json = {"status": 200, "layer": "wallet", "rule": None, "why": None}
    story.fake("exchange_ended", **place, **facts, headers=[], body=shown)
    look(story, "completed", "10")
    assert "by a callback alone" in breaches("CBK-04", story)[0]


@pytest.mark.parametrize(
    ("reads", "found"), [(("PENDING",), [""]), ((), ["is forgotten: nothing is read"])]
)
def test_a_callback_outlives_a_kill(reads: tuple[str, ...], found: list[str]) -> None:
    story = paid()
    callback(story)
    story.note("driver_ended", how=KILLED, calls=[])
    turn(story, op="reconcile")
    assert breaches("CBK-08", story) == []  # it may take its time
    story.later(20)
    turn(story, *reads, op="reconcile")
    assert [
        told[-len(want) :] for told, want in zip(breaches("CBK-08", story), found, strict=True)
    ] == found


def test_a_refused_callback_need_not_outlive_a_kill() -> None:
    story = paid()
    callback(story, answer=503)
    story.note("driver_ended", how=KILLED, calls=[])
    story.later(20)
    turn(story, op="reconcile")
    assert breaches("CBK-08", story) == []


@pytest.mark.parametrize(
    ("state", "wallet", "told"),
    [
        ("completed", ("10",), ""),
        ("failed", ("10",), "became failed"),
        ("completed", ("10", "-10"), "changed the books"),
    ],
)
def test_a_late_failed_changes_nothing(state: str, wallet: tuple[str, ...], told: str) -> None:
    story = paid()
    turn(story, "SUCCESSFUL")
    look(story, "completed", "10")
    callback(story, status="FAILED")
    look(story, state, *wallet)
    assert told in breaches("CBK-09", story)[-1]
    assert any(breaches("CBK-09", story)) == bool(told)


@pytest.mark.parametrize(
    ("body", "is_malformed"),
    [
        ("", True),
        ("[]", True),
        ('{"status": 5}', True),
        ('{"status": "SUCCESSFUL", "more": "' + "x" * (1 << 20) + '"}', True),
        ("{}", False),
        ('{"status": "SOMETHING NEW"}', False),
    ],
)
def test_only_what_is_malformed_beyond_doubt_must_be_refused(body: str, is_malformed: bool) -> None:  # noqa: FBT001  # a case
    story = paid()
    with story.call("deliver_callback", about=ID, method="POST", path="/", body=body) as call:
        call.ok(status=200)
    assert any(breaches("CBK-07", story)) is is_malformed
