"""A state that does not hang together is refused where it is read, not missed later."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.mock_momo.core.calls import REFERENCE_ID, REQUEST_TO_PAY
from tests.mock_momo.edge.merchant import pay, world
from tests.mock_momo.edge.receiver import receiving
from tests.mock_momo.edge.wire import Fake

OTHER_ID = f"{REFERENCE_ID[:-1]}2"
HUGE = 10**30
State = dict[str, Any]


def top(**changes: object) -> Callable[[State], None]:
    return lambda state: state.update(changes)


def first(rows: str, **changes: object) -> Callable[[State], None]:
    return lambda state: state[rows][0].update(changes)


BROKEN: tuple[tuple[Callable[[State], None], str], ...] = (
    (top(agenda=[[0, "settle", OTHER_ID, True]]), f"no '{OTHER_ID}' to settle"),
    (top(agenda=[[0, "expire", OTHER_ID, True]]), f"no '{OTHER_ID}' to expire"),
    (top(agenda=[[0, "deliver", f"{OTHER_ID}.1", True]]), f"no '{OTHER_ID}.1' to deliver"),
    (top(payments=[]), "no payment"),
    (top(queue=[f"{OTHER_ID}.1"]), "queue: it must hold"),
    (first("deliveries", stage="queued"), "queue: it must hold"),
    (first("deliveries", stage="in_hand"), "in_hand"),
    (first("deliveries", number=7), "numbered 1, 2"),
    (first("payments", callback=None), "has a callback"),
    (first("payments", reference_id="a/b"), "UUID"),
    (first("payments", reference_id=REFERENCE_ID.upper()), "UUID"),
    (lambda state: state["payments"].append(state["payments"][0]), "the same reference id"),
    (first("payments", polls=-1), "payments.0.polls"),
    (first("payments", seed=HUGE), "payments.0.seed"),
    (lambda state: state["payments"][0].pop("seed"), "payments.0.seed"),
    (first("payments", created_at_ms=HUGE), "payments.0.created_at_ms"),
    (first("payments", amount="1e99999999"), "payments.0.amount"),
    (first("payments", callback={"url": "x", "copies": HUGE}), "payments.0.callback.copies"),
    (first("payments", callback={"url": "x", "delay_ms": HUGE}), "payments.0.callback.delay_ms"),
    (top(clock={"mode": "frozen", "ms": HUGE}), "clock.ms"),
    (top(clock={"mode": "real", "ms": -HUGE}), "clock.ms"),
    (top(resets=HUGE), "resets"),
    (top(resets=-1), "resets"),
    (top(calls={"unknown": HUGE}), "calls.unknown"),
    (top(credited="1e99999999"), "credited"),
    (top(settings={"seed": HUGE}), "settings.seed"),
)


@pytest.mark.parametrize(("change", "told"), BROKEN)
async def test_a_state_that_does_not_hang_together_is_refused(
    fake: Fake, change: Callable[[State], None], told: str
) -> None:
    async with receiving() as receiver:
        await world(fake, callback_retry="backoff")
        receiver.statuses = [500]
        await pay(fake, receiver.url)
        await fake.server.performer.quiesce(fake.registry.default)
    state = (await fake.control("GET", "namespaces/default/state")).json
    change(state)

    answer = await fake.control("PUT", "namespaces/other/state", state)

    assert (answer.status, fake.registry.names()) == (400, ["default"])
    assert told in str(answer.json["error"])


TOO_LARGE = (
    ("namespaces/default", {"seed": HUGE}),
    ("namespaces/default/gates/slow", {"point": "before_reply", "times": HUGE}),
    ("namespaces/default/rules", {"rules": [{"name": "a", "outcome": "FAILED", "times": HUGE}]}),
    ("namespaces/default/rules", {"rules": [{"name": "a", "fault": "hang", "skip_first": HUGE}]}),
    (
        "namespaces/default/rules",
        {"rules": [{"name": "a", "outcome": [{"plan": "FAILED", "weight": HUGE}]}]},
    ),
)


@pytest.mark.parametrize(("path", "message"), TOO_LARGE)
async def test_a_number_that_json_cannot_show_again_is_refused(
    fake: Fake, path: str, message: object
) -> None:
    answer = await fake.control("PUT", path, message)

    assert answer.status == 400
    assert "less than or equal to" in str(answer.json["error"])


async def test_a_callback_url_that_is_no_text_is_refused_and_the_state_can_be_taken(
    fake: Fake,
) -> None:
    named = {"X-Reference-Id": REFERENCE_ID, "X-Callback-Url": "http://localhost/?"}
    order = b'{"amount":"5","currency":"EUR","payer":{"partyIdType":"MSISDN","partyId":"1"}}'
    headers = fake.headers() | named | {"Content-Length": str(len(order))}
    lines = [f"POST {REQUEST_TO_PAY} HTTP/1.1", *(f"{n}: {v}" for n, v in headers.items())]
    request = "\r\n".join([*lines, "", ""]).encode().replace(b"localhost/?", b"localhost/\xff")

    refused = await fake.send(request + order)

    assert (refused.status, "percent-encode" in str(refused.why)) == (400, True)
    assert (await fake.control("GET", "namespaces/default/state")).status == 200


async def test_a_state_of_many_payments_is_put_back(fake: Fake) -> None:
    await world(fake)
    await pay(fake, None)
    state = (await fake.control("GET", "namespaces/default/state")).json
    payments = state["payments"]
    assert isinstance(payments, list)
    many = [payments[0] | {"reference_id": f"{n:08x}{REFERENCE_ID[8:]}"} for n in range(5000)]

    answer = await fake.control("PUT", "namespaces/default/state", state | {"payments": many})

    assert answer.status == 200
    assert len(fake.registry.default.engine.payments) == 5000
