"""How the callback of one payment is to be sent, and when it is tried again.

Documented: sent once, no retry. One stored version of MTN's page: 20 tries a second apart, 30 two
minutes apart, then hourly until unblocked (here: for a day, assumed). Observed once: a second
delivery three minutes after the first had been answered 200.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from momo_contracts.outcomes import Outcome

SCHEDULES: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "once": (),
        "backoff": (2_000, 4_000, 8_000),
        "blocks": (1_000,) * 20 + (120_000,) * 30 + (3_600_000,) * 24,
    }
)
"""Milliseconds from one attempt to the next, by the value of the switch `callback_retry`."""

DUPLICATE_AFTER_MS = 180_000
"""From an acknowledged delivery to its duplicate, with `callback_duplicates=after_180_s`."""


@dataclass(frozen=True, slots=True)
class CallbackTerms:
    """Where a callback goes, and what faults make of it.

    `says` is an outcome that it claims instead of the payment's own; an early one is sent before
    the reply to the create.
    """

    url: str
    copies: int = 1
    delay_ms: int = 0
    is_dropped: bool = False
    is_early: bool = False
    says: Outcome | None = None
