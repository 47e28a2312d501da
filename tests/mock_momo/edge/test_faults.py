"""Every fault over a real socket: what the client sees, and what the wallet has committed."""

import asyncio
import json
from asyncio import IncompleteReadError

import pytest

from mock_momo.core.faults import BY_NAME
from mock_momo.edge.documents.rule_messages import RuleMessage, rules_from
from mock_momo.edge.wire import handover
from momo_contracts.events import FaultConsumed
from tests.mock_momo.edge.wire import PATIENCE_S, Answer, Fake, compose, read_answer

REFERENCE_ID = "00000000-0000-4000-8000-000000000001"
CREATE = "/collection/v1_0/requesttopay"
BODY = (
    b'{"amount":"5","currency":"EUR","externalId":"1",'
    b'"payer":{"partyIdType":"MSISDN","partyId":"46733120001"}}'
)
LOST = "no reply"

ON_CREATE: dict[str, tuple[object, int | str, bool]] = {
    "latency": ({"latency": {"ms": 1, "to_ms": 2}}, 202, True),
    "latency, lognormal": ({"latency": {"ms": 1, "sigma": 0.1}}, 202, True),
    "reset_before": ("reset_before", LOST, False),
    "lose_reply": ("lose_reply", LOST, True),
    "empty_reply": ("empty_reply", LOST, True),
    "waf_page": ("waf_page", 200, False),
    "waf_page 202": ({"waf_page": {"status": 202}}, 202, False),
    "waf_page 403": ({"waf_page": {"status": 403}}, 403, False),
    "waf_page 500": ({"waf_page": {"status": 500}}, 500, False),
    "redirect": ({"redirect": {"to": "http://127.0.0.1:9/"}}, 302, False),
    "redirect 307": ({"redirect": {"to": "http://[::1]", "status": 307}}, 307, False),
    "server_error": ("server_error", 503, False),
    "server_error 500": ({"server_error": {"status": 500}}, 500, False),
    "server_error 502": ({"server_error": {"status": 502}}, 502, False),
    "server_error 504": ({"server_error": {"status": 504}}, 504, False),
    "wallet_error": ("wallet_error", 500, False),
    "wallet_error 404": ({"wallet_error": {"code": "RESOURCE_NOT_FOUND"}}, 404, False),
    "gateway_failure": ("gateway_failure", 500, False),
    "rate_limited": ("rate_limited", 429, False),
    "bad_request": ("bad_request", 400, False),
    "out_of_quota": ("out_of_quota", 403, False),
    "forbidden": ("forbidden", 403, False),
    "unauthorized": ("unauthorized", 401, False),
    "token_revoked": ("token_revoked", 401, False),
    "conflict": ("conflict", 409, False),
    "not_visible": ("not_visible", 404, False),
    "stuck_pending": ("stuck_pending", 202, True),
    "late_success": ("late_success", 202, True),
    "malformed_json": ("malformed_json", 202, True),
    "altered_body": ({"altered_body": {"drop": ["a"]}}, 202, True),
    "huge_body": ({"huge_body": {"kib": 1}}, 202, True),
    "wrong_content_type": ("wrong_content_type", 202, True),
    "slow_drip": ({"slow_drip": {"ms": 1}}, 202, True),
    "truncated_body": ("truncated_body", 202, True),
}


def under(fake: Fake, fault: object, **changes: object) -> None:
    message = RuleMessage.model_validate({"name": "misery", "fault": fault, **changes})
    fake.registry.default.rule(rules_from([message]))


async def create(fake: Fake) -> Answer | str:
    headers = fake.headers() | {"X-Reference-Id": REFERENCE_ID}
    try:
        return await fake.ask("POST", CREATE, headers, BODY)
    except (IncompleteReadError, ConnectionResetError):
        return LOST


async def read(fake: Fake) -> Answer:
    return await fake.ask("GET", f"{CREATE}/{REFERENCE_ID}", fake.headers())


@pytest.mark.parametrize("about", ON_CREATE)
async def test_a_fault_answers_as_it_says_and_commits_as_it_says(fake: Fake, about: str) -> None:
    fault, expected, is_committed = ON_CREATE[about]
    under(fake, fault)

    answer = await create(fake)

    assert (answer if isinstance(answer, str) else answer.status) == expected
    assert (REFERENCE_ID in fake.registry.default.engine.payments) == is_committed
    if isinstance(answer, Answer):
        assert answer.headers["X-Mock-Rule"] == "misery"
    details = [event.detail for event in fake.registry.default.log.after(0)]
    name = about.split(maxsplit=1)[0].rstrip(",")
    assert FaultConsumed("misery", name) in details


def test_every_fault_is_tried_somewhere_on_this_page() -> None:
    tried = {about.split()[0].rstrip(",") for about in ON_CREATE} | {"hang"}
    of_callbacks = {name for name in BY_NAME if name.startswith("callback_")}
    assert BY_NAME.keys() == tried | of_callbacks, "those of callbacks: test_callbacks.py"


async def test_a_reset_is_a_real_reset(fake: Fake) -> None:
    under(fake, "lose_reply")
    headers = fake.headers() | {"X-Reference-Id": REFERENCE_ID}

    with pytest.raises(ConnectionResetError):
        await fake.ask("POST", CREATE, headers, BODY)


async def test_a_truncated_body_ends_before_its_announced_length(fake: Fake) -> None:
    await create(fake)
    under(fake, "truncated_body")

    with pytest.raises(IncompleteReadError) as cut:
        await read(fake)

    assert 0 < len(cut.value.partial) < (cut.value.expected or 0)


async def test_a_slow_drip_and_a_false_name_leave_the_body_whole(fake: Fake) -> None:
    await create(fake)
    whole = await read(fake)

    under(fake, {"slow_drip": {"ms": 1}})
    assert (await read(fake)).body == whole.body
    under(fake, {"wrong_content_type": {"content_type": "text/plain"}})
    named = await read(fake)
    assert (named.body, named.headers["Content-Type"]) == (whole.body, "text/plain")


async def test_a_malformed_body_arrives_whole_and_does_not_parse(fake: Fake) -> None:
    await create(fake)
    under(fake, "malformed_json")

    with pytest.raises(json.JSONDecodeError):
        _ = (await read(fake)).json


@pytest.mark.parametrize(("seconds", "header"), [(7, "7"), (None, None)])
async def test_a_rate_limit_says_when_to_come_back_or_does_not(
    fake: Fake, seconds: int | None, header: str | None
) -> None:
    under(fake, {"rate_limited": {"retry_after_s": seconds}})

    answer = await create(fake)

    assert isinstance(answer, Answer)
    assert answer.headers.get("Retry-After") == header
    assert answer.body.startswith(b'{ "statusCode": 429, "message": "Rate limit is exceeded.')


async def test_a_payment_is_hidden_for_as_many_reads_as_the_rule_says(fake: Fake) -> None:
    await create(fake)
    under(fake, "not_visible", times=2, match={"operation": "collection.requesttopay.status"})

    assert [(await read(fake)).status for _ in range(3)] == [404, 404, 200]


async def test_a_late_success_comes_after_a_client_has_given_up(fake: Fake) -> None:
    under(fake, "late_success", match={"operation": "collection.requesttopay.create"})
    await create(fake)
    default = fake.registry.default

    list(default.advance(24 * 3600 * 1000, fake.wall()))
    assert (await read(fake)).json["status"] == "PENDING"
    list(default.advance(3600 * 1000, fake.wall()))
    assert (await read(fake)).json["status"] == "SUCCESSFUL"


async def test_a_drip_that_would_last_for_hours_sends_its_rest_at_once(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await create(fake)
    whole = await read(fake)
    monkeypatch.setattr(handover, "LONGEST_HANG_S", 0)
    under(fake, {"slow_drip": {"ms": 60_000}})

    assert (await read(fake)).body == whole.body


async def test_a_hang_that_nobody_ends_ends_by_itself(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "LONGEST_HANG_S", 0)
    under(fake, "hang")

    assert await create(fake) == LOST


@pytest.mark.parametrize("is_committed", [True, False])
async def test_a_hang_holds_the_client_until_the_fake_stops(
    fake: Fake,
    is_committed: bool,  # noqa: FBT001  # a column of the table
) -> None:
    under(fake, {"hang": {"committed": is_committed}})
    headers = fake.headers() | {"X-Reference-Id": REFERENCE_ID}
    reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
    writer.write(compose("POST", CREATE, headers, BODY))
    waiting = asyncio.create_task(read_answer(reader))
    async with asyncio.timeout(PATIENCE_S):
        while not fake.registry.default.rulebook.strikes:
            await asyncio.wait_for(fake.control("GET", "health"), PATIENCE_S)

    assert not waiting.done()
    await fake.server.stop()

    with pytest.raises((ConnectionResetError, IncompleteReadError)):
        await asyncio.wait_for(waiting, PATIENCE_S)
    assert (REFERENCE_ID in fake.registry.default.engine.payments) == is_committed
    writer.close()
