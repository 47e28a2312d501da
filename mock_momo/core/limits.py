"""The gateway's rate limit: so many calls per subscription key and fixed window of namespace time.

The real gateway has one per product (documented); its numbers are not published, and that a window
begins with the first call in it is assumed.
"""

import re
from dataclasses import dataclass

from mock_momo.errors import InvalidSetting

_TEXT = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,5})([smh])", re.ASCII)
_UNIT_S = {"s": 1, "m": 60, "h": 3600}
NONE = "none"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `calls` in `period_s` seconds."""

    calls: int
    period_s: int

    def __str__(self) -> str:
        """In the largest unit that fits: no longer than what it was read from."""
        unit = next(unit for unit in "hms" if self.period_s % _UNIT_S[unit] == 0)
        return f"{self.calls}/{self.period_s // _UNIT_S[unit]}{unit}"


def parse_rate_limit(text: str) -> RateLimit | None:
    """Read "150/1s", "5/1m", "1000/24h", or "none". Raises InvalidSetting."""
    if text == NONE:
        return None
    found = _TEXT.fullmatch(text)
    if found is None:
        raise InvalidSetting(
            f"rate limit {text[:40]!r} is not calls per period such as '150/1s', '5/1m' or "
            f"'1000/24h', nor {NONE!r}"
        )
    return RateLimit(int(found[1]), int(found[2]) * _UNIT_S[found[3]])


@dataclass(slots=True)
class Window:
    """So many calls since it was opened."""

    opened_at_ms: int
    calls: int = 0


class RateLimiter:
    """Counts the calls of each subscription key. Refused ones do not count."""

    def __init__(self, limit: RateLimit | None) -> None:
        self.limit = limit
        self.windows: dict[str, Window] = {}

    def wait_s(self, key: str, now_ms: int) -> int | None:
        """Let a call pass and count it: None; or the whole seconds until the next may pass."""
        if self.limit is None:
            return None
        window, period_ms = self.windows.get(key), self.limit.period_s * 1000
        if window is None or now_ms >= window.opened_at_ms + period_ms:
            window = self.windows[key] = Window(now_ms)
        if window.calls < self.limit.calls:
            window.calls += 1
            return None
        return -((now_ms - window.opened_at_ms - period_ms) // 1000)
