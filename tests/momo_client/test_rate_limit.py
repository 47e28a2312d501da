"""The client's own rate limit: a bucket that is told the time."""

from hypothesis import given
from hypothesis import strategies as st

from momo_client.core.rate_limit import RateLimit


def test_a_second_s_worth_goes_at_once_and_the_rest_one_by_one() -> None:
    limit = RateLimit(10)
    waits = [round(limit.reserve(100.0), 3) for _ in range(13)]
    assert waits == [0.0] * 10 + [0.1, 0.2, 0.3]


def test_a_slow_limit_lets_one_through_at_a_time() -> None:
    limit = RateLimit(0.5)
    assert [limit.reserve(7.0) for _ in range(3)] == [0.0, 2.0, 4.0]


def test_zero_is_no_limit() -> None:
    limit = RateLimit(0)
    assert {limit.reserve(1.0) for _ in range(1000)} == {0.0}


@given(st.integers(1, 50), st.lists(st.floats(0, 3), max_size=200))
def test_no_second_sees_more_than_twice_the_rate(rate: int, gaps: list[float]) -> None:
    limit, now_s, sent = RateLimit(rate), 0.0, []
    for gap in gaps:
        now_s += gap
        sent.append(now_s + limit.reserve(now_s))
    for begin_s in sent:
        assert sum(begin_s <= at_s < begin_s + 1 for at_s in sent) <= 2 * rate
