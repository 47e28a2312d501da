"""The states of one payment inside the wallet, and the only moves between them.

Two rules: a final state is absorbing, and time never runs backwards (PENDING does not return to
CREATED). Source: documented for PENDING, SUCCESSFUL, FAILED; CREATED observed (test number …454);
TIMEOUT and REJECTED are mission words that only `GET v2_0/payment` shows (see `outcomes`).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from momo_contracts.errors import InvalidStep


class State(StrEnum):
    """Where a payment stands in the wallet's own books."""

    CREATED = "CREATED"
    PENDING = "PENDING"
    SUCCESSFUL = "SUCCESSFUL"
    FAILED = "FAILED"
    TIMEOUT = "TIMEOUT"
    REJECTED = "REJECTED"

    __hash__ = str.__hash__  # an enum's own is Python code, and states are looked up all the time


_FINAL = frozenset({State.SUCCESSFUL, State.FAILED, State.TIMEOUT, State.REJECTED})

TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.CREATED: _FINAL | {State.PENDING},
        State.PENDING: _FINAL,
        State.SUCCESSFUL: frozenset(),
        State.FAILED: frozenset(),
        State.TIMEOUT: frozenset(),
        State.REJECTED: frozenset(),
    }
)


def is_final(state: State) -> bool:
    """True when nothing can follow."""
    return not TRANSITIONS[state]


def step(current: State, following: State) -> State:
    """Move a payment on. Raises InvalidStep when the table has no such move."""
    if following not in TRANSITIONS[current]:
        raise InvalidStep(f"a payment that is {current} cannot become {following}")
    return following
