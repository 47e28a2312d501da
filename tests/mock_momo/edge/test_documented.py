"""Replies that no document has are noticed, and then the test fails."""

import pytest

from mock_momo.core.rendered import Headers, Rendered
from mock_momo.core.settings import Settings
from mock_momo.edge.wire import exchanges
from momo_contracts.wire_errors import Layer
from tests import documented
from tests.mock_momo.edge.wire import Fake

BALANCE = "collection.balance"
WALLET = {"Request-Context": "x", "X-XSS-Protection": "1"}
JSON = {**WALLET, "Content-Type": "application/json;charset=utf-8"}
RIGHT = b'{"availableBalance":"1000","currency":"EUR"}'


def reply(status: int, body: bytes, headers: dict[str, str]) -> Rendered:
    return Rendered(status, Headers.of(headers), body, Layer.WALLET)


def test_what_is_documented_passes() -> None:
    assert documented.problems(BALANCE, Settings(), reply(200, RIGHT, JSON)) == []
    assert documented.problems(BALANCE, Settings(), reply(400, b"", WALLET)) == []


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (reply(418, b"", WALLET), "418 is not one of"),
        (reply(200, RIGHT, WALLET), "its media type"),
        (reply(200, RIGHT.replace(b'"1000"', b"1000"), JSON), "$.availableBalance"),
        (reply(200, b"", WALLET), "it has no body"),
        (reply(400, RIGHT, JSON), "its media type"),
        (reply(500, b'{"message":"","code":"NEVER_HEARD_OF"}', JSON), "$.code"),
        (reply(200, RIGHT, {"Content-Type": "application/json"}), "it lacks the header"),
    ],
)
def test_what_is_not_documented_is_said(wrong: Rendered, problem: str) -> None:
    assert problem in documented.problems(BALANCE, Settings(), wrong)[0]


def test_where_nothing_is_the_gateway_alone_answers() -> None:
    assert documented.problems(None, Settings(), reply(404, b"", {})) == []
    assert documented.problems(None, Settings(), reply(200, b"", {})) != []


async def test_every_reply_of_a_fake_in_this_process_is_looked_at(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanges, "render", lambda *_: reply(418, b"", WALLET))

    await fake.ask("GET", "/collection/v1_0/account/balance", fake.headers())

    found, documented.complaints[:] = list(documented.complaints), []
    assert len(found) == 1
    assert "/collection/v1_0/account/balance: 418 is not one of" in found[0]
