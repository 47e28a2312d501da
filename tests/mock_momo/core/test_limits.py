"""The rate limit: fixed windows of namespace time, one count per subscription key."""

from dataclasses import replace

import pytest

from mock_momo.core import gateway
from mock_momo.core.calls import Call
from mock_momo.core.limits import RateLimit, RateLimiter, parse_rate_limit
from mock_momo.core.namespace import Namespace
from mock_momo.core.replies import Refusal
from mock_momo.core.settings import Settings
from mock_momo.errors import InvalidSetting
from momo_contracts import wire_errors
from momo_contracts.values import Product
from tests.mock_momo.core.calls import BALANCE, NOW_MS, TOKEN, call

TEXTS = {
    "150/1s": RateLimit(150, 1),
    "5/1m": RateLimit(5, 60),
    "1000/24h": RateLimit(1000, 86_400),
    "5/1000h": RateLimit(5, 3_600_000),
    "5/999999h": RateLimit(5, 3_599_996_400),
    "5/999999m": RateLimit(5, 59_999_940),
    "none": None,
}
MISTAKES = (
    "",
    "5",
    "5/",
    "5/s",
    "/1s",
    "0/1s",
    "5/0s",
    "-1/1s",
    "5/1d",
    "5 /1s",
    "five/1s",
    "None",
)
TWO_A_MINUTE = RateLimit(2, 60)


def limited(limit: RateLimit | None) -> Namespace:
    return Namespace("default", Settings(rate_limit=limit))


def refusals(namespace: Namespace, made: Call, *instants_ms: int) -> list[int | None]:
    """What Retry-After says at each instant; None for a call that passes."""
    replies = [gateway.answer(namespace, made, now_ms)[0] for now_ms in instants_ms]
    return [
        reply.retry_after_s
        if isinstance(reply, Refusal) and reply.error is wire_errors.RATE_LIMITED
        else None
        for reply in replies
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_a_limit_is_read_from_its_text_and_written_so_that_it_reads_back(text: str) -> None:
    limit = parse_rate_limit(text)

    assert limit == TEXTS[text]
    assert limit is None or parse_rate_limit(str(limit)) == limit


@pytest.mark.parametrize("text", MISTAKES)
def test_a_bad_limit_is_told_what_is_expected(text: str) -> None:
    with pytest.raises(InvalidSetting, match=r"calls per period such as '150/1s'"):
        parse_rate_limit(text)


@pytest.mark.parametrize(
    ("at_ms", "retry_after_s"), [(0, 60), (1, 60), (1000, 59), (59_000, 1), (59_999, 1)]
)
def test_what_is_over_the_limit_is_told_when_to_come_back(at_ms: int, retry_after_s: int) -> None:
    namespace = limited(TWO_A_MINUTE)
    made = call(namespace, "GET", BALANCE)

    instants = [NOW_MS, NOW_MS, NOW_MS + at_ms]

    assert refusals(namespace, made, *instants) == [None, None, retry_after_s]


def test_coming_back_when_told_to_opens_a_window_of_its_own() -> None:
    namespace = limited(TWO_A_MINUTE)
    made = call(namespace, "GET", BALANCE)
    refusals(namespace, made, NOW_MS, NOW_MS, NOW_MS)

    later_ms = NOW_MS + 60_000

    assert refusals(namespace, made, later_ms, later_ms + 59_999) == [None, None]
    assert refusals(namespace, made, later_ms + 59_999, later_ms + 60_000) == [1, None]


def test_a_window_begins_with_its_first_call() -> None:
    limiter = RateLimiter(RateLimit(1, 10))

    assert [limiter.wait_s("key", at_ms) for at_ms in (7000, 16_999, 17_000)] == [None, 1, None]


def test_refused_calls_do_not_count() -> None:
    limiter = RateLimiter(RateLimit(1, 1))

    assert [limiter.wait_s("key", 0) for _ in range(5)] == [None, 1, 1, 1, 1]
    assert limiter.wait_s("key", 1000) is None


def test_each_subscription_key_has_its_own_count() -> None:
    limiter = RateLimiter(RateLimit(1, 1))
    keys = limited(TWO_A_MINUTE).credentials.subscription_keys

    assert [limiter.wait_s(keys[product], 0) for product in Product] == [None] * len(Product)
    assert limiter.wait_s(keys[Product.COLLECTION], 0) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"has_length": False},
        {"subscription_key": None},
        {"subscription_key": "0" * 32},
        {"operation": None},
    ],
    ids=str,
)
def test_what_the_gateway_refuses_before_does_not_count(wrong: dict[str, object]) -> None:
    namespace = limited(RateLimit(1, 60))
    good = call(namespace, "POST", TOKEN)

    refusals(namespace, replace(good, **wrong), NOW_MS, NOW_MS)  # type: ignore[arg-type]  # fields by name

    assert refusals(namespace, good, NOW_MS) == [None]


def test_the_limit_comes_before_the_bearer_and_a_bad_bearer_counts() -> None:
    namespace = limited(RateLimit(1, 60))
    stranger = call(namespace, "GET", BALANCE, authorization="Bearer x")

    assert refusals(namespace, stranger, NOW_MS, NOW_MS) == [None, 60]


def test_a_frozen_window_stands_still_until_the_clock_is_advanced() -> None:
    namespace = limited(RateLimit(1, 60))
    for _ in namespace.freeze(NOW_MS):
        pass
    made = call(namespace, "GET", BALANCE)

    def asked(wall_ms: int) -> list[int | None]:
        return refusals(namespace, made, namespace.now_ms(wall_ms))

    assert (asked(NOW_MS), asked(NOW_MS + 3_600_000)) == ([None], [60])
    for _ in namespace.advance(60_000, NOW_MS):
        pass
    assert asked(NOW_MS) == [None]


def test_a_reset_forgets_what_was_counted() -> None:
    namespace = limited(RateLimit(1, 60))
    refusals(namespace, call(namespace, "GET", BALANCE), NOW_MS)

    namespace.reset(NOW_MS)

    assert refusals(namespace, call(namespace, "GET", BALANCE), NOW_MS, NOW_MS) == [None, 60]


def test_a_refusal_says_what_to_do() -> None:
    namespace = limited(RateLimit(1, 60))
    made = call(namespace, "GET", BALANCE)
    refusals(namespace, made, NOW_MS)

    reply, _ = gateway.answer(namespace, made, NOW_MS + 500)

    assert isinstance(reply, Refusal)
    assert reply.why == (
        "this subscription key has had its 1/1m; wait 60 s of namespace time, advance the clock, "
        "or set another rate_limit"
    )


def test_without_a_limit_everything_passes() -> None:
    namespace = limited(None)

    assert refusals(namespace, call(namespace, "GET", BALANCE), *[NOW_MS] * 100) == [None] * 100


def test_another_limit_is_in_force_at_once_and_the_same_one_goes_on_counting() -> None:
    namespace = limited(None)
    made = call(namespace, "GET", BALANCE)
    limit = Settings(rate_limit=TWO_A_MINUTE)

    namespace.configure(limit, NOW_MS)
    assert refusals(namespace, made, NOW_MS, NOW_MS) == [None, None]
    namespace.configure(replace(limit, expires_in_s=5), NOW_MS)
    assert refusals(namespace, made, NOW_MS) == [60]
    namespace.configure(Settings(), NOW_MS)
    assert refusals(namespace, made, NOW_MS) == [None]
