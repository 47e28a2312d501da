"""What a profile or a switch changes in the products."""

import json

import pytest

from momo_contracts.values import Product
from tests.mock_momo.edge.products import (
    IDS,
    RTP,
    balance,
    create,
    headers_for,
    read,
    settings,
)
from tests.mock_momo.edge.wire import WALL_MS, Fake, Headers


async def test_an_api_user_serves_the_product_of_its_key_where_the_switch_says_so(
    fake: Fake,
) -> None:
    settings(fake, api_user_scope="own_product")
    room = fake.registry.default
    host = json.dumps({"providerCallbackHost": "localhost"}).encode()
    keys = room.credentials.subscription_keys
    headers: Headers = {"Host": "x", "Ocp-Apim-Subscription-Key": keys[Product.DISBURSEMENT]}
    await fake.ask("POST", "/v1_0/apiuser", headers | {"X-Reference-Id": IDS[9]}, host)

    user = room.engine.api_users[IDS[9]]
    token = room.engine.api_users.issue_token(IDS[9], room.settings, WALL_MS).token
    own, other = [
        await fake.ask("GET", path, headers_for(fake, path) | {"Authorization": f"Bearer {token}"})
        for path in ("/disbursement/v1_0/account/balance", "/collection/v1_0/account/balance")
    ]

    assert user.product is Product.DISBURSEMENT
    assert (own.status, other.json["code"]) == (200, "NOT_ALLOWED_TARGET_ENVIRONMENT")
    assert await balance(fake, "remittance") == "1000", "the namespace's own serves every product"


@pytest.mark.parametrize(("address", "status"), [("192.0.2.1/32", 403), ("127.0.0.0/8", 200)])
async def test_only_listed_addresses_may_call_disbursement_and_remittance(
    fake: Fake, address: str, status: int
) -> None:
    message = {"allowed_ips": [address]}
    assert (await fake.control("PUT", "namespaces/default", message)).status == 200

    for product in Product:
        answer = await read(fake, f"/{product}/v1_0/account/balance")
        assert answer.status == (200 if product is Product.COLLECTION else status)
        if answer.status == 403:
            assert answer.body == b'{ "statusCode": 403, "message": "Forbidden" }'
            assert "serve --allow-ip" in str(answer.why)


async def test_a_country_has_its_currency_its_users_from_a_portal_and_https_callbacks(
    fake: Fake,
) -> None:
    settings(fake, "mtnzambia")
    body = {**RTP.body, "currency": "ZMW"}
    host = fake.registry.default.engine.api_users[fake.registry.default.credentials.api_user]
    host.callback_host = "shop.example"

    wrong = await create(fake, RTP.create, RTP.body, 1)
    plain = await create(fake, RTP.create, body, 2, X_Callback_Url="http://shop.example/x")
    right = await create(fake, RTP.create, body, 3, X_Callback_Url="https://shop.example/x")
    user = await fake.ask("POST", "/v1_0/apiuser", headers_for(fake, RTP.create), b"{}")

    assert wrong.json["code"] == "INVALID_CURRENCY"
    assert (plain.status, "https://" in str(plain.why)) == (400, True)
    assert right.status == 202
    assert user.body == b'{ "statusCode": 404, "message": "Resource not found" }'


STRICT = [
    ({"payer": {"partyIdType": "MSISDN", "partyId": "+46 733"}}, "is no right MSISDN"),
    ({"payer": {"partyIdType": "EMAIL", "partyId": "nobody"}}, "is no right EMAIL"),
    ({"payer": {"partyIdType": "PARTY_CODE", "partyId": "7"}}, "is no right PARTY_CODE"),
    ({"payer": {"partyIdType": "SHOE", "partyId": "7"}}, "it must be one of MSISDN"),
    ({"amount": "5.001"}, "has 3 decimals; the currency has 2"),
    ({"payerMessage": "x" * 161}, "it may have 160"),
]


@pytest.mark.parametrize(("changes", "why"), STRICT)
async def test_the_strict_profile_checks_what_the_sandbox_lets_pass(
    fake: Fake, changes: dict[str, object], why: str
) -> None:
    body = {**RTP.body, **changes}
    if "payerMessage" not in changes:
        assert (await create(fake, RTP.create, body)).status == 202
    settings(fake, "strict")

    answer = await create(fake, RTP.create, body, 1)

    assert (answer.status, answer.body) == (400, b"")
    assert why in str(answer.why)


async def test_liberia_pays_in_either_currency_by_switch(fake: Fake) -> None:
    for currency in ("LRD", "USD"):
        settings(fake, "mtnliberia", liberian_currency=currency)

        assert (await create(fake, RTP.create, {**RTP.body, "currency": currency})).status == 202
        assert (await read(fake, "/collection/v1_0/account/balance")).json["currency"] == currency


async def test_settings_change_in_a_living_world_by_patch(fake: Fake) -> None:
    await create(fake, RTP.create, RTP.body)
    message = {"profile": "strict", "switches": {"error_keys": "code_first"}, "opening_balance": 5}

    changed = await fake.control("PATCH", "namespaces/default", message)
    again = await fake.control("PATCH", "namespaces/default", {"profile": "sandbox"})

    assert (changed.status, changed.json["profile"], again.json["profile"]) == (
        200, "strict", "sandbox",
    )  # fmt: skip
    assert await balance(fake) == "10.5"
    duplicate = await create(fake, RTP.create, RTP.body)
    assert list(duplicate.json) == ["code", "message"], "a switch chosen by hand outlives profiles"


async def test_a_callback_url_without_a_scheme_is_taken_with_a_remark(fake: Fake) -> None:
    answer = await create(fake, RTP.create, RTP.body, X_Callback_Url="localhost")

    assert (answer.status, "no callback will be sent" in str(answer.why)) == (202, True)


@pytest.mark.parametrize(
    "path", ["/v2_0/invoice", "/v1_0/bc-authorize", "/oauth2/token/", "/v2_0/preapproval"]
)
async def test_what_mtn_has_and_the_fake_has_not_is_told(fake: Fake, path: str) -> None:
    answer = await create(fake, f"/collection{path}", {})

    assert (answer.status, answer.why) == (
        404, f"MTN has POST /collection{path}; this fake has not, yet",
    )  # fmt: skip


@pytest.mark.parametrize(("environment", "is_assumed"), [(None, True), ("mars", False)])
async def test_a_refusal_says_what_is_assumed_of_the_real_api(
    fake: Fake,
    environment: str | None,
    is_assumed: bool,  # noqa: FBT001  # a column of the table
) -> None:
    answer = await create(fake, RTP.create, RTP.body, X_Target_Environment=environment)

    assert ("the real API is assumed to answer" in str(answer.why)) == is_assumed
