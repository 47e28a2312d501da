"""Gates hold requests, replies and callbacks until they are told to let go."""

import asyncio
import json
from itertools import permutations

import pytest

from mock_momo.edge import gatekeeper
from momo_contracts.events import CallbackAttempted, ClockMoved, ExchangeEnded, GateHeld
from tests.mock_momo.core.calls import BALANCE, REFERENCE_ID, REQUEST_TO_PAY
from tests.mock_momo.edge.receiver import receiving
from tests.mock_momo.edge.wire import Answer, Fake

ORDER = b'{"amount":"5","currency":"EUR","payer":{"partyIdType":"MSISDN","partyId":"1"}}'
OTHER_ID = REFERENCE_ID[:-1] + "2"
STEPS = ("202", "callback", "poll", "expiry")


async def gate(
    fake: Fake, name: str, point: str, *, times: int | None = None, **match: object
) -> Answer:
    message = {"point": point, "match": match, "times": times}
    return await fake.control("PUT", f"namespaces/default/gates/{name}", message)


async def held(fake: Fake, name: str, count: int) -> Answer:
    """Wait until the gate holds so many."""
    path = f"namespaces/default/gates/{name}?held={count}&wait_s=10"
    answer = await fake.control("GET", path)
    assert len(_rows(answer)) == count
    return answer


async def release(fake: Fake, name: str, count: int | None = None) -> Answer:
    return await fake.control("POST", f"namespaces/default/gates/{name}/release", {"count": count})


async def clock(fake: Fake, **message: object) -> Answer:
    return await fake.control("POST", "namespaces/default/clock", message)


def pay(
    fake: Fake, reference_id: str = REFERENCE_ID, **headers: str | None
) -> "asyncio.Task[Answer]":
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    sent = fake.headers() | {"X-Reference-Id": reference_id} | named
    return asyncio.create_task(fake.ask("POST", REQUEST_TO_PAY, sent, ORDER))


def balance(fake: Fake) -> "asyncio.Task[Answer]":
    return asyncio.create_task(fake.ask("GET", BALANCE, fake.headers()))


def _rows(answer: Answer) -> list[object]:
    rows = answer.json["held"]
    assert isinstance(rows, list)
    return rows


async def test_a_request_is_held_before_anything_is_done_and_then_goes_on(fake: Fake) -> None:
    await gate(fake, "door", "request_received", operation="*.create")
    asked = pay(fake)
    shown = await held(fake, "door", 1)

    assert shown.json["held"] == [
        {"operation": "collection.requesttopay.create", "reference_id": REFERENCE_ID}
    ]
    assert fake.registry.default.engine.payments == {}
    assert (await release(fake, "door")).json["released"] == 1
    assert (await asked).status == 202


async def test_what_a_gate_holds_is_told_even_of_bytes_that_are_no_text(fake: Fake) -> None:
    await gate(fake, "g", "request_received")
    request = f"POST {REQUEST_TO_PAY} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n".encode()
    waiting = asyncio.create_task(fake.send(request + b"X-Reference-Id: \xff\xfe\r\n\r\n"))

    await held(fake, "g", 1)

    await fake.control("DELETE", "namespaces/default/gates/g")
    assert (await waiting).status == 401


async def test_a_reply_is_held_after_everything_is_done(fake: Fake) -> None:
    await gate(fake, "exit", "before_reply")
    asked = pay(fake)
    await held(fake, "exit", 1)

    assert REFERENCE_ID in fake.registry.default.engine.payments
    await release(fake, "exit")
    assert (await asked).status == 202


async def test_a_gate_holds_what_matches_and_only_so_many_times(fake: Fake) -> None:
    await gate(fake, "one", "request_received", times=1, reference_id=OTHER_ID)

    assert (await pay(fake)).status == 202
    asked = pay(fake, OTHER_ID)
    await held(fake, "one", 1)
    assert (await pay(fake, OTHER_ID)).status == 202, "only the first is held"
    await release(fake, "one")
    assert (await asked).status == 409, "time went on while it was held"


async def test_the_first_to_arrive_is_the_first_to_go_on(fake: Fake) -> None:
    await gate(fake, "door", "request_received")
    asked = []
    for number in range(3):
        asked.append(pay(fake, f"{REFERENCE_ID[:-1]}{number}"))
        await held(fake, "door", number + 1)

    await release(fake, "door", count=2)
    await asyncio.wait(asked[:2])
    assert list(fake.registry.default.engine.payments) == [
        f"{REFERENCE_ID[:-1]}0", f"{REFERENCE_ID[:-1]}1",
    ]  # fmt: skip
    await release(fake, "door")
    await asked[2]


@pytest.mark.parametrize("how", ["delete", "replace", "reset", "put"])
async def test_what_a_gate_held_goes_on_when_the_gate_is_gone(fake: Fake, how: str) -> None:
    await gate(fake, "door", "request_received")
    asked = balance(fake)
    await held(fake, "door", 1)

    match how:
        case "delete":
            gone = await fake.control("DELETE", "namespaces/default/gates/door")
            assert gone.json == {"released": 1}
        case "replace":
            await gate(fake, "door", "before_reply", operation="nothing*")
        case "reset":
            await fake.control("POST", "namespaces/default/reset")
        case "put":
            await fake.control("PUT", "namespaces/default")

    assert (await asked).status in (200, 401)


async def test_a_fake_that_stops_lets_everything_go(fake: Fake) -> None:
    await gate(fake, "exit", "before_reply")
    asked = balance(fake)
    await held(fake, "exit", 1)

    await fake.server.stop(drain_s=5)

    assert (await asked).status == 200


async def test_a_held_callback_does_not_keep_the_clock_from_moving(fake: Fake) -> None:
    await gate(fake, "send", "callback_before_send")
    await clock(fake, action="freeze")
    async with receiving() as receiver:
        await pay(fake, X_Callback_Url=receiver.url, X_Mock_Outcome="SUCCESSFUL; after=1s")
        moved = await clock(fake, action="advance", seconds=60)

        assert isinstance(moved.json["fired"], list)
        assert [row["kind"] for row in moved.json["fired"]] == ["payment_settled"]
        assert receiver.received == []
        await release(fake, "send")
        await clock(fake, action="advance", seconds=0)
        assert len(receiver.received) == 1


async def test_an_answered_callback_can_be_held_before_its_answer_counts(fake: Fake) -> None:
    await gate(fake, "ack", "callback_after_ack")
    await clock(fake, action="freeze")
    async with receiving() as receiver:
        await pay(fake, X_Callback_Url=receiver.url, X_Mock_Outcome="SUCCESSFUL; after=1s")
        await clock(fake, action="advance", seconds=1)
        delivery = fake.registry.default.engine.callbacks.deliveries[f"{REFERENCE_ID}.1"]

        assert (len(receiver.received), delivery.stage) == (1, "in_hand")
        await release(fake, "ack")
        await clock(fake, action="advance", seconds=0)
        assert delivery.stage == "acknowledged"


MISTAKES: tuple[tuple[str, str, object, str], ...] = (
    ("PUT", "gates/g", {}, "point: Field required"),
    ("PUT", "gates/g", {"point": "nowhere"}, "point: Input should be 'request_received'"),
    ("PUT", "gates/g", {"point": "before_reply", "tims": 1}, "did you mean 'times'?"),
    ("PUT", "gates/%20", {"point": "before_reply"}, "a gate's name ' ' must be 1 to 100"),
    (
        "PUT",
        "gates/g",
        {"point": "before_reply", "match": {"operation": "collection.tokn"}},
        "did you mean 'collection.token'?",
    ),
    ("GET", "gates/g", None, "no gate 'g' is closed; closed: none"),
    ("GET", "gates/g?held=x", None, "no gate 'g'"),
    ("POST", "gates/g/release", {}, "no gate 'g'"),
    ("DELETE", "gates/g", None, "no gate 'g'"),
)


@pytest.mark.parametrize(("method", "path", "message", "told"), MISTAKES)
async def test_a_mistake_with_gates_is_named(
    fake: Fake, method: str, path: str, message: object, told: str
) -> None:
    answer = await fake.control(method, f"namespaces/default/{path}", message)

    assert answer.status == 400
    assert told in str(answer.json["error"])


@pytest.mark.parametrize("query", ["held=x", "wait_s=x", "wait_s=61", "wait_s=-1", "hold=1"])
async def test_a_wrong_wait_is_named(fake: Fake, query: str) -> None:
    await gate(fake, "g", "before_reply")

    answer = await fake.control("GET", f"namespaces/default/gates/g?{query}")

    assert answer.status == 400
    assert query.partition("=")[0] in str(answer.json["error"])


async def test_a_wait_for_what_does_not_come_ends_with_what_is_there(fake: Fake) -> None:
    await gate(fake, "g", "before_reply")

    answer = await fake.control("GET", "namespaces/default/gates/g?held=1&wait_s=0.01")

    assert (answer.status, answer.json["held"]) == (200, [])


@pytest.mark.parametrize("order", list(permutations(STEPS)), ids="-".join)
async def test_every_interleaving_of_one_payment_happens_as_ordered(
    fake: Fake, order: tuple[str, ...]
) -> None:
    """The 202, the callback, a poll and the token's end, in each of their 24 orders."""
    await fake.control("PUT", "namespaces/default", {"expires_in_s": 100})
    await clock(fake, action="freeze")
    await gate(fake, "reply", "before_reply", operation="*.create")
    await gate(fake, "send", "callback_before_send")
    await gate(fake, "look", "request_received", operation="*.status")
    async with receiving() as receiver:
        poll_headers = fake.headers()
        created = pay(fake, X_Callback_Url=receiver.url, X_Mock_Outcome="SUCCESSFUL; after=10s")
        await held(fake, "reply", 1)
        await clock(fake, action="advance", seconds=10)
        path = f"/collection/v2_0/payment/{REFERENCE_ID}"
        polled = asyncio.create_task(fake.ask("GET", path, poll_headers))
        await held(fake, "look", 1)
        await held(fake, "send", 1)
        for step in order:
            match step:
                case "202":
                    await release(fake, "reply")
                    await created
                case "callback":
                    await release(fake, "send")
                    await clock(fake, action="advance", seconds=0)
                case "poll":
                    await release(fake, "look")
                    await polled
                case "expiry":
                    await clock(fake, action="advance", seconds=90)

    is_late = order.index("poll") > order.index("expiry")
    answer = await polled
    assert (await created).status == 202
    assert receiver.statuses_seen == ["SUCCESSFUL"]
    assert answer.status == (401 if is_late else 200)
    assert is_late or json.loads(answer.body)["status"] == "SUCCESSFUL"
    assert _as_logged(fake) == order


def _as_logged(fake: Fake) -> tuple[str, ...]:
    found = []
    for event in fake.registry.default.log.after(0):
        match event.detail:
            case ExchangeEnded(status=202):
                found.append("202")
            case CallbackAttempted():
                found.append("callback")
            case ExchangeEnded(operation="collection.payment.status"):
                found.append("poll")
            case ClockMoved(from_ms=start, to_ms=end) if end - start == 90_000:
                found.append("expiry")
    return tuple(found)


async def test_what_is_held_and_let_go_is_in_the_log(fake: Fake) -> None:
    await gate(fake, "door", "request_received")
    asked = balance(fake)
    await held(fake, "door", 1)
    await release(fake, "door")
    await asked

    kinds = [type(event.detail).__name__ for event in fake.registry.default.log.after(1)]
    assert kinds == ["ExchangeBegan", "GateHeld", "GateReleased", "ExchangeEnded"]
    events = list(fake.registry.default.log.after(2))
    assert events[0].detail == GateHeld("door", "request_received", "collection.balance", None)


async def test_what_went_on_by_itself_is_no_longer_held(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gatekeeper, "LONGEST_HOLD_S", 0)
    await gate(fake, "slow", "request_received")

    assert (await balance(fake)).status == 200
    assert _rows(await fake.control("GET", "namespaces/default/gates/slow")) == []
