"""One payment, two views: what each outcome shows on the wire and means to a client.

The sandbox's `GET v1_0/requesttopay/{id}` knows no TIMEOUT or REJECTED; the client this project
serves reads them from `GET v2_0/payment/{id}`. Both are views of the same payment.
Source: v1 column observed; v2_0 column mission; internal column mission.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from momo_contracts.lifecycle import State


class Outcome(StrEnum):
    """What a plan ends in."""

    SUCCESSFUL = "SUCCESSFUL"
    FAILED = "FAILED"
    PENDING = "PENDING"
    TIMEOUT = "TIMEOUT"
    REJECTED = "REJECTED"


class InternalStatus(StrEnum):
    """What a client makes of a status: credit, give up, or wait."""

    COMPLETED = "completed"
    FAILED = "failed"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the outcome table. `reason` is the default; None where none is shown."""

    outcome: Outcome
    state: State
    request_to_pay_status: str
    payment_status: str
    reason: str | None
    internal: InternalStatus


ROWS: tuple[Row, ...] = (
    Row(
        Outcome.SUCCESSFUL,
        State.SUCCESSFUL,
        "SUCCESSFUL",
        "SUCCESSFUL",
        None,
        InternalStatus.COMPLETED,
    ),
    Row(
        Outcome.FAILED,
        State.FAILED,
        "FAILED",
        "FAILED",
        "INTERNAL_PROCESSING_ERROR",
        InternalStatus.FAILED,
    ),
    Row(Outcome.PENDING, State.PENDING, "PENDING", "PENDING", None, InternalStatus.PENDING),
    Row(Outcome.TIMEOUT, State.TIMEOUT, "FAILED", "TIMEOUT", "EXPIRED", InternalStatus.FAILED),
    Row(
        Outcome.REJECTED,
        State.REJECTED,
        "FAILED",
        "REJECTED",
        "APPROVAL_REJECTED",
        InternalStatus.FAILED,
    ),
)

OUTCOMES: Mapping[Outcome, Row] = MappingProxyType({row.outcome: row for row in ROWS})
STATES: Mapping[State, Row] = MappingProxyType(
    {row.state: row for row in ROWS}
    | {
        State.CREATED: Row(
            Outcome.PENDING, State.CREATED, "CREATED", "PENDING", None, InternalStatus.PENDING
        )
    }
)
_INTERNAL: Mapping[str, InternalStatus] = MappingProxyType(
    {row.payment_status: row.internal for row in ROWS}
)


def internal_status(word: object) -> InternalStatus:
    """Map a provider's status word, from either view, to what a client does.

    Anything that is not exactly a final word means wait: CREATED, another case, null, a word MTN
    invents tomorrow. Source: mission; waiting on the unknown is assumed and safe.
    """
    return (
        _INTERNAL.get(word, InternalStatus.PENDING)
        if isinstance(word, str)
        else (InternalStatus.PENDING)
    )
