"""How a token is asked for, read, kept and dropped."""

import pytest

from momo_client import TokenRefused, TokenUnavailable
from momo_client.core.attempts import fetch_token
from momo_client.core.effects import Flow, Pause
from momo_client.core.http import Answer, HttpReply, NoAnswer
from momo_client.core.policy import Policy
from momo_client.core.requests import Credentials, Merchant
from momo_client.core.token_cache import CachedToken, TokenCache
from momo_client.errors import TokenError
from momo_contracts.values import Product
from tests.momo_client.stepping import requests_in, run

CREDENTIALS = {Product.COLLECTION: Credentials("user", "key", "subscription")}
MERCHANT = Merchant("sandbox", CREDENTIALS)
POLICY = Policy(attempts=3)
NOW_MS = 1_800_000_000_000
TOKEN = b'{"access_token":"canary-token","token_type":"access_token","expires_in":3600}'


def fetching() -> Flow[CachedToken | TokenError]:
    return fetch_token(MERCHANT, Product.COLLECTION, NOW_MS, POLICY)


@pytest.mark.parametrize(
    ("answer", "attempts"),
    [
        (NoAnswer("timeout"), 3),
        (HttpReply(500), 3),
        (HttpReply(503), 3),
        (HttpReply(429), 3),
        (HttpReply(400), 1),
        (HttpReply(401, body=b'{"error":"login_failed"}'), 1),
        (HttpReply(500, body=b'{"error":"login_failed"}'), 1),
        (HttpReply(403), 1),
        (HttpReply(200, body=b"<html>"), 1),
        (HttpReply(200, body=b"{}"), 1),
        (HttpReply(200, body=b'{"access_token":null,"expires_in":3600}'), 1),
        (HttpReply(200, body=b'{"access_token":"","expires_in":3600}'), 1),
        (HttpReply(200, body=b'{"access_token":"t","expires_in":"3600"}'), 1),
        (HttpReply(200, body=rb'{"access_token":"t\n","expires_in":3600}'), 1),
        (HttpReply(200, body=rb'{"access_token":"\ud800","expires_in":3600}'), 1),
        (HttpReply(200, body=rb'{"access_token":"\u00e9","expires_in":3600}'), 1),
        (HttpReply(200, body=b'{"access_token":"t","expires_in":0}'), 1),
        (HttpReply(200, body=b'{"access_token":"t","expires_in":true}'), 1),
    ],
)
def test_a_failed_token_call_is_repeated_only_if_that_may_help(
    answer: Answer, attempts: int
) -> None:
    effects, outcome = run(fetching(), [answer, True] * attempts)
    assert len(requests_in(effects)) == attempts
    assert isinstance(outcome, TokenUnavailable if attempts == 3 else TokenRefused)
    assert outcome.remedy


def test_pauses_between_token_calls_grow_and_leave_room_for_chance() -> None:
    effects, _ = run(fetching(), [HttpReply(503), True] * 3)
    pauses = [effect for effect in effects if isinstance(effect, Pause)]
    assert pauses == [Pause(0.25, 0.5), Pause(0.5, 1.0)]


def test_a_shell_that_cannot_wait_ends_the_attempts() -> None:
    effects, outcome = run(fetching(), [HttpReply(503), False])
    assert len(requests_in(effects)) == 1
    assert isinstance(outcome, TokenUnavailable)


def test_a_token_call_waits_as_long_as_it_is_told_to() -> None:
    busy = HttpReply(429, (("Retry-After", "7"),))
    effects, _ = run(fetching(), [busy, True, HttpReply(200, body=TOKEN)])
    assert effects[1] == Pause(7, 7.25)


def test_a_later_token_call_may_succeed() -> None:
    answers = [HttpReply(503), True, HttpReply(200, body=TOKEN)]
    _, outcome = run(fetching(), answers)
    assert outcome == CachedToken("canary-token", NOW_MS, 3600)
    assert "canary" not in repr(outcome)


def test_a_token_is_usable_until_60_s_before_it_expires() -> None:
    cache = TokenCache()
    cache.keep(CachedToken("t", NOW_MS, 3600))
    assert cache.take(NOW_MS + 3_539_999, 1) == "t"
    assert cache.take(NOW_MS + 3_540_000, 1) is None


def test_dropping_a_token_that_was_replaced_keeps_the_new_one() -> None:
    cache = TokenCache()
    cache.keep(CachedToken("new", NOW_MS, 3600))
    cache.drop("old")
    assert cache.take(NOW_MS, 1) == "new"
    cache.drop("new")
    assert cache.take(NOW_MS, 1) is None


def test_those_who_waited_share_a_failure_and_later_ones_try_again() -> None:
    cache = TokenCache()
    with pytest.raises(TokenError):
        cache.keep(TokenRefused("no"))
    with pytest.raises(TokenRefused):
        cache.take(NOW_MS, 0)
    assert cache.take(NOW_MS, 1) is None


def test_a_shared_failure_is_each_callers_own() -> None:
    cache = TokenCache()
    with pytest.raises(TokenRefused) as first:
        cache.keep(TokenRefused("no", code="X"))
    first.value.reference_id = "mine"
    with pytest.raises(TokenRefused) as second:
        cache.take(NOW_MS, 0)
    assert (second.value.reference_id, second.value.code) == (None, "X")
