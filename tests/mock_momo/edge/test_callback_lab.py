"""What the callback lab does with deliveries, and how it tells why none was made."""

import socket

import pytest

from momo_contracts.events import CallbackWithheld
from tests.mock_momo.core.calls import REFERENCE_ID
from tests.mock_momo.edge.merchant import advance, deliveries, lab, pay, world
from tests.mock_momo.edge.receiver import Receiver
from tests.mock_momo.edge.wire import WALL_MS, Fake


async def test_paused_callbacks_are_queued_reordered_stepped_dropped_and_resumed(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake)
    await lab(fake, "pause")
    ids = [f"{REFERENCE_ID[:-1]}{number}" for number in range(4)]
    for number, reference_id in enumerate(ids):
        await pay(fake, receiver.url, f"SUCCESSFUL; after={number}s", reference_id)
    await advance(fake, 9)
    assert [row["stage"] for row in await deliveries(fake)] == ["queued"] * 4

    await lab(fake, "reorder", {"deliveries": [f"{ids[2]}.1", f"{ids[0]}.1"]})
    stepped = await lab(fake, "step")
    await lab(fake, f"{ids[1]}.1/drop")
    await lab(fake, f"{ids[3]}.1/delay", {"seconds": 60})
    resumed = await lab(fake, "resume")

    assert isinstance(stepped.json["deliveries"], list)
    assert [row["id"] for row in stepped.json["deliveries"]] == [f"{ids[2]}.1"]
    assert (resumed.json["sent"], len(receiver.received)) == (1, 2)
    await advance(fake, 60)
    stages = {str(row["id"])[-3]: row["stage"] for row in await deliveries(fake)}
    assert stages == {
        "0": "acknowledged",
        "1": "dropped",
        "2": "acknowledged",
        "3": "acknowledged",
    }


async def test_a_dropped_delivery_that_is_put_off_is_no_longer_dropped(fake: Fake) -> None:
    await world(fake)
    await pay(fake, "http://localhost:9/x", "SUCCESSFUL; after=1h")
    await advance(fake, 3600)
    identity = f"{REFERENCE_ID}.1"
    await lab(fake, f"{identity}/drop")

    await lab(fake, f"{identity}/delay", {"seconds": 5})

    row = (await deliveries(fake))[0]
    assert (row["stage"], row["why"]) == ("waiting", None)


async def test_a_delivery_can_be_sent_again_and_once_more_as_its_own(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake)
    await pay(fake, receiver.url, "SUCCESSFUL; after=1s")
    await advance(fake, 1)

    again = await lab(fake, f"{REFERENCE_ID}.1/resend")
    copy = await lab(fake, f"{REFERENCE_ID}.1/duplicate")

    assert isinstance(again.json["attempts"], list)
    assert len(again.json["attempts"]) == 2
    assert (copy.status, copy.json["id"]) == (201, f"{REFERENCE_ID}.2")
    assert len({row.body for row in receiver.received}) == 1
    assert len(receiver.received) == 3


async def test_each_attempt_tells_what_was_sent_and_what_came_back(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake)
    receiver.statuses = [503]
    await pay(fake, receiver.url, "FAILED; after=1s")
    await advance(fake, 1)

    delivery = (await deliveries(fake, f"?reference_id={REFERENCE_ID}"))[0]

    assert isinstance(delivery["attempts"], list)
    attempt = dict(delivery["attempts"][0])
    assert attempt.pop("latency_ms") >= 0
    assert attempt == {
        "at_ms": WALL_MS + 1000,
        "sent": receiver.received[0].body.decode(),
        "status": 503,
        "reply": "reply",
        "problem": None,
    }


async def test_a_receiver_that_is_not_there_is_a_problem_told_in_words(fake: Fake) -> None:
    await world(fake)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    await pay(fake, f"http://localhost:{port}/", "SUCCESSFUL; after=1s")
    fired = await advance(fake, 1)

    assert "Cannot connect" in str(fired[1]["problem"])
    assert fired[1]["status"] is None


WITHHELD = (
    ("localhost", "ftp://localhost/x", "must begin with http:// or https://"),
    ("localhost", "localhost/x", "must begin with http:// or https://"),
    ("203.0.113.9", "http://203.0.113.9/x", "--allow-callback-host 203.0.113.9"),
    ("nowhere.invalid", "http://nowhere.invalid/x", "--allow-callback-host nowhere.invalid"),
    ("203.0.113.9", "http://u:p@203.0.113.9/x", "--allow-callback-host 203.0.113.9"),
)


@pytest.mark.parametrize(("host", "url", "told"), WITHHELD)
async def test_a_callback_that_would_leave_this_machine_is_withheld_and_says_how_to_allow_it(
    fake: Fake, host: str, url: str, told: str
) -> None:
    await world(fake, callback_retry="backoff")
    user = fake.registry.default.credentials.api_user
    fake.registry.default.engine.api_users[user].callback_host = host
    assert await pay(fake, url, "SUCCESSFUL; after=1s") == 202

    fired = await advance(fake, 60)

    assert [row["kind"] for row in fired] == ["payment_settled", "callback_withheld"]
    assert told in str(fired[1]["why"])
    delivery = (await deliveries(fake))[0]
    assert (delivery["stage"], delivery["attempts"]) == ("withheld", [])
    details = [event.detail for event in fake.registry.default.log.after(0)]
    assert any(isinstance(detail, CallbackWithheld) for detail in details)


NOT_SENT = (
    (None, "SUCCESSFUL", 202, "had no X-Callback-Url"),
    ("http://localhost/x", "PENDING", 202, "the payment is PENDING"),
    ("http://shop.test/x", "SUCCESSFUL", 500, "names the host 'shop.test'"),
)


@pytest.mark.parametrize(("url", "plan", "status", "told"), NOT_SENT)
async def test_why_no_callback_was_sent_is_answered(
    fake: Fake, url: str | None, plan: str, status: int, told: str
) -> None:
    assert await pay(fake, url, plan) == status

    path = f"namespaces/default/callbacks?reference_id={REFERENCE_ID}"
    answer = (await fake.control("GET", path)).json

    assert answer["deliveries"] == []
    assert told in str(answer["why"])


async def test_a_final_payment_without_a_delivery_is_not_said_to_be_waited_for(fake: Fake) -> None:
    await world(fake)
    await lab(fake, "pause")
    await pay(fake, "http://localhost/x", "SUCCESSFUL")
    state = (await fake.control("GET", "namespaces/default/state")).json
    state |= {"deliveries": [], "queue": [], "agenda": []}
    assert (await fake.control("PUT", "namespaces/default/state", state)).status == 200

    path = f"namespaces/default/callbacks?reference_id={REFERENCE_ID}"
    why = (await fake.control("GET", path)).json["why"]

    assert why == "the payment is SUCCESSFUL; it was put back with no callback to be sent"


MISTAKES = (
    ("nothing.1/resend", None, "no delivery 'nothing.1'"),
    ("nothing.1/drop", None, "no delivery 'nothing.1'"),
    ("nothing.1/delay", {"seconds": 1}, "no delivery 'nothing.1'"),
    ("nothing.1/delay", {"second": 1}, "did you mean 'seconds'?"),
    ("reorder", {"deliveries": ["nothing.1"]}, "pause callbacks first"),
)


@pytest.mark.parametrize(("what", "message", "told"), MISTAKES)
async def test_a_mistake_in_the_lab_is_named(
    fake: Fake, what: str, message: object, told: str
) -> None:
    answer = await lab(fake, what, message)

    assert answer.status == 400
    assert told in str(answer.json["error"])


async def test_a_reset_forgets_deliveries_and_no_late_answer_brings_them_back(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake, callback_retry="backoff")
    receiver.statuses = [500]
    receiver.on_request = lambda: fake.control("POST", "namespaces/default/reset")
    await pay(fake, receiver.url, "SUCCESSFUL; after=1s")

    await advance(fake, 60)

    assert (len(receiver.received), await deliveries(fake)) == (1, [])
    clock = (await fake.control("GET", "namespaces/default/clock")).json
    assert (clock["mode"], clock["now_ms"]) == ("real", WALL_MS)
