import pytest
from hypothesis import given
from hypothesis import strategies as st

from momo_contracts.tokens import expires_at_ms, is_expired, is_refresh_due, refresh_at_ms

ISSUED_MS = 1_700_000_000_123

REFRESH_TABLE = (
    # lifetime in s, refresh so many ms after issue
    (3600, 3_540_000),
    (121, 61_000),
    (120, 60_000),
    (119, 59_500),
    (60, 30_000),
    (2, 1_000),
    (1, 500),
)


def test_a_token_is_good_one_millisecond_before_its_expiry_and_dead_at_it() -> None:
    deadline_ms = expires_at_ms(ISSUED_MS, 3600)

    assert deadline_ms == ISSUED_MS + 3_600_000
    assert not is_expired(deadline_ms, deadline_ms - 1)
    assert is_expired(deadline_ms, deadline_ms)
    assert is_expired(deadline_ms, deadline_ms + 1)


@pytest.mark.parametrize(("lifetime_s", "after_ms"), REFRESH_TABLE)
def test_a_token_is_replaced_60_s_early_or_at_half_its_life(lifetime_s: int, after_ms: int) -> None:
    assert refresh_at_ms(ISSUED_MS, lifetime_s) == ISSUED_MS + after_ms
    assert not is_refresh_due(ISSUED_MS, lifetime_s, ISSUED_MS + after_ms - 1)
    assert is_refresh_due(ISSUED_MS, lifetime_s, ISSUED_MS + after_ms)


@given(st.integers(0, 10**13), st.integers(1, 10 * 365 * 86_400))
def test_a_token_is_used_before_it_is_replaced_and_replaced_before_it_dies(
    issued_ms: int, lifetime_s: int
) -> None:
    assert issued_ms < refresh_at_ms(issued_ms, lifetime_s) < expires_at_ms(issued_ms, lifetime_s)
