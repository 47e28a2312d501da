"""The control API over a real socket."""

import json
from dataclasses import replace

import pytest

from mock_momo.core.limits import RateLimit
from tests.mock_momo.core.calls import BALANCE, REFERENCE_ID, REQUEST_TO_PAY, TOKEN
from tests.mock_momo.edge.wire import WALL_MS, Answer, Fake

ORDER = b'{"amount":"5.00","currency":"EUR","payer":{"partyIdType":"MSISDN","partyId":"1"}}'
CLOCK = "namespaces/default/clock"

MISTAKES: tuple[tuple[str, str, object, int, str], ...] = (
    # method, path, body, status, what the error says
    (
        "PUT",
        "namespaces/a",
        {"outcom": "FAILED"},
        400,
        "unknown key 'outcom'; did you mean 'outcome'?",
    ),
    ("PUT", "namespaces/a", {"payment_scope": "x"}, 400, "it belongs under 'switches'"),
    ("PUT", "namespaces/a", {"payment_scop": "x"}, 400, "did you mean 'payment_scope'?"),
    ("PUT", "namespaces/a", {"switches": {"payment_scop": "x"}}, 400, "mean 'payment_scope'?"),
    (
        "PUT",
        "namespaces/a",
        {"zzz": 1},
        400,
        "unknown key 'zzz'; known: profile, outcome",
    ),
    ("PUT", "namespaces/a", {"outcome": "MAYBE"}, 400, "'MAYBE' is not one of SUCCESSFUL"),
    (
        "PUT",
        "namespaces/a",
        {"profile": "mars"},
        400,
        "profile: 'mars' is unknown; known: sandbox, strict",
    ),
    (
        "PUT",
        "namespaces/a",
        {"expires_in_s": 0},
        400,
        "expires_in_s: Input should be greater than 0",
    ),
    ("PUT", "namespaces/a", {"opening_balance": "NaN"}, 400, "opening_balance: "),
    ("PUT", "namespaces/a", {"rate_limit": ""}, 400, "rate limit '' is not calls per period"),
    ("PUT", "namespaces/a", {"switches": {"login_error": "x"}}, 400, "switches.login_error: "),
    ("PUT", "namespaces/a", [], 400, "body: Input should be an object"),
    ("PUT", "namespaces/%20", {}, 400, "must be 1 to 100 letters"),
    ("PUT", "namespaces/.a", {}, 400, "must be 1 to 100 letters"),
    ("PUT", f"namespaces/{'a' * 101}", {}, 400, "must be 1 to 100 letters"),
    ("GET", "namespaces/nope", None, 404, "create it with PUT /_mock/v1/namespaces/nope"),
    ("POST", "namespaces/nope/reset", None, 404, "create it with PUT /_mock/v1/namespaces/nope"),
    ("DELETE", "namespaces/default", None, 400, "the default namespace stays"),
    (
        "GET",
        "namespaces/default/nothing",
        None,
        404,
        "the control API has no GET namespaces/default/nothing; did you mean",
    ),
    ("GET", "nothing", None, 404, "the control API has no GET nothing; "),
    ("POST", CLOCK, None, 400, "action: Field required"),
    (
        "POST",
        CLOCK,
        {"action": "stop"},
        400,
        "action: Input should be 'freeze', 'advance', 'run' or 'run_until_idle'",
    ),
    ("POST", CLOCK, {"action": "advance", "seconds": -1}, 400, "seconds: "),
    ("POST", CLOCK, {"action": "advance", "second": 1}, 400, "did you mean 'seconds'?"),
    ("POST", CLOCK, {"action": "freeze", "at_ms": 10**24}, 400, "year 3000"),
    ("GET", "namespaces/default/events?after=-1", None, 400, "'after' must be a whole number"),
    ("GET", "namespaces/default/events?befor=1", None, 400, "unknown parameter 'befor'"),
    (
        "GET",
        f"namespaces/default/events?after={'9' * 20}",
        None,
        400,
        "'after' must be a whole number",
    ),
    (
        "GET",
        f"namespaces/default/events?after={'9' * 5000}",
        None,
        400,
        "'after' must be a whole number",
    ),
)


async def pay(fake: Fake, plan: str = "SUCCESSFUL", prefix: str = "") -> int:
    headers = fake.headers() | {"X-Reference-Id": REFERENCE_ID, "X-Mock-Outcome": plan}
    answer = await fake.ask("POST", prefix + REQUEST_TO_PAY, headers, ORDER)
    return answer.status


async def kinds(fake: Fake, query: str = "") -> list[str]:
    answer = await fake.control("GET", f"namespaces/default/events{query}")
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    return [json.loads(line)["kind"] for line in answer.body.splitlines()]


@pytest.mark.parametrize(("method", "path", "message", "status", "told"), MISTAKES)
async def test_a_mistake_is_named_with_what_was_expected(  # one per column
    fake: Fake, method: str, path: str, message: object, status: int, told: str
) -> None:
    answer = await fake.control(method, path, message)

    assert answer.status == status
    assert list(answer.json) == ["error"]
    assert told in str(answer.json["error"])


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"outcome":"\\ud800"}', b"[" * 100_000])
async def test_a_body_that_is_not_json_is_refused(fake: Fake, body: bytes) -> None:
    answer = await fake.ask("PUT", "/_mock/v1/namespaces/a", {"Host": "x"}, body)

    assert (answer.status, "Invalid JSON" in str(answer.json["error"])) == (400, True)


async def test_a_body_beyond_a_mebibyte_is_refused(fake: Fake) -> None:
    answer = await fake.ask("PUT", "/_mock/v1/namespaces/a", {"Host": "x"}, b" " * 2_000_000)

    assert (answer.status, answer.json) == (413, {"error": "the body is larger than 1048576 bytes"})


async def test_a_namespace_is_created_with_settings_and_replaced_by_defaults(fake: Fake) -> None:
    settings = {
        "profile": "mtnzambia", "outcome": "FAILED; after=30s", "expires_in_s": 60,
        "opening_balance": "1E+3", "seed": 7, "switches": {"payment_scope": "separate"},
    }  # fmt: skip
    created = await fake.control("PUT", "namespaces/a", settings)
    books = await fake.control("GET", "namespaces/a/books")
    replaced = await fake.control("PUT", "namespaces/a")

    assert (created.status, replaced.status) == (201, 200)
    assert created.json | {
        "target_environment": "mtnzambia", "currency": "ZMW", "expires_in_s": 60,
        "outcome": "FAILED; after=30000ms", "prefix": "/ns/a",
    } == created.json  # fmt: skip
    assert books.json["opening"] == books.json["balance"] == "1000"
    assert replaced.json["outcome"] == "SUCCESSFUL"
    assert replaced.json["api_key"] == created.json["api_key"]
    listed = await fake.control("GET", "namespaces")
    assert listed.json == {"namespaces": ["a", "default"]}
    assert await fake.control("GET", "namespaces/a") == replaced


async def test_the_clock_can_be_frozen_advanced_and_set_free(fake: Fake) -> None:
    async def told(**message: object) -> dict[str, object]:
        return (await fake.control("POST", CLOCK, message)).json

    still = {"idle": True, "fired": []}
    assert await told(action="freeze") == {"mode": "frozen", "now_ms": WALL_MS, **still}
    fake.wall.ms += 500
    assert await told(action="advance", seconds="0.25") == {
        "mode": "frozen",
        "now_ms": WALL_MS + 250,
        **still,
    }
    assert await told(action="run") == {"mode": "real", "now_ms": WALL_MS + 250, **still}
    fake.wall.ms += 500
    shown = await fake.control("GET", CLOCK)
    assert shown.json == {"mode": "real", "now_ms": WALL_MS + 750, "idle": True}


async def test_a_token_dies_when_the_clock_is_advanced_to_its_expiry(fake: Fake) -> None:
    await fake.control("POST", CLOCK, {"action": "freeze"})
    headers = fake.headers()

    async def balance_status() -> int:
        return (await fake.ask("GET", BALANCE, headers)).status

    await fake.control("POST", CLOCK, {"action": "advance", "seconds": "3599.999"})
    assert await balance_status() == 200
    await fake.control("POST", CLOCK, {"action": "advance", "seconds": "0.001"})
    assert await balance_status() == 401


async def test_payments_and_books_are_shown_as_they_stand_now(fake: Fake) -> None:
    await pay(fake, "SUCCESSFUL; after=30s")
    before = await fake.control("GET", "namespaces/default/books")
    fake.wall.ms += 30_000
    after = await fake.control("GET", "namespaces/default/books")
    payments = await fake.control("GET", "namespaces/default/payments")

    assert before.json["payments"] == {"PENDING": 1}
    assert after.json == {
        "currency": "EUR", "opening": "1000", "credited": "5", "debited": "0", "balance": "1005",
        "payments": {"SUCCESSFUL": 1}, "calls": {"collection.requesttopay.create": 1},
    }  # fmt: skip
    assert payments.json["payments"] == [
        {
            "reference_id": REFERENCE_ID, "external_id": None, "amount": "5", "currency": "EUR",
            "operation": "collection.requesttopay.create", "party": "1",
            "state": "SUCCESSFUL", "reason": None,
            "plan": "SUCCESSFUL; after=30000ms", "created_at_ms": WALL_MS,
        }
    ]  # fmt: skip


async def test_calls_count_refused_and_unknown_ones_too(fake: Fake) -> None:
    await fake.ask("POST", TOKEN, fake.login())
    await fake.ask("POST", TOKEN, {"Host": "x"})
    await fake.ask("GET", "/collection/nowhere", fake.headers())

    books = await fake.control("GET", "namespaces/default/books")
    assert books.json["calls"] == {"collection.token": 2, "unknown": 1}


async def test_a_reset_empties_one_namespace_and_no_other(fake: Fake) -> None:
    await fake.control("PUT", "namespaces/a")
    await pay(fake)
    headers = fake.headers()

    await fake.control("POST", "namespaces/a/reset")
    assert (await fake.ask("GET", BALANCE, headers)).body.startswith(b'{"availableBalance":"1005"')
    await fake.control("POST", "namespaces/default/reset")

    assert (await fake.ask("GET", BALANCE, headers)).status == 401
    assert (await fake.control("GET", "namespaces/default/payments")).json == {"payments": []}
    assert (await kinds(fake)).count("namespace_reset") == 1


async def test_events_are_read_from_where_a_reader_left_off(fake: Fake) -> None:
    await fake.ask("GET", BALANCE, fake.headers())
    seen = ["namespace_described", "exchange_began", "exchange_ended"]
    assert await kinds(fake) == await kinds(fake, "?after=0") == seen
    await fake.control("POST", CLOCK, {"action": "freeze"})

    assert await kinds(fake, "?after=3") == ["clock_moved"]
    assert await kinds(fake, "?after=4") == []


async def test_control_calls_are_no_traffic(fake: Fake) -> None:
    assert await fake.control("GET", "health") == Answer(
        200, {"Content-Type": "application/json"}, b'{"status":"ok"}\n'
    )
    assert await kinds(fake) == ["namespace_described"]


async def test_a_rate_limit_is_the_gateways_429_until_the_clock_is_advanced(fake: Fake) -> None:
    shown = await fake.control("PUT", "namespaces/default", {"rate_limit": "1/26s"})
    assert shown.json["rate_limit"] == "1/26s"
    await fake.control("POST", CLOCK, {"action": "freeze"})
    headers = fake.headers()

    answers = [await fake.ask("GET", BALANCE, headers) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 429]
    assert answers[1].headers == {"Content-Type": "application/json", "Retry-After": "26"}
    assert answers[1].body == (
        b'{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 26 seconds." }'
    )

    await fake.control("POST", CLOCK, {"action": "advance", "seconds": 26})
    assert (await fake.ask("GET", BALANCE, headers)).status == 200


async def test_a_namespace_may_have_no_rate_limit_where_the_server_has_one(fake: Fake) -> None:
    fake.registry.defaults = replace(fake.registry.defaults, rate_limit=RateLimit(5, 1))

    inherited = await fake.control("PUT", "namespaces/a")
    without = await fake.control("PUT", "namespaces/b", {"rate_limit": "none"})

    assert (inherited.json["rate_limit"], without.json["rate_limit"]) == ("5/1s", "none")
