"""A merchant who pays with a callback URL, and looks at what becomes of it."""

import json

from momo_contracts.events import CallbackAttempted
from tests.mock_momo.core.calls import REFERENCE_ID, REQUEST_TO_PAY
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
