"""The same seed and requests give the same misery and the same values, however many at a time."""

import asyncio

import aiohttp

from mock_momo.core.namespace import Namespace
from mock_momo.core.settings import Settings
from mock_momo.edge.documents.rule_messages import RuleMessage, rules_from
from tests.mock_momo.edge.wire import Fake

IDS = [f"00000000-0000-4000-8000-{number:012x}" for number in range(400)]
CREATE = "/collection/v1_0/requesttopay"
ORDER = {
    "amount": "5",
    "currency": "EUR",
    "payer": {"partyIdType": "MSISDN", "partyId": "46733120001"},
}
SCENARIO = [
    {
        "name": "mix",
        "outcome": [
            {"plan": "SUCCESSFUL", "weight": 5},
            {"plan": "TIMEOUT; after_polls=1", "weight": 3},
            {"plan": "REJECTED", "weight": 2},
        ],
    },
    {"name": "lost", "match": {"operation": "*.create"}, "fault": "lose_reply", "times": 1,
     "probability": 0.1},
    {"name": "busy", "fault": {"server_error": {"status": 503}}, "probability": 0.1},
    {"name": "hidden", "match": {"operation": "*.status"}, "fault": "not_visible", "times": 1,
     "probability": 0.3},
    {"name": "slow", "fault": {"latency": {"ms": 1, "to_ms": 3}}, "probability": 0.05},
]  # fmt: skip


async def test_payments_fare_the_same_one_at_a_time_and_thirty_two(fake: Fake) -> None:
    alone = await _fates(fake, "alone", at_a_time=1)
    crowded = await _fates(fake, "crowded", at_a_time=32)

    assert alone == crowded
    assert len({tuple(fate) for fate in alone.values()}) > 20, "the scenario is a mixed one"


async def _fates(fake: Fake, name: str, *, at_a_time: int) -> dict[str, list[str]]:
    """What each payment saw: of its create, of a second create, and of three reads."""
    rules = rules_from([RuleMessage.model_validate(rule) for rule in SCENARIO])
    world = fake.registry.create(name, Settings(seed=7), rules)
    gate = asyncio.Semaphore(at_a_time)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{fake.port}") as session:

        async def live(reference_id: str) -> list[str]:
            async with gate:
                return [
                    await _seen(fake, session, world, method, reference_id)
                    for method in ("POST", "POST", "GET", "GET", "GET")
                ]

        fates = await asyncio.gather(*(live(reference_id) for reference_id in IDS))
    return dict(zip(IDS, fates, strict=True))


async def _seen(
    fake: Fake, session: aiohttp.ClientSession, world: Namespace, method: str, reference_id: str
) -> str:
    """Status, rules and body of a reply, or that none came."""
    headers = {name: text or "" for name, text in fake.headers(world).items()}
    path = f"/ns/{world.name}{CREATE}" + (f"/{reference_id}" if method == "GET" else "")
    body = ORDER if method == "POST" else None
    headers["X-Reference-Id"] = reference_id
    try:
        async with session.request(method, path, json=body, headers=headers) as reply:
            rules = reply.headers.get("X-Mock-Rule")
            return f"{reply.status} {rules} {await reply.text()}"
    except aiohttp.ClientError:
        return "no reply"
