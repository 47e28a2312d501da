"""Requests in all the shapes in which real client libraries send them, and what is refused.

Most of these were seen on the wire of a published client; none of them may cost its user a test.
"""

import asyncio
import json
from dataclasses import dataclass, field

import pytest

from mock_momo.core.settings import Settings
from momo_contracts.profiles import Profile
from tests.mock_momo.core.calls import REFERENCE_ID, basic
from tests.mock_momo.edge.recorded import Ask, Recorded, ask, read, right, send
from tests.mock_momo.edge.wire import PATIENCE_S, WALL_MS, Fake, Headers, compose

TOKEN, KEY_FOR = "POST /collection/token/", f"POST /v1_0/apiuser/{REFERENCE_ID}/apikey"
RTP = "/collection/v1_0/requesttopay"
PAY, READ, BALANCE = (
    f"POST {RTP}",
    f"GET {RTP}/{REFERENCE_ID}",
    "GET /collection/v1_0/account/balance",
)
HOLDER = "GET /collection/v1_0/accountholder"
USER = f"GET /v1_0/apiuser/{REFERENCE_ID}"
MAKE_USER = Ask("POST /v1_0/apiuser", b'{"providerCallbackHost":"localhost"}')
PAYER = {"partyIdType": "MSISDN", "partyId": "0248888736"}
ORDER = {"amount": "5", "currency": "EUR", "externalId": "7", "payer": PAYER}
PAID = Ask(PAY, json.dumps(ORDER).encode())
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Row:
    """A shape, and the status that it gets. `before` is asked first."""

    name: str
    ask: Ask
    status: str = "200 OK"
    before: tuple[Ask, ...] = field(default=())


def token(name: str, content: bytes, media_type: str | None = None) -> Row:
    return Row(f"token: {name}", Ask(TOKEN, content, {"Content-Type": media_type}))


def order(name: str, content: bytes) -> Row:
    return Row(f"order: {name}", Ask(PAY, content), "202 Accepted")


def header(name: str, line: str, **headers: str) -> Row:
    return Row(name, Ask(line, b"", {key.replace("_", "-"): headers[key] for key in headers}))


ROWS = (
    token("no body", b""),
    token("no body, of JSON", b"", "application/json"),
    token("no body, of a form", b"", FORM),
    token("empty object", b"{}", "application/json"),
    token("null", b"null", "application/json"),
    token("empty list", b"[]", "application/json"),
    token("empty text", b'""', "application/json"),
    token("form", b"grant_type=client_credentials", FORM),
    token("JSON", b'{"grant_type":"client_credentials"}', "application/json"),
    token("JSON as a form", b'{"grant_type":"client_credentials"}', FORM),
    header("environment on token", TOKEN, X_Target_Environment="sandbox"),
    Row("environment on provisioning",
        Ask(MAKE_USER.line, MAKE_USER.content, {"X-Target-Environment": "sandbox"}),
        "201 Created"),
    Row("status with null", Ask(READ, b"null"), before=(PAID,)),
    Row("status with empty list", Ask(READ, b"[]"), before=(PAID,)),
    Row("balance with null", Ask(BALANCE, b"null", {"Content-Type": "application/json"})),
    header("balance with X-Reference-Id", BALANCE, X_Reference_Id=REFERENCE_ID),
    header("balance of JSON", BALANCE, Content_Type="application/json"),
    Row("two blanks after Bearer", Ask(BALANCE, b"", {"Authorization": "{spaced_bearer}"})),
    Row("bearer in lower case", Ask(BALANCE, b"", {"Authorization": "{lower_bearer}"})),
    Row("Basic over the subscription key", Ask(MAKE_USER.line, MAKE_USER.content,
        {"Authorization": "{key_as_login}"}), "201 Created"),
    order("pretty-printed", json.dumps(ORDER, indent=4).encode()),
    order("pretty-printed for Windows", json.dumps(ORDER, indent=2).replace("\n", "\r\n").encode()),
    order("other order of keys", json.dumps(dict(reversed(ORDER.items()))).encode()),
    order("trailing newline", PAID.content + b"\n"),
    order("unknown keys", json.dumps({**ORDER, "callbackUrl": "x", "payee": PAYER}).encode()),
    order("externalId is a number", json.dumps({**ORDER, "externalId": 1234567}).encode()),
    order("notes are null", json.dumps({**ORDER, "payerMessage": None}).encode()),
    Row("msisdn", Ask(f"{HOLDER}/msisdn/46733123456/active")),
    Row("MSISDN", Ask(f"{HOLDER}/MSISDN/46733123456/active")),
    Row("MSISDN, basicuserinfo", Ask(f"{HOLDER}/MSISDN/46733123456/basicuserinfo")),
    Row("no host", Ask(MAKE_USER.line, b'{"providerCallbackHost":null}'), "400 Bad Request"),
    Row("key: no body", Ask(KEY_FOR, b"", {"X-Reference-Id": None}), "201 Created", (MAKE_USER,)),
    Row("key: X-Reference-Id", Ask(KEY_FOR), "201 Created", (MAKE_USER,)),
    Row("key: a body", Ask(KEY_FOR, MAKE_USER.content), "201 Created", (MAKE_USER,)),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_a_client_is_understood_as_it_speaks(fake: Fake, row: Row) -> None:
    for earlier in row.before:
        assert (await ask(fake, earlier)).status[0] == "2"

    assert (await ask(fake, row.ask)).status == row.status


@pytest.mark.parametrize("registered", ["example.com", "https://example.com/a/b", "EXAMPLE.com"])
@pytest.mark.parametrize("url", ["example.com", "http://example.com:1313/a", "https://example.com"])
async def test_a_host_is_one_host_however_it_is_written(
    fake: Fake, registered: str, url: str
) -> None:
    content = json.dumps({"providerCallbackHost": registered}).encode()
    assert (await ask(fake, Ask(MAKE_USER.line, content))).status == "201 Created"
    assert json.loads((await ask(fake, Ask(USER))).body)["providerCallbackHost"] == registered
    key = json.loads((await ask(fake, Ask(KEY_FOR))).body)["apiKey"]
    login: Headers = {"Authorization": basic(REFERENCE_ID, key)}
    issued = json.loads((await ask(fake, Ask(TOKEN, b"", login))).body)["access_token"]
    headers: Headers = {
        "Authorization": f"Bearer {issued}",
        "X-Reference-Id": REFERENCE_ID[:-1] + "2",
        "X-Callback-Url": url,
        "X-Mock-Outcome": "PENDING",
    }

    assert (await ask(fake, Ask(PAY, PAID.content, headers))).status == "202 Accepted"


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("case", ["lower", "upper", "capitalize"])
async def test_neither_the_version_nor_the_case_of_header_names_matters(
    fake: Fake, version: bytes, case: str
) -> None:
    headers: Headers = {getattr(name, case)(): text for name, text in right(fake, RTP).items()} | {
        "content-type": "application/json",
        "accept": "*/*",
    }
    request = compose("POST", RTP, headers, PAID.content).replace(b"HTTP/1.1", b"HTTP/" + version)

    assert (await send(fake, request)).status == "202 Accepted"


async def test_a_connection_may_be_kept_or_be_one_of_many(fake: Fake) -> None:
    request = compose("GET", "/collection/v1_0/account/balance", right(fake, RTP))
    reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
    try:
        for _ in range(3):
            writer.write(request)
            assert (await asyncio.wait_for(read(reader), PATIENCE_S)).status == "200 OK"
    finally:
        writer.close()
    for _ in range(3):
        closing = request.replace(b"Host:", b"Connection: close\r\nHost:")
        assert (await send(fake, closing)).status == "200 OK"


@pytest.mark.parametrize("path", ["/collection/token/", f"/v1_0/apiuser/{REFERENCE_ID}/apikey"])
async def test_an_empty_body_in_chunks_is_awaited_and_taken(fake: Fake, path: str) -> None:
    """As libcurl does; one integrator has seen the sandbox answer 411 to chunks."""
    await ask(fake, MAKE_USER)
    headers = right(fake, path) | {"Transfer-Encoding": "chunked", "Expect": "100-continue"}
    reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
    try:
        writer.write(compose("POST", path, headers | {"Content-Length": None}))
        interim = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
        writer.write(b"0\r\n\r\n")
        answer: Recorded = await asyncio.wait_for(read(reader), PATIENCE_S)
    finally:
        writer.close()

    assert interim == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert answer.status[0] == "2"


@pytest.mark.parametrize("row", [row for row in ROWS if row.ask.line == TOKEN and row.ask.content])
@pytest.mark.parametrize("profile", ["mtnuganda", "mtnsouthafrica"])
async def test_in_a_country_a_body_on_token_is_refused(fake: Fake, row: Row, profile: str) -> None:
    fake.registry.default.replace(WALL_MS, Settings(Profile.of(profile)), ())

    assert (await ask(fake, row.ask)).status == "400 Bad Request"
    assert (await ask(fake, Ask(TOKEN))).status == "200 OK"


@pytest.mark.parametrize("profile", ["mtnuganda", "mtnsouthafrica"])
async def test_in_a_country_users_come_from_a_portal_and_callbacks_by_https(
    fake: Fake, profile: str
) -> None:
    fake.registry.default.replace(WALL_MS, Settings(Profile.of(profile)), ())
    currency = Profile.of(profile).environment.currency.code
    content = json.dumps({**ORDER, "currency": currency}).encode()
    plain: Headers = {"X-Callback-Url": "localhost"}
    secure: Headers = {"X-Callback-Url": "https://localhost", "X-Mock-Outcome": "PENDING"}

    assert (await ask(fake, MAKE_USER)).status == "404 Not Found"
    assert (await ask(fake, Ask(PAY, content, plain))).status == "400 Bad Request"
    assert (await ask(fake, Ask(PAY, content, secure))).status == "202 Accepted"
