"""Right requests, told byte by byte, and what the event log makes of them."""

import asyncio
import json
import re
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from mock_momo.core.settings import Settings
from momo_contracts.operations import OPERATIONS
from tests.mock_momo.core.calls import BALANCE, REFERENCE_ID, REQUEST_TO_PAY, TOKEN
from tests.mock_momo.edge.wire import (
    DATE,
    OBSERVED,
    WALL_MS,
    WALLET,
    Answer,
    Fake,
    Headers,
    compose,
)

MISSION = WALLET | {"X-Mock-Fidelity": "mission"}
V1, V2 = f"{REQUEST_TO_PAY}/{REFERENCE_ID}", f"/collection/v2_0/payment/{REFERENCE_ID}"
ORDER = {
    "amount": "12.50", "currency": "EUR", "externalId": 7,
    "payer": {"partyIdType": "MSISDN", "partyId": "+46 opaque"},
    "payerMessage": 'für "dich"', "payeeNote": "", "unknown": [1],
}  # fmt: skip
ECHO = (
    b'"externalId":"7","amount":"12.5","currency":"EUR",'
    b'"payer":{"partyIdType":"MSISDN","partyId":"+46 opaque"},'
    b'"payerMessage":"f\xc3\xbcr \\"dich\\"","payeeNote":""'
)
MINIMAL = {key: ORDER[key] for key in ("amount", "currency", "payer")}

VIEWS = (
    # plan, end of the v1 body, v2_0 status and reason
    ("SUCCESSFUL", b'"status":"SUCCESSFUL"', "SUCCESSFUL", ""),
    ("FAILED; reason=NOT_ENOUGH_FUNDS", b'"status":"FAILED","reason":"NOT_ENOUGH_FUNDS"',
     "FAILED", "NOT_ENOUGH_FUNDS"),
    ("PENDING", b'"status":"PENDING"', "PENDING", ""),
    ("PENDING; pending=CREATED; after=1h", b'"status":"CREATED"', "PENDING", ""),
    ("TIMEOUT", b'"status":"FAILED","reason":"EXPIRED"', "TIMEOUT", "EXPIRED"),
    ("REJECTED", b'"status":"FAILED","reason":"APPROVAL_REJECTED"',
     "REJECTED", "APPROVAL_REJECTED"),
)  # fmt: skip


async def pay(fake: Fake, plan: str | None, order: object = ORDER, prefix: str = "") -> Answer:
    headers = fake.headers() | {"X-Reference-Id": REFERENCE_ID, "X-Mock-Outcome": plan}
    return await fake.ask("POST", prefix + REQUEST_TO_PAY, headers, json.dumps(order).encode())


async def read(fake: Fake, path: str) -> Answer:
    return await fake.ask("GET", path, fake.headers())


@pytest.mark.parametrize(("plan", "end", "status", "reason"), VIEWS)
async def test_a_payment_shows_in_both_views_as_captured(
    fake: Fake, plan: str, end: bytes, status: str, reason: str
) -> None:
    assert await pay(fake, plan) == Answer(202, OBSERVED, b"")

    v1, v2 = await read(fake, V1), await read(fake, V2)

    transaction = b'"financialTransactionId":"[0-9]{9,10}",' if plan == "SUCCESSFUL" else b""
    assert re.fullmatch(rb"\{" + transaction + re.escape(ECHO + b"," + end) + rb"\}", v1.body)
    assert (v1.status, v1.headers) == (200, WALLET)
    body = f'{{"status":"{status}","referenceId":"{REFERENCE_ID}","reason":"{reason}"}}'
    assert v2 == Answer(200, MISSION, body.encode())


async def test_what_was_not_sent_is_left_out_of_the_echo(fake: Fake) -> None:
    await pay(fake, "PENDING", MINIMAL)

    assert (await read(fake, V1)).body == (
        b'{"amount":"12.5","currency":"EUR",'
        b'"payer":{"partyIdType":"MSISDN","partyId":"+46 opaque"},"status":"PENDING"}'
    )


async def test_the_published_form_of_a_payment_knows_neither_timeout_nor_rejected(
    fake: Fake,
) -> None:
    published = Settings(chosen={"payment_status": "published"})
    fake.registry.default.replace(WALL_MS, published, ())
    await pay(fake, "TIMEOUT")

    body = f'{{"referenceId":"{REFERENCE_ID}","status":"FAILED","reason":'
    body += '{"code":"EXPIRED","message":"The requested resource has expired."}}'
    assert (await read(fake, V2)).body == body.encode()


async def test_a_token_reply_has_the_captured_keys_in_order_and_is_not_stored(fake: Fake) -> None:
    answer = await fake.ask("POST", TOKEN, fake.login())

    assert re.fullmatch(
        rb'\{"access_token":"[\w-]+\.[\w-]+\.[\w-]{342}",'
        rb'"token_type":"access_token","expires_in":3600\}',
        answer.body,
    )
    assert answer.headers == WALLET | {"Cache-Control": "no-store", "Pragma": "no-cache"}


@pytest.mark.parametrize("body", [b"{}", b'{"grant_type":"client_credentials"}', b"grant_type=x"])
async def test_a_token_request_may_have_a_body(fake: Fake, body: bytes) -> None:
    assert (await fake.ask("POST", TOKEN, fake.login(), body)).status == 200


async def test_a_subscription_key_may_come_in_the_query(fake: Fake) -> None:
    headers = fake.headers()
    key = headers.pop("Ocp-Apim-Subscription-Key")

    answer = await fake.ask("GET", f"{BALANCE}?a=1&subscription-key={key}", headers)

    assert answer == Answer(200, WALLET, b'{"availableBalance":"1000","currency":"EUR"}')


async def test_a_provisioned_user_gets_its_key_and_with_it_a_token(fake: Fake) -> None:
    headers, user = (
        fake.headers() | {"X-Reference-Id": REFERENCE_ID},
        f"/v1_0/apiuser/{REFERENCE_ID}",
    )
    host = b'{"providerCallbackHost":"clinic.test"}'

    created = await fake.ask("POST", "/v1_0/apiuser", headers, host)
    again = await fake.ask("POST", "/v1_0/apiuser", headers, host)
    found = await fake.ask("GET", user, headers)
    issued = await fake.ask("POST", f"{user}/apikey", headers)

    assert (created, again.status) == (Answer(201, OBSERVED, b""), 409)
    assert found == Answer(
        200, WALLET, b'{"providerCallbackHost":"clinic.test","targetEnvironment":"sandbox"}'
    )
    assert (issued.status, issued.headers) == (201, WALLET)
    assert re.fullmatch(rb'\{"apiKey":"[0-9a-f]{32}"\}', issued.body)


async def test_a_repeated_reference_id_is_409_in_the_wallets_words(fake: Fake) -> None:
    await pay(fake, "SUCCESSFUL")
    again = await pay(fake, "FAILED", MINIMAL)

    assert (again.status, again.headers) == (409, WALLET)
    assert again.body == (
        b'{"message":"Duplicated reference id. Creation of resource failed.",'
        b'"code":"RESOURCE_ALREADY_EXIST"}'
    )
    assert b'"status":"SUCCESSFUL"' in (await read(fake, V1)).body


async def test_every_reply_is_dated_by_the_namespaces_clock(fake: Fake) -> None:
    now = await _raw(fake, BALANCE)
    list(fake.registry.default.advance(24 * 3600 * 1000, WALL_MS))
    later = await _raw(fake, BALANCE)

    assert f"Date: {DATE}\r\n".encode() in now
    assert b"Date: Wed, 15 Nov 2023 22:13:20 GMT\r\n" in later


async def _raw(fake: Fake, path: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
    writer.write(compose("GET", path, fake.headers() | {"Connection": "close"}))
    content = await reader.read()
    writer.close()
    return content


async def test_an_exchange_is_two_events_with_one_id_and_valid_by_the_schema(fake: Fake) -> None:
    await pay(fake, "SUCCESSFUL", prefix="/ns/default")
    text = (await fake.control("GET", "namespaces/default/events?after=1")).body

    began, settled, ended = (json.loads(line) for line in text.splitlines())
    schema = json.loads(files("momo_contracts").joinpath("schemas/event.json").read_text("utf-8"))
    for event in (began, settled, ended):
        Draft202012Validator(schema).validate(event)
        assert event["at"] == WALL_MS
    assert (began["exchange_id"], settled["exchange_id"]) == (ended["exchange_id"], None)
    assert [row["kind"] for row in (began, settled, ended)] == [
        "exchange_began", "payment_settled", "exchange_ended",
    ]  # fmt: skip
    assert began["operation"] in OPERATIONS
    assert (began["target"], began["attributed_by"]) == (f"/ns/default{REQUEST_TO_PAY}", "prefix")
    assert (began["reference_id"], ended["status"]) == (REFERENCE_ID, 202)
    about = ("operation", "reference_id")
    assert [ended[name] for name in about] == [began[name] for name in about]


async def test_no_credential_is_in_the_event_log(fake: Fake) -> None:
    token = json.loads((await fake.ask("POST", TOKEN, fake.login())).body)["access_token"]
    key = fake.headers()["Ocp-Apim-Subscription-Key"]
    bearer: Headers = {"Host": "x", "Authorization": f"Bearer {token}"}
    await fake.ask("GET", f"{BALANCE}?subscription-key={key}", bearer)
    text = (await fake.control("GET", "namespaces/default/events")).body.decode()

    credentials = fake.registry.default.credentials
    secrets = [token, key, credentials.api_key, str(fake.login()["Authorization"]).split()[1]]
    assert [secret for secret in secrets if secret in text] == []
    lines = [json.loads(line) for line in text.splitlines()]
    _described, _login, issued, read, _refused = lines
    in_reply = json.loads(issued["body"]["head"])["access_token"]
    assert ["Authorization", f"Bearer {in_reply}"] in read["headers"]
