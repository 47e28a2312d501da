"""What answers mean, as tables."""

import pytest

from momo_client.core.classification import (
    Accepted,
    Look,
    NotFound,
    Observation,
    Refused,
    Undecided,
    classify_create,
    classify_status,
    is_stale_token,
)
from momo_client.core.http import Answer, HttpReply, NoAnswer

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
        (NoAnswer("timeout"), Undecided("timeout")),
        (HttpReply(200, body=WAF_PAGE), Undecided("HTTP_200")),
        (HttpReply(302), Undecided("HTTP_302")),
        (HttpReply(408), Undecided("HTTP_408")),
        (HttpReply(429), Undecided("HTTP_429")),
        (HttpReply(409), Undecided("HTTP_409")),
        (
            HttpReply(409, body=body("RESOURCE_ALREADY_EXIST")),
            Undecided("RESOURCE_ALREADY_EXIST"),
        ),
        (HttpReply(500), Undecided("HTTP_500")),
        (HttpReply(500, body=b'{"message":"cut o'), Undecided("HTTP_500")),
        (HttpReply(500, body=b"[" * 100_000), Undecided("HTTP_500")),
        (HttpReply(500, body=b'{"code":1e99999999999999999999999}'), Undecided("HTTP_500")),
        (HttpReply(500, body=body(r"\ud800")), Undecided("?")),
        (HttpReply(500, body=body("X" * 999)), Undecided("X" * 199 + "…")),
        (HttpReply(400, body=body(r"A\u001b[2J\n")), Refused(400, "A?[2J?", "m")),
        (
            HttpReply(500, body=body("INTERNAL_PROCESSING_ERROR")),
            Undecided("INTERNAL_PROCESSING_ERROR"),
        ),
        (HttpReply(503, body=body("SERVICE_UNAVAILABLE")), Undecided("SERVICE_UNAVAILABLE")),
        (HttpReply(400), Refused(400, "HTTP_400", "")),
        (HttpReply(400, body=body("INVALID_X")), Refused(400, "INVALID_X", "m")),
        (HttpReply(500, body=body("INVALID_CURRENCY")), Refused(500, "INVALID_CURRENCY", "m")),
        (HttpReply(500, body=body("NOT_ALLOWED")), Refused(500, "NOT_ALLOWED", "m")),
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
