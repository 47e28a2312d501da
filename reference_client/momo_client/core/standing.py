"""What is still to do in a ledger, in three figures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """Open payments, when the oldest was made, if there is one, and open reviews."""

    open_payments: int
    oldest_created_at_ms: int | None
    open_reviews: int

    def oldest_age_s(self, now_ms: int) -> float:
        """How old the oldest open payment is; 0 without one, and on a clock that went back."""
        if self.oldest_created_at_ms is None:
            return 0.0
        return max(0, now_ms - self.oldest_created_at_ms) / 1000
