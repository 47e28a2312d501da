"""Token arithmetic: when a token is dead and when it should be replaced.

The boundary instant, decided once: a token issued at t with expires_in 3600 is good at
t + 3,599,999 ms and dead at t + 3,600,000 ms. Expiry belongs to the dead side (assumed).
"""

TOKEN_LIFETIME_S = 3600
"""Documented and observed: `expires_in` of every captured token."""

REFRESH_MARGIN_S = 60
"""Mission: a token is replaced 60 s before it expires."""


def expires_at_ms(issued_at_ms: int, expires_in_s: int) -> int:
    """The first instant at which the token is refused."""
    return issued_at_ms + expires_in_s * 1000


def is_expired(deadline_ms: int, now_ms: int) -> bool:
    """True from the expiry instant on."""
    return now_ms >= deadline_ms


def refresh_at_ms(issued_at_ms: int, expires_in_s: int) -> int:
    """The first instant at which a client replaces the token: 60 s before expiry.

    A token that lives less than two minutes is kept for half its life, so that a short one is
    still used more than once (assumed).
    """
    margin_ms = min(REFRESH_MARGIN_S * 1000, expires_in_s * 1000 // 2)
    return expires_at_ms(issued_at_ms, expires_in_s) - margin_ms


def is_refresh_due(issued_at_ms: int, expires_in_s: int, now_ms: int) -> bool:
    """True from the refresh instant on."""
    return now_ms >= refresh_at_ms(issued_at_ms, expires_in_s)
