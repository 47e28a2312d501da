"""One payment, two spellings of its id: every question about it is answered in either."""

import asyncio
import json

import pytest

from mock_momo.edge.documents.rule_messages import MatchMessage, match_from
from momo_contracts.values import canonical_reference_id
from tests.mock_momo.core.calls import REFERENCE_ID
from tests.mock_momo.edge.merchant import deliveries, lab, pay, world
from tests.mock_momo.edge.wire import Fake

UPPER = REFERENCE_ID.upper()
CREATE = "collection.requesttopay.create"


@pytest.mark.parametrize("written", [REFERENCE_ID, UPPER])
@pytest.mark.parametrize("asked", [REFERENCE_ID, UPPER])
async def test_the_payer_decides_on_the_payment_by_either_spelling(
    fake: Fake, written: str, asked: str
) -> None:
    await world(fake)
    assert await pay(fake, None, "SUCCESSFUL; on_approval", written) == 202

    answer = await fake.control("POST", f"namespaces/default/payments/{asked}/approve")

    assert (answer.status, answer.json["reference_id"]) == (200, REFERENCE_ID)


async def test_callbacks_are_found_by_either_spelling(fake: Fake) -> None:
    await world(fake)
    await lab(fake, "pause")
    await pay(fake, "http://localhost:9/", "SUCCESSFUL", UPPER)

    found = await deliveries(fake, f"?reference_id={UPPER}")

    assert found == await deliveries(fake, f"?reference_id={REFERENCE_ID}") != []


@pytest.mark.parametrize("asked", [REFERENCE_ID, UPPER])
async def test_the_events_of_a_payment_are_its_whole_story(fake: Fake, asked: str) -> None:
    await world(fake)
    await pay(fake, None, "SUCCESSFUL", UPPER)

    events = await fake.control("GET", f"namespaces/default/events?reference_id={asked}")

    kinds = [json.loads(line)["kind"] for line in events.body.splitlines()]
    assert kinds == ["exchange_began", "payment_settled", "exchange_ended"]


async def test_an_expectation_is_met_by_either_spelling(fake: Fake) -> None:
    await world(fake)
    await pay(fake, None, "SUCCESSFUL", UPPER)

    expect = [
        {"count": {"operation": CREATE, "reference_id": asked}} for asked in (REFERENCE_ID, UPPER)
    ]
    answer = await fake.control("POST", "namespaces/default/verify", {"expect": expect})

    assert answer.json["ok"] is True, answer.json


@pytest.mark.parametrize("written", [REFERENCE_ID, UPPER])
@pytest.mark.parametrize("matched", [REFERENCE_ID, UPPER, f"{REFERENCE_ID[:8]}*"])
async def test_a_rule_strikes_the_create_by_either_spelling(
    fake: Fake, written: str, matched: str
) -> None:
    rule = {"name": "r", "match": {"reference_id": matched}, "fault": {"latency": {"ms": 0}}}
    await world(fake, [rule])
    await pay(fake, None, "SUCCESSFUL", written)

    rules = await fake.control("GET", "namespaces/default/rules")

    assert isinstance(rules.json["rules"], list)
    assert rules.json["rules"][0]["strikes"] == 1


@pytest.mark.parametrize("asked", [REFERENCE_ID, UPPER])
async def test_a_read_is_matched_by_its_payment_in_either_spelling(fake: Fake, asked: str) -> None:
    await world(fake, [{"name": "r", "match": {"party": "4673*"}, "fault": {"latency": {"ms": 0}}}])
    await pay(fake, None, "SUCCESSFUL", UPPER)

    await fake.ask("GET", f"/collection/v2_0/payment/{asked}", fake.headers())

    rules = await fake.control("GET", "namespaces/default/rules")
    assert isinstance(rules.json["rules"], list)
    assert rules.json["rules"][0]["strikes"] == 2


@pytest.mark.parametrize("text", ["", "7", "ORDER-7", f"{UPPER}*", "É"])
def test_text_that_is_no_uuid_stays_as_it_is(text: str) -> None:
    assert canonical_reference_id(text) == text
    assert match_from(MatchMessage(reference_id=text)).reference_id == text


async def test_a_gate_holds_a_create_by_either_spelling(fake: Fake) -> None:
    await world(fake)
    for name, asked in {"lower": REFERENCE_ID, "upper": UPPER}.items():
        gate = {"point": "request_received", "match": {"reference_id": asked}, "times": 1}
        await fake.control("PUT", f"namespaces/default/gates/{name}", gate)
        async with asyncio.TaskGroup() as group:
            group.create_task(pay(fake, None, "SUCCESSFUL", UPPER))
            path = f"namespaces/default/gates/{name}?held=1&wait_s=10"
            watched = await fake.control("GET", path)
            await fake.control("DELETE", f"namespaces/default/gates/{name}")

        assert watched.json["held"] == [{"operation": CREATE, "reference_id": REFERENCE_ID}]
