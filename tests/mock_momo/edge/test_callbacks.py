"""Callbacks over real sockets: what is sent, when, how often, and what the lab can do with it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from momo_contracts.events import CallbackAttempted, CallbackWithheld, ExchangeEnded, PaymentSettled
from tests.mock_momo.core.calls import REFERENCE_ID, REQUEST_TO_PAY
from tests.mock_momo.edge.receiver import Receiver, receiving
from tests.mock_momo.edge.wire import WALL_MS, Answer, Fake

OTHER_ID = REFERENCE_ID[:-1] + "2"
ORDER = {
    "amount": "100",
    "currency": "EUR",
    "externalId": "7",
    "payer": {"partyIdType": "MSISDN", "partyId": "46733120001"},
    "payerMessage": "for the payer",
    "payeeNote": "note",
}
FAILED = (
    b'{"externalId":"7","amount":"100","currency":"EUR","payer":{"partyIdType":"MSISDN",'
    b'"partyId":"46733120001"},"payeeNote":"note","status":"FAILED","reason":"%s"}'
)
TOLD = (
    ("FAILED; reason=NOT_ENOUGH_FUNDS", FAILED % b"NOT_ENOUGH_FUNDS"),
    ("TIMEOUT", FAILED % b"EXPIRED"),
    ("REJECTED", FAILED % b"APPROVAL_REJECTED"),
)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as running:
        yield running


async def world(fake: Fake, rules: list[object] | None = None, **switches: str) -> None:
    """The default namespace, emptied, frozen, with these switches and rules."""
    message = {"switches": switches, "rules": rules or []}
    assert (await fake.control("PUT", "namespaces/default", message)).status == 200
    await fake.control("POST", "namespaces/default/clock", {"action": "freeze"})


async def pay(
    fake: Fake, url: str | None, plan: str = "SUCCESSFUL", reference_id: str = REFERENCE_ID
) -> int:
    headers = fake.headers() | {
        "X-Reference-Id": reference_id,
        "X-Callback-Url": url,
        "X-Mock-Outcome": plan,
    }
    body = json.dumps(ORDER).encode()
    return (await fake.ask("POST", REQUEST_TO_PAY, headers, body)).status


async def advance(fake: Fake, seconds: float) -> list[dict[str, object]]:
    message = {"action": "advance", "seconds": seconds}
    fired = (await fake.control("POST", "namespaces/default/clock", message)).json["fired"]
    assert isinstance(fired, list)
    return fired


async def lab(fake: Fake, what: str, message: object = None) -> Answer:
    return await fake.control("POST", f"namespaces/default/callbacks/{what}", message)


async def deliveries(fake: Fake, query: str = "") -> list[dict[str, object]]:
    answer = await fake.control("GET", f"namespaces/default/callbacks{query}")
    rows = answer.json["deliveries"]
    assert isinstance(rows, list)
    return rows


async def read(fake: Fake) -> str:
    answer = await fake.ask("GET", f"{REQUEST_TO_PAY}/{REFERENCE_ID}", fake.headers())
    return str(answer.json["status"])


def attempts(fake: Fake) -> list[tuple[int, int | None, int | None]]:
    """Of the log: seconds since the beginning, status, milliseconds to the next attempt."""
    return [
        ((event.at_ms - WALL_MS) // 1000, event.detail.status, event.detail.next_in_ms)
        for event in fake.registry.default.log.after(0)
        if isinstance(event.detail, CallbackAttempted)
    ]


async def test_a_delivery_looks_as_it_was_captured(fake: Fake, receiver: Receiver) -> None:
    await world(fake)
    await pay(fake, receiver.url, "SUCCESSFUL; after=10s")

    await advance(fake, 10)

    received = receiver.received[0]
    assert received.line == "POST /callbacks/momo HTTP/1.1"
    assert received.headers == (
        ("Host", f"localhost:{receiver.port}"),
        ("User-Agent", "LWAC Http Client 1.0"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Accept-Encoding", "gzip"),
        ("Connection", "keep-alive"),
        ("Content-Length", str(len(received.body))),
    )
    told = received.json
    assert list(told)[:2] == ["financialTransactionId", "externalId"]
    assert list(told)[2:] == ["amount", "currency", "payer", "payeeNote", "status"]
    assert (
        told["financialTransactionId"]
        == (await fake.ask("GET", f"{REQUEST_TO_PAY}/{REFERENCE_ID}", fake.headers())).json[
            "financialTransactionId"
        ]
    )


@pytest.mark.parametrize(("plan", "body"), TOLD)
async def test_a_failure_is_told_in_the_words_of_v1(
    fake: Fake, receiver: Receiver, plan: str, body: bytes
) -> None:
    await world(fake)
    await pay(fake, receiver.url, f"{plan}; after=1s")
    await advance(fake, 1)

    assert [row.body for row in receiver.received] == [body]


async def test_an_outcome_that_never_comes_is_never_told(fake: Fake, receiver: Receiver) -> None:
    await world(fake)
    await pay(fake, receiver.url, "PENDING")
    await fake.control("POST", "namespaces/default/clock", {"action": "run_until_idle"})

    assert (receiver.received, await deliveries(fake)) == ([], [])


async def test_a_callback_of_an_immediate_outcome_follows_the_202(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake)
    arrived = asyncio.Event()
    receiver.on_request = _set(arrived)

    assert await pay(fake, receiver.url) == 202
    await arrived.wait()
    await advance(fake, 0)

    kinds = [type(event.detail) for event in fake.registry.default.log.after(0)]
    assert kinds[-4:-1] == [PaymentSettled, ExchangeEnded, CallbackAttempted]


async def test_a_real_clock_delivers_without_any_further_request(
    fake: Fake, receiver: Receiver
) -> None:
    arrived = asyncio.Event()
    receiver.on_request = _set(arrived)

    await pay(fake, receiver.url, "SUCCESSFUL; after=0ms")
    await arrived.wait()

    assert receiver.statuses_seen == ["SUCCESSFUL"]


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_the_method_is_a_switch(fake: Fake, receiver: Receiver, method: str) -> None:
    await world(fake, callback_method=method)
    await pay(fake, receiver.url, "SUCCESSFUL; after=1s")
    await advance(fake, 1)

    assert receiver.received[0].line.split()[0] == method


@pytest.mark.parametrize(
    ("retry", "expected"),
    [
        ("once", [(0, 503, None)]),
        ("backoff", [(0, 503, 2000), (2, 503, 4000), (6, 503, 8000), (14, 503, None)]),
    ],
)
async def test_an_unacknowledged_callback_is_tried_again_as_the_switch_says(
    fake: Fake, receiver: Receiver, retry: str, expected: list[object]
) -> None:
    await world(fake, callback_retry=retry)
    receiver.statuses = [503] * 9
    await pay(fake, receiver.url, "SUCCESSFUL; after=0ms")

    await fake.control("POST", "namespaces/default/clock", {"action": "run_until_idle"})

    assert attempts(fake) == expected
    assert len({row.body for row in receiver.received}) == 1
    assert (await deliveries(fake))[0]["stage"] == "failed"


async def test_the_schedule_in_blocks_is_twenty_seconds_then_an_hour_then_a_day(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake, callback_retry="blocks")
    receiver.statuses = [500] * 100
    await pay(fake, receiver.url, "SUCCESSFUL; after=0ms")

    await fake.control("POST", "namespaces/default/clock", {"action": "run_until_idle"})

    waits = [wait for _, _, wait in attempts(fake)]
    assert waits == [1000] * 20 + [120_000] * 30 + [3_600_000] * 24 + [None]


async def test_each_result_is_fed_back_before_the_next_step_and_an_answer_ends_the_tries(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake, callback_retry="backoff")
    receiver.statuses = [500, None, 200]
    await pay(fake, receiver.url, "SUCCESSFUL; after=1s")
    await pay(fake, receiver.url, "FAILED; after=4s", OTHER_ID)

    fired = await advance(fake, 60)

    seconds = [(int(str(row["at_ms"])) - WALL_MS) / 1000 for row in fired]
    told = [row.get("status", row.get("state")) for row in fired]
    assert list(zip(seconds, told, strict=True)) == [
        (1, "SUCCESSFUL"), (1, 500), (3, None), (4, "FAILED"), (4, 200), (7, 200),
    ]  # fmt: skip
    assert [row["stage"] for row in await deliveries(fake)] == ["acknowledged"] * 2


async def test_a_duplicate_three_minutes_later_is_a_switch(fake: Fake, receiver: Receiver) -> None:
    await world(fake, callback_duplicates="after_180_s")
    await pay(fake, receiver.url, "SUCCESSFUL; after=0ms")

    await fake.control("POST", "namespaces/default/clock", {"action": "run_until_idle"})

    assert [second for second, _, _ in attempts(fake)] == [0, 180]
    assert receiver.received[0].body == receiver.received[1].body


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("callback_lost", []),
        ({"callback_duplicated": {"copies": 3}}, [0, 0, 0]),
        ({"callback_delayed": {"after_s": 90}}, [90]),
    ],
)
async def test_a_fault_loses_repeats_or_delays_the_callback(
    fake: Fake, receiver: Receiver, fault: object, expected: list[int]
) -> None:
    await world(fake, [{"name": "misery", "fault": fault}])
    await pay(fake, receiver.url, "SUCCESSFUL; after=0ms")

    await fake.control("POST", "namespaces/default/clock", {"action": "run_until_idle"})

    assert [second for second, _, _ in attempts(fake)] == expected
    assert len(receiver.received) == len(expected)


async def test_an_early_callback_is_answered_before_the_202_and_before_a_read_shows_it(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake, [{"name": "early", "fault": "callback_early"}])
    shown: list[str] = []

    async def look() -> None:
        shown.append(await read(fake))

    receiver.on_request = look
    await pay(fake, receiver.url, "SUCCESSFUL; after=5s")

    assert (shown, receiver.statuses_seen) == (["PENDING"], ["SUCCESSFUL"])
    ended = [e.detail for e in fake.registry.default.log.after(0)]
    creates = [d for d in ended if isinstance(d, ExchangeEnded) and d.status == 202]
    told = [d for d in ended if isinstance(d, CallbackAttempted)]
    assert ended.index(told[0]) < ended.index(creates[0])
    await advance(fake, 60)
    assert len(receiver.received) == 1, "the outcome is told once"


async def test_a_callback_can_contradict_every_read(fake: Fake, receiver: Receiver) -> None:
    await world(fake, [{"name": "liar", "fault": {"callback_contradicts": {"says": "REJECTED"}}}])
    await pay(fake, receiver.url, "SUCCESSFUL; after=1s")
    await advance(fake, 1)

    assert receiver.received[0].json["reason"] == "APPROVAL_REJECTED"
    assert "financialTransactionId" not in receiver.received[0].json
    assert await read(fake) == "SUCCESSFUL"


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


def _set(event: asyncio.Event) -> Callable[[], Awaitable[None]]:
    async def arrived() -> None:
        event.set()

    return arrived
