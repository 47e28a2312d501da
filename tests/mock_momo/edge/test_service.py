"""The fake as a service: ready or not, and its figures as Prometheus reads them."""

import json
from importlib.metadata import version

from prometheus_client.parser import text_string_to_metric_families

from mock_momo.edge.control import PREFIX
from tests.mock_momo.core.calls import REFERENCE_ID, REQUEST_TO_PAY
from tests.mock_momo.edge.receiver import Receiver
from tests.mock_momo.edge.wire import Fake

Labels = tuple[tuple[str, str], ...]
ORDER = {"amount": "5", "currency": "EUR", "payer": {"partyIdType": "MSISDN", "partyId": "1"}}
SHOP = "namespaces/shop"
RULE = {"name": "busy", "fault": {"server_error": {}}, "times": 1}


async def figures(fake: Fake, name: str) -> dict[Labels, float]:
    """The samples of one metric by their labels."""
    answer = await fake.control("GET", "metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        tuple(sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
        if sample.name == name
    }


async def pay(fake: Fake, plan: str = "SUCCESSFUL", url: str | None = None) -> int:
    shop = fake.registry.find("shop")
    headers = fake.headers(shop) | {
        "X-Reference-Id": REFERENCE_ID, "X-Mock-Outcome": plan, "X-Callback-Url": url,
    }  # fmt: skip
    body = json.dumps(ORDER).encode()
    return (await fake.ask("POST", REQUEST_TO_PAY, headers, body)).status


async def test_requests_are_counted_by_operation_and_status_and_outlive_their_namespace(
    fake: Fake,
) -> None:
    await fake.control("PUT", SHOP, {"rules": [RULE]})
    assert [await pay(fake), await pay(fake)] == [503, 202]
    await fake.ask("GET", "/nothing", {"Host": "x"})
    before = await figures(fake, "mock_momo_events_total")
    await fake.control("DELETE", SHOP)

    create = ("operation", "collection.requesttopay.create")
    assert await figures(fake, "mock_momo_requests_total") == {
        (create, ("status", "503")): 1,
        (create, ("status", "202")): 1,
        (("operation", "unknown"), ("status", "404")): 1,
    }
    assert await figures(fake, "mock_momo_faults_total") == {(("fault", "server_error"),): 1}
    assert await figures(fake, "mock_momo_events_total") == before == {(): 10}


async def test_callbacks_are_counted_by_what_became_of_them(fake: Fake, receiver: Receiver) -> None:
    receiver.statuses = [503]
    elsewhere = "http://localhost:9/momo"
    for url, rule in (
        (receiver.url, None),
        (receiver.url, None),
        (elsewhere, None),
        (receiver.url, {"name": "lost", "fault": "callback_lost"}),
    ):
        await fake.control("PUT", SHOP, {"rules": [rule] if rule else []})
        await fake.control("POST", f"{SHOP}/clock", {"action": "freeze"})
        await pay(fake, "SUCCESSFUL; after=1s", url)
        await fake.control("POST", f"{SHOP}/clock", {"action": "advance", "seconds": 1})

    assert await figures(fake, "mock_momo_callbacks_total") == {
        (("result", "refused"),): 1,
        (("result", "acknowledged"),): 1,
        (("result", "no_answer"),): 1,
        (("result", "withheld"),): 1,
    }


async def test_what_there_is_now_is_counted_when_asked(fake: Fake) -> None:
    await fake.control("PUT", SHOP)
    await fake.control("PUT", f"{SHOP}/gates/g", {"point": "request_received"})
    await fake.control("PUT", "namespaces/default")
    logs = [namespace.log for namespace in fake.registry.all()]
    found = {
        name: (await figures(fake, f"mock_momo_{name}"))[()]
        for name in ("namespaces", "log_events", "log_bytes", "gates_closed", "gate_holds")
    }

    assert found == {
        "namespaces": 2,
        "log_events": sum(log.kept for log in logs),
        "log_bytes": sum(log.kept_bytes for log in logs),
        "gates_closed": 1,
        "gate_holds": 0,
    }
    assert found["log_bytes"] > 0


async def test_payments_are_counted_by_the_state_they_have_by_now(fake: Fake) -> None:
    await fake.control("PUT", SHOP)
    await pay(fake, "FAILED; after=5s")
    pending = await figures(fake, "mock_momo_payments")
    fake.wall.ms += 5000

    assert (pending, await figures(fake, "mock_momo_payments")) == (
        {(("state", "PENDING"),): 1},
        {(("state", "FAILED"),): 1},
    )


async def test_the_build_is_named(fake: Fake) -> None:
    assert await figures(fake, "mock_momo_build_info") == {(("version", version("mock-momo")),): 1}


async def test_it_is_ready_until_it_stops(fake: Fake) -> None:
    ready = await fake.control("GET", "ready")
    await fake.server.stop(drain_s=0)
    later = await fake.server.control.answer("GET", f"{PREFIX}ready")

    assert (ready.status, ready.json) == (200, {"status": "ready"})
    assert (later.status, later.body) == (503, b'{"status":"stopping"}\n')
