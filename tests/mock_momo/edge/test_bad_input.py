"""One row per bad input: the whole answer, from the right layer, and the fake unharmed."""

import json
from dataclasses import dataclass, field
from gzip import compress

import pytest

from mock_momo.core.registry import Registry
from mock_momo.core.settings import Settings
from momo_contracts.values import Product
from tests.mock_momo.core.calls import (
    BALANCE,
    NOW_MS,
    REFERENCE_ID,
    REQUEST_TO_PAY,
    TOKEN,
    basic,
    bearer,
)
from tests.mock_momo.edge.wire import OBSERVED, WALLET, Answer, Fake, Headers

GATEWAY = {"Content-Type": "application/json"}
KEY_WANTED = GATEWAY | {
    "WWW-Authenticate": 'AzureApiManagementKey realm="https://sandbox.momodeveloper.mtn.com/",'
    'name="Ocp-Apim-Subscription-Key",type="header"'
}
PAGE = {"Content-Type": "text/html; charset=us-ascii"}
NO_STORE = WALLET | {"Cache-Control": "no-store", "Pragma": "no-cache"}
NOT_FOUND = b'{ "statusCode": 404, "message": "Resource not found" }'
NO_KEY = (
    b'{ "statusCode": 401, "message": "Access denied due to missing subscription key. '
    b'Make sure to include subscription key when making requests to an API." }'
)
BAD_KEY = (
    b'{ "statusCode": 401, "message": "Access denied due to invalid subscription key. '
    b'Make sure to provide a valid key for an active subscription." }'
)
TOO_LARGE = b'{ "statusCode": 413, "message": "Request entity too large" }'
LENGTH_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>Length Required</title></head>\n"
    b"<body><h2>Length Required</h2><hr><p>HTTP Error 411. "
    b"The request must have a content length.</p></body></html>\n"
)
LOGIN_FAILED = b'{"error":"login_failed"}'
BAD_PLAN = (
    b'{"message":"X-Mock-Outcome does not follow the grammar.","code":"MOCK_INVALID_OUTCOME"}'
)
BAD_ENVIRONMENT = (
    b'{"message":"Access to target environment is forbidden.",'
    b'"code":"NOT_ALLOWED_TARGET_ENVIRONMENT"}'
)
BAD_CURRENCY = b'{"message":"Currency not supported.","code":"INVALID_CURRENCY"}'
BAD_HOST = (
    b'{"message":"Callback URL does not match the configured value.",'
    b'"code":"INVALID_CALLBACK_URL_HOST"}'
)
UNKNOWN = b'{"message":"Requested resource was not found.","code":"RESOURCE_NOT_FOUND"}'

REAL = {
    NOT_FOUND: "answers 404 Resource not found",
    NO_KEY: "answers 401 Access denied due to missing subscription key",
    BAD_KEY: "answers 401 Access denied due to invalid subscription key",
    TOO_LARGE: "is assumed to answer 413 Request entity too large",
    LENGTH_PAGE: "answers 411 Length Required",
    LOGIN_FAILED: "answers 401 login_failed",
    BAD_ENVIRONMENT: "answers 500 NOT_ALLOWED_TARGET_ENVIRONMENT",
    BAD_CURRENCY: "answers 500 INVALID_CURRENCY",
    BAD_HOST: "answers 500 INVALID_CALLBACK_URL_HOST",
    UNKNOWN: "answers 404 RESOURCE_NOT_FOUND",
}

PAYER = {"partyIdType": "MSISDN", "partyId": "46733123999"}
ORDER = {"amount": "5", "currency": "EUR", "externalId": "7", "payer": PAYER}
MINE = Registry(Settings()).default.credentials


@dataclass(frozen=True)
class Row:
    """A request, right but for `headers` and `body`, and its whole answer."""

    name: str
    request: tuple[str, str]
    status: int
    answer_headers: dict[str, str]
    answer_body: bytes
    why: str
    headers: Headers = field(default_factory=dict)
    body: bytes = b""


def order(name: str, status: int, answer: bytes, why: str, **changes: object) -> Row:
    body = json.dumps({**ORDER, **changes}).encode()
    headers = WALLET if answer else OBSERVED
    return Row(name, ("POST", REQUEST_TO_PAY), status, headers, answer, why, {}, body)


def unread(name: str, body: bytes, why: str) -> Row:
    return Row(name, ("POST", REQUEST_TO_PAY), 400, OBSERVED, b"", why, {}, body)


def header(name: str, status: int, answer: bytes, why: str, **headers: str | None) -> Row:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    shown = WALLET if answer else OBSERVED
    body = json.dumps(ORDER).encode()
    return Row(name, ("POST", REQUEST_TO_PAY), status, shown, answer, why, named, body)


def login(name: str, authorization: str | None, why: str) -> Row:
    headers: Headers = {"Authorization": authorization}
    return Row(name, ("POST", TOKEN), 401, NO_STORE, LOGIN_FAILED, why, headers)


def key(name: str, status_body: bytes, why: str, path: str = BALANCE, **headers: str | None) -> Row:
    named = {"Ocp-Apim-Subscription-Key": headers.get("key")}
    return Row(name, ("GET", path), 401, KEY_WANTED, status_body, why, named)


def nowhere(name: str, method: str, path: str, why: str = "the API has no") -> Row:
    return Row(name, (method, path), 404, GATEWAY, NOT_FOUND, why)


def unknown(name: str, path: str) -> Row:
    return Row(name, ("GET", path), 404, WALLET, UNKNOWN, "nothing here has the reference id")


ROWS = (
    unread("no JSON", b"amount=5", "Invalid JSON"),
    unread("cut JSON", b'{"amount":"5"', "Invalid JSON"),
    Row("no body", ("POST", REQUEST_TO_PAY), 500, OBSERVED, b"", "it is empty"),
    unread("not UTF-8", b'{"amount":"\xff"}', "Invalid JSON"),
    unread("lone surrogate", b'{"amount":"\\ud800"}', "Invalid JSON"),
    unread("deep JSON", b"[" * 100_000, "recursion limit"),
    unread("list", b"[]", "should be an object"),
    unread("null", b"null", "should be an object"),
    unread("empty object", b"{}", "amount, currency and payer"),
    Row("gzip", ("POST", REQUEST_TO_PAY), 400, OBSERVED, b"", "Invalid JSON",
        {"Content-Encoding": "gzip"}, compress(json.dumps(ORDER).encode())),
    order("numeric amount", 400, b"", "amount: Input should be a valid string", amount=5),
    order("amount of words", 400, b"", "not a plain decimal", amount="five"),
    order("exponent", 400, b"", "not a plain decimal", amount="1e3"),
    order("zero", 400, b"", "not above zero", amount="0.00"),
    order("negative", 400, b"", "not a plain decimal", amount="-5"),
    order("payer of text", 400, b"", "payer:", payer="46733123999"),
    order("null payer", 400, b"", "amount, currency and payer", payer=None),
    order("half a payer", 400, b"", "both partyIdType and partyId", payer={"partyId": "1"}),
    order("numeric party id", 400, b"", "payer.partyId", payer={**PAYER, "partyId": 1}),
    order("empty payer", 500, b"", "payer is empty", payer={}),
    order("boolean externalId", 400, b"", "externalId", externalId=True),
    order("wrong currency", 500, BAD_CURRENCY, "has 'EUR'", currency="USD"),
    Row("2 MB", ("POST", REQUEST_TO_PAY), 413, GATEWAY, TOO_LARGE, "1048576", {}, b"a" * 2_000_000),
    header("no reference id", 400, b"", "X-Reference-Id is missing", X_Reference_Id=None),
    header("reference id of text", 400, b"", "must be a UUID version 4", X_Reference_Id="7"),
    header("UUID version 1", 400, b"", "UUID version 4",
           X_Reference_Id="2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d"),
    header("reference id not ASCII", 400, b"", "UUID version 4", X_Reference_Id="é"),
    header("no environment", 400, b"", "send 'sandbox'", X_Target_Environment=None),
    header("wrong environment", 500, BAD_ENVIRONMENT, "is 'sandbox'",
           X_Target_Environment="mtnghana"),
    header("bad plan", 400, BAD_PLAN, "'MAYBE' is not one of SUCCESSFUL", X_Mock_Outcome="MAYBE"),
    header("plan not ASCII", 400, BAD_PLAN, "is not one of", X_Mock_Outcome="SUCCÈS"),
    header("empty plan", 400, BAD_PLAN, "'' is not one of", X_Mock_Outcome=""),
    header("foreign host", 500, BAD_HOST, "'evil.test'", X_Callback_Url="http://evil.test/"),
    header("nonsense host", 500, BAD_HOST, "registered 'localhost'", X_Callback_Url="http://["),
    header("empty callback", 400, b"", "leave it out", X_Callback_Url=""),
    header("no bearer", 401, b"", "Bearer <access_token", Authorization=None),
    header("garbage bearer", 401, b"", "Bearer <access_token", Authorization="Bearer é.x.y"),
    header("deep bearer", 401, b"", "Bearer <access_token", Authorization="Bearer "
           f"eyJ0eXAiOiJKV1QiLCJhbGciOiJSMjU2In0.{'W1tb' * 400}.x"),
    header("basic for bearer", 401, b"", "Bearer <access_token",
           Authorization=basic(MINE.api_user, MINE.api_key)),
    header("expired bearer", 401, b"", "expired 0 s ago; fetch a new one",
           Authorization=bearer(Registry(Settings()).default, NOW_MS - 3_600_000)),
    header("others' bearer", 401, b"", "not issued by namespace 'default'",
           Authorization=bearer(Registry(Settings()).create("other", Settings()), NOW_MS)),
    login("no login", None, "send Authorization: Basic"),
    login("login by bearer", "Bearer x", "send Authorization: Basic"),
    login("login with colon", "Basic: dTpr", "send Authorization: Basic"),
    login("login not base64", "Basic ???", "send Authorization: Basic"),
    login("login in the clear", f"Basic {MINE.api_user}:{MINE.api_key}", "send Authorization"),
    login("unknown user", basic("nobody", MINE.api_key), "no such API user"),
    login("wrong key", basic(MINE.api_user, "wrong"), "API key is wrong"),
    login("user and key swapped", basic(MINE.api_key, MINE.api_user), "no such API user"),
    key("no key", NO_KEY, "the collection subscription key"),
    key("empty key", NO_KEY, "the collection subscription key", key=""),
    key("wrong key", BAD_KEY, "of namespace 'default'", key="0" * 32),
    key("key not ASCII", BAD_KEY, "of namespace 'default'", key="é"),
    key("other product's key", BAD_KEY, "this is the disbursement key",
        key=MINE.subscription_keys[Product.DISBURSEMENT]),
    key("wrong key by query", BAD_KEY, "of namespace", f"{BALANCE}?subscription-key=%FF&a"),
    key("no key, unknown route", NO_KEY, "collection", "/collection/v9/nowhere"),
    key("no key, provisioning", NO_KEY, "any product's", f"/v1_0/apiuser/{REFERENCE_ID}"),
    nowhere("unknown route", "GET", "/collection/v1_0/nowhere"),
    Row("token without slash", ("POST", "/collection/token"), 302, {"Location": "/token/"}, b"",
        "ends in a slash"),
    nowhere("wrong method", "DELETE", BALANCE),
    nowhere("root", "GET", "/"),
    nowhere("asterisk", "OPTIONS", "*"),
    nowhere("control characters in path", "GET", "/a%00%0d%0aX-Evil:%201"),
    nowhere("not UTF-8 in path", "GET", "/collection/%FF%FE"),
    nowhere("unknown namespace", "GET", "/ns/nowhere/collection/v1_0/account/balance", "create it"),
    nowhere("namespace alone", "GET", "/ns/default", "the API has no"),
    Row("bad UUID in path", ("GET", f"{REQUEST_TO_PAY}/7"), 400, OBSERVED, b"", "UUID version 4"),
    Row("bad UUID in v2 path", ("GET", "/collection/v2_0/payment/%FF"), 400, OBSERVED, b"", "UUID"),
    unknown("unknown payment", f"{REQUEST_TO_PAY}/{REFERENCE_ID}"),
    unknown("unknown payment in v2", f"/collection/v2_0/payment/{REFERENCE_ID}"),
    unknown("unknown API user", f"/v1_0/apiuser/{REFERENCE_ID}"),
    Row("API user without host", ("POST", "/v1_0/apiuser"), 400, OBSERVED, b"",
        "providerCallbackHost",
        {}, b'{"providerCallbackHost":""}'),
    Row("POST without length", ("POST", TOKEN), 411, PAGE, LENGTH_PAGE, "Content-Length: 0",
        {"Content-Length": None}),
)  # fmt: skip


async def answer_to(fake: Fake, row: Row) -> Answer:
    headers = fake.headers() | {"X-Reference-Id": REFERENCE_ID} | row.headers
    return await fake.ask(*row.request, headers, row.body)


async def still_works(fake: Fake) -> None:
    """Good traffic is answered, nothing was made, and every event can be read."""
    good = await fake.ask("GET", BALANCE, fake.headers())
    assert good == Answer(200, WALLET, b'{"availableBalance":"1000","currency":"EUR"}')
    assert (await fake.control("GET", "namespaces/default/payments")).json == {"payments": []}
    events = await fake.control("GET", "namespaces/default/events")
    seen = [json.loads(line)["seq"] for line in events.body.splitlines()]
    assert seen == list(range(1, len(seen) + 1))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_bad_input_gets_the_answer_of_the_right_layer(fake: Fake, row: Row) -> None:
    answer = await answer_to(fake, row)

    assert (answer.status, answer.headers) == (row.status, row.answer_headers)
    assert answer.body == row.answer_body
    assert row.why in (answer.why or "")
    await still_works(fake)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_every_explanation_ends_with_what_the_real_api_answers(fake: Fake, row: Row) -> None:
    why = (await answer_to(fake, row)).why or ""

    if row.answer_body == BAD_PLAN or row.name == "unknown namespace":
        assert "the real API" not in why, "it knows neither our headers nor our namespaces"
    elif row.name == "no environment":
        assert why.endswith("is assumed to answer 400 with an empty body")
    elif row.status == 302:
        assert why.endswith("answers 302 Found")
    elif not row.answer_body:
        assert why.endswith(f"answers {row.status} with an empty body")
    else:
        assert why.endswith(f"; the real API {REAL[row.answer_body]}")


async def test_all_bad_input_together_leaves_the_fake_unharmed(fake: Fake) -> None:
    for row in ROWS:
        await answer_to(fake, row)

    await still_works(fake)
