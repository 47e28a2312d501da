"""One callback on its way: where it stands and what became of each attempt."""

from dataclasses import dataclass, field
from enum import StrEnum

from momo_contracts.events import Body


class Stage(StrEnum):
    """Where a delivery stands. `queued`: due, while callbacks are paused."""

    WAITING = "waiting"
    QUEUED = "queued"
    IN_HAND = "in_hand"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    DROPPED = "dropped"
    WITHHELD = "withheld"


UNDELIVERED = frozenset({Stage.WAITING, Stage.QUEUED, Stage.IN_HAND, Stage.FAILED, Stage.WITHHELD})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: what was sent, and what came back within `latency_ms` of wall time.

    `status` and `reply` are None when no answer came; `is_withheld`: nothing was sent at all.
    """

    at_ms: int
    sent: Body
    status: int | None = None
    reply: Body | None = None
    latency_ms: int = 0
    problem: str | None = None
    is_withheld: bool = False

    @property
    def is_acknowledged(self) -> bool:
        """2xx (documented: any other answer counts as not delivered; assumed for 3xx)."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(slots=True)
class Delivery:
    """A callback that is owed: number `number` of its payment; `due_at_ms`: its next attempt."""

    reference_id: str
    number: int
    due_at_ms: int
    stage: Stage = Stage.WAITING
    attempts: list[Attempt] = field(default_factory=list)
    why: str | None = None

    @property
    def id(self) -> str:
        return delivery_id(self.reference_id, self.number)

    @property
    def is_undelivered(self) -> bool:
        return self.stage in UNDELIVERED


def delivery_id(reference_id: str, number: int) -> str:
    """The id of a payment's nth delivery."""
    return f"{reference_id}.{number}"
