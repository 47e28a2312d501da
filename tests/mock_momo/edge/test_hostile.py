"""Hostile input: each is answered in the gateway's shape, and good traffic goes on beside it."""

import asyncio
import json

import pytest

from momo_contracts.events import ExchangeBegan, ExchangeEnded, RequestUnparsable
from tests.mock_momo.core.calls import BALANCE, REFERENCE_ID, REQUEST_TO_PAY
from tests.mock_momo.edge.hostile_requests import CONTROL, HOSTILE, Hostile
from tests.mock_momo.edge.wire import PATIENCE_S, Fake, compose

BAD_REQUEST = b'{ "statusCode": 400, "message": "Bad request" }'


async def all_can_be_read(fake: Fake) -> None:
    """Whatever was kept of the input can be shown: as events, payments, figures and a state."""
    events = await fake.control("GET", "namespaces/default/events")
    assert all(json.loads(line)["seq"] for line in events.body.splitlines())
    for what in ("namespaces/default/payments", "namespaces/default/state"):
        assert (await fake.control("GET", what)).json
    assert (await fake.control("GET", "metrics")).status == 200


@pytest.mark.parametrize("row", HOSTILE, ids=lambda row: row.name)
async def test_hostile_input_is_answered_and_logged_and_harms_nobody(
    fake: Fake, row: Hostile
) -> None:
    answer = await fake.send(row.content)

    assert answer.status == row.status
    (*_, last) = (event.detail for event in fake.registry.default.log.after(0))
    if row.is_http:
        assert isinstance(last, ExchangeEnded)
        assert last.status == row.status
    else:
        assert isinstance(last, RequestUnparsable)
        assert answer.body == BAD_REQUEST
    read = await fake.ask("GET", f"{REQUEST_TO_PAY}/{REFERENCE_ID}", fake.headers())
    assert read.status == (200 if row.status == 202 else 404)
    assert (await fake.ask("GET", BALANCE, fake.headers())).status == 200
    await all_can_be_read(fake)


@pytest.mark.parametrize(("asked", "told"), [("0.9", "1.0"), ("1.0", "1.0"), ("2.0", "1.1")])
async def test_a_version_that_we_do_not_speak_is_answered_in_one_that_we_do(
    fake: Fake, asked: str, told: str
) -> None:
    request = compose("GET", BALANCE, fake.headers())
    reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
    writer.write(request.replace(b"HTTP/1.1", f"HTTP/{asked}".encode()))

    reply = await asyncio.wait_for(reader.read(), PATIENCE_S)

    assert reply.startswith(f"HTTP/{told} 200 OK\r\n".encode())
    assert reply.endswith(b'{"availableBalance":"1000","currency":"EUR"}'), "then it is closed"
    writer.close()


async def test_a_target_that_names_a_host_is_logged_without_it(fake: Fake) -> None:
    await fake.send(compose("GET", f"http://me:secret@evil.test{BALANCE}?a=1", fake.headers()))

    (began, _) = (event.detail for event in fake.registry.default.log.after(1))
    assert isinstance(began, ExchangeBegan)
    assert began.target == f"{BALANCE}?a=1"


@pytest.mark.parametrize("name", CONTROL)
async def test_hostile_control_calls_are_answered_and_harm_nobody(fake: Fake, name: str) -> None:
    content, status = CONTROL[name]

    answer = await fake.send(content)

    assert answer.status == status
    assert answer.json
    assert (await fake.control("GET", "namespaces")).json == {"namespaces": ["default"]}
    await all_can_be_read(fake)
