"""What may go wrong where a token is asked for: the call that every other one waits for."""

from asyncio import IncompleteReadError

import pytest

from mock_momo.edge.wire import handover
from tests.mock_momo.core.calls import BALANCE
from tests.mock_momo.edge.test_faults import LOST, under
from tests.mock_momo.edge.wire import Answer, Fake

TOKENS = {"operation": "collection.token"}
ELSEWHERE = "http://localhost:9/"

FAULTS: dict[str, tuple[object, int | str, bytes]] = {
    "altered_body": ({"altered_body": {"drop": ["access_token"]}}, 200, b'{"token_type":'),
    "malformed_json": ("malformed_json", 200, b'{"access_token":'),
    "huge_body": ("huge_body", 200, b'{"padding":"x'),
    "waf_page": ("waf_page", 200, b"<html>"),
    "waf_page 403": ({"waf_page": {"status": 403}}, 403, b"<html>"),
    "waf_page 202": ({"waf_page": {"status": 202}}, 202, b"<html>"),
    "unauthorized": ("unauthorized", 401, b'{"error":"login_failed"}'),
    "server_error": ("server_error", 503, b'{"message":"Service temporarily unavailable'),
    "server_error 500": ({"server_error": {"status": 500}}, 500, b'{"message":"An internal error'),
    "gateway_failure": ("gateway_failure", 500, b'{ "statusCode": 500'),
    "rate_limited": ("rate_limited", 429, b'{ "statusCode": 429'),
    "redirect": ({"redirect": {"to": ELSEWHERE}}, 302, b""),
    "redirect 307": ({"redirect": {"to": ELSEWHERE, "status": 307}}, 307, b""),
    "hang": ("hang", LOST, b""),
    "reset_before": ("reset_before", LOST, b""),
    "lose_reply": ("lose_reply", LOST, b""),
    "empty_reply": ("empty_reply", LOST, b""),
    "truncated_body": ("truncated_body", LOST, b""),
}


async def log_in(fake: Fake) -> Answer | str:
    try:
        return await fake.ask("POST", "/collection/token/", fake.login())
    except (IncompleteReadError, ConnectionResetError):
        return LOST


@pytest.mark.parametrize("about", FAULTS)
async def test_a_fault_strikes_a_token_call_as_often_as_it_says_and_no_other(
    fake: Fake, about: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "LONGEST_HANG_S", 0)
    fault, status, begin = FAULTS[about]
    under(fake, fault, match=TOKENS, times=1)

    assert (await fake.ask("GET", BALANCE, fake.headers())).status == 200
    struck, spared = await log_in(fake), await log_in(fake)

    assert (struck if isinstance(struck, str) else struck.status) == status
    if isinstance(struck, Answer):
        assert struck.body.startswith(begin)
        assert struck.headers["X-Mock-Rule"] == "misery"
    assert isinstance(spared, Answer)
    assert (spared.status, next(iter(spared.json))) == (200, "access_token")
