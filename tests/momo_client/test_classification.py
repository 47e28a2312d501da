"""What answers mean, as tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momo_client.core.classification import (
    Accepted,
    Look,
    NotFound,
    Observation,
    Refused,
    Then,
    Undecided,
    classify_status,
    is_stale_token,
)
from momo_client.core.create_answers import PERMANENT, Meaning, classify_create, row_for
from momo_client.core.http import Answer, Headers, HttpReply, NoAnswer
from momo_contracts.wire_errors import CATALOGUE

WALLET_404 = b'{"message":"Requested resource was not found.","code":"RESOURCE_NOT_FOUND"}'
GATEWAY_401 = b'{ "statusCode": 401, "message": "Access denied due to invalid key." }'
WAF_PAGE = b"<html><head><title>Request Rejected</title></head></html>"


def body(code: str) -> bytes:
    return b'{"message":"m","code":"%s"}' % code.encode()


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (HttpReply(202), Accepted()),
        (HttpReply(202, body=b"garbage"), Accepted()),
        (NoAnswer("timeout"), Undecided("timeout", Then.RETRY)),
        (HttpReply(200, body=WAF_PAGE), Undecided("HTTP_200")),
        (HttpReply(302), Undecided("HTTP_302")),
        (HttpReply(408), Undecided("HTTP_408", Then.RETRY)),
        (HttpReply(429), Undecided("HTTP_429", Then.RETRY)),
        (HttpReply(409), Undecided("HTTP_409", Then.LOOK_UP)),
        (
            HttpReply(409, body=body("RESOURCE_ALREADY_EXIST")),
            Undecided("RESOURCE_ALREADY_EXIST", Then.LOOK_UP),
        ),
        (HttpReply(500), Undecided("HTTP_500", Then.RETRY)),
        (HttpReply(500, body=b'{"message":"cut o'), Undecided("HTTP_500", Then.RETRY)),
        (HttpReply(500, body=b"[" * 100_000), Undecided("HTTP_500", Then.RETRY)),
        (
            HttpReply(500, body=b'{"code":1e99999999999999999999999}'),
            Undecided("HTTP_500", Then.RETRY),
        ),
        (HttpReply(500, body=body(r"\ud800")), Undecided("?", Then.RETRY)),
        (HttpReply(500, body=body("X" * 999)), Undecided("X" * 199 + "…", Then.RETRY)),
        (HttpReply(400, body=body(r"A\u001b[2J\n")), Refused(400, "A?[2J?", "m")),
        (
            HttpReply(500, body=body("INTERNAL_PROCESSING_ERROR")),
            Undecided("INTERNAL_PROCESSING_ERROR", Then.RETRY),
        ),
        (
            HttpReply(503, body=body("SERVICE_UNAVAILABLE")),
            Undecided("SERVICE_UNAVAILABLE", Then.RETRY),
        ),
        (HttpReply(400), Refused(400, "HTTP_400", "")),
        (HttpReply(400, body=body("INVALID_X")), Refused(400, "INVALID_X", "m")),
        (HttpReply(500, body=body("INVALID_CURRENCY")), Refused(500, "INVALID_CURRENCY", "m")),
        (HttpReply(500, body=body("NOT_ALLOWED")), Refused(500, "NOT_ALLOWED", "m")),
        (
            HttpReply(404, body=WALLET_404),
            Refused(404, "RESOURCE_NOT_FOUND", "Requested resource was not found."),
        ),
        (
            HttpReply(429, (("retry-after", " 9 "),)),
            Undecided("HTTP_429", Then.RETRY, retry_after_s=9),
        ),
        (HttpReply(404), Refused(404, "HTTP_404", "")),
        (HttpReply(401), Refused(401, "HTTP_401", "")),
        (
            HttpReply(401, body=GATEWAY_401),
            Refused(401, "HTTP_401", "Access denied due to invalid key.", from_gateway=True),
        ),
    ],
)
def test_a_create_is_accepted_refused_or_undecided(
    answer: Answer, meaning: Accepted | Refused | Undecided
) -> None:
    assert classify_create(answer) == meaning


@pytest.mark.parametrize(
    ("answer", "look"),
    [
        (HttpReply(200, body=b'{"status":"PENDING"}'), Observation("PENDING")),
        (
            HttpReply(200, body=b'{"status":"FAILED","reason":"EXPIRED"}'),
            Observation("FAILED", "EXPIRED"),
        ),
        (
            HttpReply(200, body=b'{"status":"FAILED","reason":{"code":"EXPIRED","message":"m"}}'),
            Observation("FAILED", "EXPIRED"),
        ),
        (
            HttpReply(200, body=b'{"status":"SUCCESSFUL","reason":null,"amount":12.50}'),
            Observation("SUCCESSFUL", amount="12.50"),
        ),
        (
            HttpReply(200, body=b'{"status":"SUCCESSFUL","financialTransactionId":23503452}'),
            Observation("SUCCESSFUL", financial_transaction_id="23503452"),
        ),
        (
            HttpReply(200, body=b'{"status":"SUCCESSFUL","externalId":7,"payer":{"partyId":467}}'),
            Observation("SUCCESSFUL", external_id="7", party="467"),
        ),
        (
            HttpReply(200, body=b'{"status":"SUCCESSFUL","referenceId":["r"],"amount":NaN}'),
            Observation("SUCCESSFUL", reference_id="<list>", amount="<float>"),
        ),
        (
            HttpReply(200, body=b'{"status":"SUCCESSFUL","currency":{"code":"EUR"},"payer":[]}'),
            Observation("SUCCESSFUL", currency="<dict>", party="<list>"),
        ),
        (
            HttpReply(200, body=b'{"status":"SUCCESSFUL","amount":false,"externalId":null}'),
            Observation("SUCCESSFUL", amount="<bool>"),
        ),
        (HttpReply(200, body=rb'{"status":"\ud800","reason":"\ud800"}'), Observation("?", "?")),
        (
            HttpReply(200, body=b'{"status":"SUCCESSFUL","amount":1e99999999999999999999999}'),
            Undecided("unreadable reply"),
        ),
        (HttpReply(200, body=b'{"status":true}'), Undecided("unreadable reply")),
        (HttpReply(200, body=b"{}"), Undecided("unreadable reply")),
        (HttpReply(200, body=b'"SUCCESSFUL"'), Undecided("unreadable reply")),
        (HttpReply(200, body=WAF_PAGE), Undecided("unreadable reply")),
        (HttpReply(404, body=WALLET_404), NotFound()),
        (HttpReply(404), Undecided("HTTP_404")),
        (HttpReply(401), Undecided("HTTP_401")),
        (HttpReply(500), Undecided("HTTP_500")),
        (NoAnswer("connection lost"), Undecided("connection lost")),
    ],
)
def test_a_status_read_shows_a_word_an_absence_or_nothing(answer: Answer, look: Look) -> None:
    assert classify_status(answer) == look


@pytest.mark.parametrize(
    ("headers", "retry_after_s"),
    [
        ((), None),
        ((("Retry-After", "120"),), 120),
        ((("Retry-After", "0"),), 0),
        ((("Retry-After", "-1"),), None),
        ((("Retry-After", "soon"),), None),
        ((("Retry-After", "9" * 99),), 3600),
        ((("Retry-After", "Wed, 25 Nov 2026 10:00:30 GMT"),), None),
        (
            (
                ("Date", "Wed, 25 Nov 2026 10:00:00 GMT"),
                ("Retry-After", "Wed, 25 Nov 2026 10:00:30 GMT"),
            ),
            30,
        ),
        (
            (
                ("Date", "Wed, 25 Nov 2026 10:00:00 GMT"),
                ("Retry-After", "Wed, 25 Nov 2026 09:00:00 GMT"),
            ),
            0,
        ),
        (
            (
                ("Date", "Wed, 25 Nov 2026 10:00:00 GMT"),
                ("Retry-After", "Wed, 25 Nov 2036 10:00:00 GMT"),
            ),
            3600,
        ),
    ],
)
def test_when_to_ask_again_is_read_in_seconds_or_as_a_date(
    headers: Headers, retry_after_s: int | None
) -> None:
    assert HttpReply(503, headers).retry_after_s == retry_after_s


@given(st.integers(100, 599), st.sampled_from([row.code for row in CATALOGUE]) | st.text())
def test_every_answer_has_a_row_and_only_4xx_and_permanent_codes_are_definite(
    status: int, code: str
) -> None:
    row = row_for(status, code)
    if row.meaning is Meaning.REFUSED:
        assert status >= 400
        assert status < 500 or code in PERMANENT
        assert status not in (408, 409, 429) or code in PERMANENT
    assert (row.meaning is Meaning.ACCEPTED) == (status == 202)


def test_an_amount_too_long_to_keep_equals_none_of_ours() -> None:
    long = b'{"status":"SUCCESSFUL","amount":"12.50%s1"}' % (b"0" * 999)
    seen = classify_status(HttpReply(200, body=long))
    assert isinstance(seen, Observation)
    assert (len(seen.amount), seen.amount[-1]) == (200, "…")


def test_an_observation_hides_who_pays() -> None:
    assert "467" not in repr(Observation("PENDING", party="46733123499"))


def test_only_the_wallets_401_is_about_the_token() -> None:
    assert is_stale_token(HttpReply(401))
    assert not is_stale_token(HttpReply(401, body=GATEWAY_401))
    assert not is_stale_token(HttpReply(403))
    assert not is_stale_token(NoAnswer("timeout"))


def test_representations_show_neither_headers_nor_bodies() -> None:
    reply = HttpReply(200, (("X-Canary", "canary"),), b'{"access_token":"canary"}')
    assert "canary" not in repr(reply)
