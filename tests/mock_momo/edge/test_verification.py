"""Verification: what nobody expects of a namespace, in one line each."""

import asyncio
import json

import pytest

from tests.mock_momo.core.calls import BALANCE, REFERENCE_ID, REQUEST_TO_PAY, TOKEN
from tests.mock_momo.edge.receiver import Receiver
from tests.mock_momo.edge.wire import Fake

ORDER = json.dumps(
    {
        "amount": "100",
        "currency": "EUR",
        "payer": {"partyIdType": "MSISDN", "partyId": "46733120001"},
    }
).encode()
DELIVERY = f"{REFERENCE_ID}.1"
REAL = "; the real API answers 404 Resource not found"


async def verify(fake: Fake, message: object = None) -> list[tuple[object, object]]:
    """Kind and reason of each problem."""
    answer = (await fake.control("POST", "namespaces/default/verify", message)).json
    problems = answer["problems"]
    assert isinstance(problems, list)
    assert (answer["ok"], answer["findings"]) == (not problems, [])
    return [(row["kind"], row["why"]) for row in problems]


async def pay(fake: Fake, url: str, plan: str = "SUCCESSFUL") -> None:
    headers = fake.headers() | {
        "X-Reference-Id": REFERENCE_ID,
        "X-Callback-Url": url,
        "X-Mock-Outcome": plan,
    }
    assert (await fake.ask("POST", REQUEST_TO_PAY, headers, ORDER)).status == 202


async def test_a_refusal_by_a_known_operation_is_no_problem(fake: Fake) -> None:
    await fake.ask("GET", f"{REQUEST_TO_PAY}/{REFERENCE_ID}", {"Host": "x"})

    assert await verify(fake) == []


async def test_each_request_that_the_api_does_not_know_is_told_without_its_query(
    fake: Fake,
) -> None:
    await fake.ask("GET", "/collection/v1_0/acount?subscription-key=secret", fake.headers())
    await fake.ask("POST", "/nowhere", {"Host": "x", "Content-Length": "0"})

    assert await verify(fake) == [
        ("unmatched_request", f"{asked} is no operation of the API (answered 404: {why}{REAL})")
        for asked, why in (
            ("GET /collection/v1_0/acount", "the API has no GET /collection/v1_0/acount"),
            ("POST /nowhere", "the API has no POST /nowhere"),
        )
    ]


async def test_what_a_namespace_saw_before_it_was_emptied_is_forgotten(fake: Fake) -> None:
    await fake.ask("GET", "/nowhere", {"Host": "x"})
    await fake.control("POST", "namespaces/default/reset")

    assert await verify(fake) == []


async def test_requests_that_the_log_no_longer_holds_are_counted(fake: Fake) -> None:
    fake.registry.default.calls["unknown"] = 2
    await fake.ask("GET", "/nowhere", {"Host": "x"})

    problems = await verify(fake)

    assert problems[1:] == [
        (
            "unmatched_request",
            "2 more, under way or no longer in the event log; a reset forgets them",
        )
    ]


async def test_a_delivered_callback_is_no_problem(fake: Fake, receiver: Receiver) -> None:
    await pay(fake, receiver.url)

    assert await verify(fake, {"wait_s": 10}) == []
    assert receiver.statuses_seen == ["SUCCESSFUL"]


async def test_a_callback_that_was_answered_with_an_error_is_told(
    fake: Fake, receiver: Receiver
) -> None:
    receiver.statuses = [500]
    await pay(fake, receiver.url)

    assert await verify(fake) == [
        (
            "undelivered_callback",
            f"callback {DELIVERY} is failed: attempt 1 was answered with 500",
        )
    ]


async def test_a_callback_that_nobody_took_is_told(fake: Fake) -> None:
    await pay(fake, "http://localhost:9/momo")

    ((kind, why),) = await verify(fake)

    assert kind == "undelivered_callback"
    assert str(why).startswith(f"callback {DELIVERY} is failed: Client")


async def test_a_callback_in_the_queue_and_one_that_was_put_off_are_told(
    fake: Fake, receiver: Receiver
) -> None:
    await fake.control("POST", "namespaces/default/clock", {"action": "freeze"})
    await fake.control("POST", "namespaces/default/callbacks/pause")
    await pay(fake, receiver.url, plan="SUCCESSFUL; after=1s")
    await fake.control("POST", "namespaces/default/clock", {"action": "advance", "seconds": 1})
    queued = await verify(fake)
    await fake.control("POST", f"namespaces/default/callbacks/{DELIVERY}/delay", {"seconds": 60})
    put_off = await verify(fake)

    assert [why for _, why in queued + put_off] == [
        f"callback {DELIVERY} is queued: callbacks are paused; resume or step sends it",
        f"callback {DELIVERY} is waiting: it is due later",
    ]


async def test_a_callback_that_a_gate_holds_is_told(fake: Fake, receiver: Receiver) -> None:
    gate = {"point": "callback_before_send"}
    await fake.control("PUT", "namespaces/default/gates/g", gate)
    await pay(fake, receiver.url)
    await fake.control("GET", "namespaces/default/gates/g?held=1&wait_s=10")

    assert await verify(fake) == [
        (
            "undelivered_callback",
            f"callback {DELIVERY} is in_hand: it is being sent, or a gate holds it",
        )
    ]


async def test_it_waits_for_a_callback_that_is_let_go_meanwhile(
    fake: Fake, receiver: Receiver
) -> None:
    await fake.control("PUT", "namespaces/default/gates/g", {"point": "callback_before_send"})
    await pay(fake, receiver.url)
    await fake.control("GET", "namespaces/default/gates/g?held=1&wait_s=10")

    problems, _ = await asyncio.gather(
        verify(fake, {"wait_s": 10}), fake.control("DELETE", "namespaces/default/gates/g")
    )

    assert problems == []


EXPECT = [
    {"name": "a login", "count": {"operation": "collection.token"}, "exactly": 1},
    {"never": {"status": "5*"}},
    {"sequence": [{"operation": "collection.token"}, {"operation": "collection.balance"}]},
]


async def findings(fake: Fake, wait_s: float = 0) -> dict[str, str]:
    message = {"expect": EXPECT, "wait_s": wait_s}
    rows = (await fake.control("POST", "namespaces/default/verify", message)).json["findings"]
    assert isinstance(rows, list)
    return {row["name"]: row["status"] for row in rows}


async def test_expectations_are_judged_from_what_this_world_has_seen(fake: Fake) -> None:
    await fake.ask("POST", TOKEN, fake.login())
    await fake.control("POST", "namespaces/default/reset")
    names = [
        "a login",
        "never status=5*",
        "operation=collection.token → operation=collection.balance",
    ]
    assert await findings(fake) == dict(zip(names, ["unmet", "met", "unmet"], strict=True))

    await fake.ask("POST", TOKEN, fake.login())
    await fake.ask("GET", BALANCE, fake.headers())

    assert await findings(fake) == dict.fromkeys(names, "met")
    answer = await fake.control("POST", "namespaces/default/verify", {"expect": EXPECT})
    assert (answer.json["ok"], answer.json["problems"]) == (True, [])


async def test_what_a_state_that_was_put_back_had_seen_is_undecided(fake: Fake) -> None:
    await fake.ask("POST", TOKEN, fake.login())
    state = (await fake.control("GET", "namespaces/default/state")).json
    await fake.ask("GET", BALANCE, fake.headers())

    await fake.control("PUT", "namespaces/default/state", state)

    assert set((await findings(fake)).values()) == {"incomplete"}
    await fake.control("POST", "namespaces/default/reset")
    assert (await findings(fake))["never status=5*"] == "met"


async def test_a_verification_waits_for_what_has_not_happened_yet(fake: Fake) -> None:
    asked = asyncio.create_task(findings(fake, wait_s=10))
    await fake.ask("POST", TOKEN, fake.login())
    await fake.ask("GET", BALANCE, fake.headers())

    assert set((await asked).values()) == {"met"}


MISTAKES = (
    ({"expect": [{"name": "x"}]}, "expect.0: give one of count, never and sequence"),
    ({"expect": [{"never": {"statu": 1}}]}, "did you mean 'status'?"),
    ({"wait_s": 61}, "wait_s: "),
    ({"wait": 1}, "did you mean 'wait_s'?"),
)


@pytest.mark.parametrize(("message", "told"), MISTAKES)
async def test_a_mistake_is_named(fake: Fake, message: object, told: str) -> None:
    answer = await fake.control("POST", "namespaces/default/verify", message)

    assert answer.status == 400
    assert told in str(answer.json["error"])
