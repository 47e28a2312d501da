"""The oracle: what a payment must go through, and what a client may make of it.

Written from the published rules and from nothing that the fake or a client shares: its tables are
its own, and one exhaustive test pins them to the law. Instants are fake time in ms.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from momo_conformance.plans import Outlook, Settings, View

State = Literal["pending", "completed", "failed"]

DEADLINE_MS = 24 * 3600 * 1000
"""Mission: a payment that is still pending 24 h after its creation is given up as failed."""

PAYERS: Mapping[str, Outlook] = MappingProxyType(
    {
        "46733123450": Outlook("FAILED"),
        "46733123451": Outlook("REJECTED"),
        "46733123452": Outlook("TIMEOUT"),
        "46733123453": Outlook("PENDING"),
        "46733123454": Outlook("SUCCESSFUL", after_s=25, until_then="CREATED"),
    }
)
"""The sandbox's test numbers (documented); every other number has the world's outlook."""

MEANING: Mapping[str, State] = MappingProxyType(
    {"SUCCESSFUL": "completed", "FAILED": "failed", "TIMEOUT": "failed", "REJECTED": "failed"}
)
"""What a status word settles (mission). Every other word settles nothing."""

SHOWN: Mapping[tuple[View, str], str] = MappingProxyType(
    {
        ("request_to_pay", "TIMEOUT"): "FAILED",
        ("request_to_pay", "REJECTED"): "FAILED",
        ("payment", "CREATED"): "PENDING",
    }
)
"""Where a view shows another word than the payment's own: v1 knows no TIMEOUT (observed)."""


def outlook_of(payer: str, settings: Settings) -> Outlook:
    """What a payment by this payer is planned to end in."""
    return PAYERS.get(payer, settings.outlook)


def meaning_of(word: object) -> State:
    """What a client must make of a status word."""
    return MEANING.get(word, "pending") if isinstance(word, str) else "pending"


@dataclass(frozen=True, slots=True)
class Look:
    """A status read that showed `word` at `at_ms`, when the client's clock was >= `least_ms`."""

    view: View
    word: object
    least_ms: int
    at_ms: int

    def __str__(self) -> str:
        return f"{self.view} showed {json.dumps(self.word)} at {self.at_ms}"


@dataclass(frozen=True, slots=True)
class Course:
    """One payment: what it was planned to do, when it was created and how it was looked at."""

    outlook: Outlook
    created_at_ms: int
    looks: tuple[Look, ...]

    def __str__(self) -> str:
        return f"planned as '{self.outlook}', created at {self.created_at_ms}"

    @property
    def deadline_ms(self) -> int:
        return self.created_at_ms + DEADLINE_MS

    @property
    def settled_at_ms(self) -> int | None:
        """When the provider settled it; None when it did not, as far as the looks tell."""
        if self.outlook.outcome == "PENDING":
            return None
        if self.outlook.after_polls is not None:
            later = self.looks[self.outlook.after_polls :]
            return later[0].at_ms if later else None
        return self.created_at_ms + 1000 * (self.outlook.after_s or 0)

    def is_settled(self, now_ms: int) -> bool:
        return self.settled_at_ms is not None and self.settled_at_ms <= now_ms

    def words(self) -> tuple[str, ...]:
        """What the looks must have shown, one word each."""
        polls = self.outlook.after_polls
        return tuple(
            self._word(look.view, self.is_settled(look.at_ms) if polls is None else n >= polls)
            for n, look in enumerate(self.looks)
        )

    def final_states(self) -> frozenset[State]:
        """The states in which a client may leave this payment once all has come to rest.

        More than one only when the provider settled it after the deadline and no look between
        the two told the client to give up.
        """
        meaning, settled_at_ms = meaning_of(self.outlook.outcome), self.settled_at_ms
        if settled_at_ms is None:
            return frozenset({"failed"})
        if settled_at_ms < self.deadline_ms:
            return frozenset({meaning})
        gave_up = self._must_give_up(self.looks)
        return frozenset({"failed"}) if gave_up else frozenset({"failed", meaning})

    def states_after(self, looks: int, now_ms: int) -> frozenset[State]:
        """What a client may say about it after so many looks, at an instant of its own clock."""
        seen = self.looks[:looks]
        if self._must_give_up(seen):
            return frozenset({"failed"})
        known = {meaning_of(look.word) for look in seen} - {"pending"}
        if now_ms >= self.deadline_ms:
            return frozenset({"pending", "failed", *known})
        return frozenset(known or {"pending"})

    def _must_give_up(self, seen: tuple[Look, ...]) -> bool:
        """True once a look has shown it open at or after the deadline, by the client's clock."""
        return any(
            look.least_ms >= self.deadline_ms and meaning_of(look.word) == "pending"
            for look in seen
        )

    def _word(self, view: View, is_settled: bool) -> str:  # noqa: FBT001  # private and positional
        word = self.outlook.outcome if is_settled else self.outlook.until_then
        return SHOWN.get((view, word), word)
