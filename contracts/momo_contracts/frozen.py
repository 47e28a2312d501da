"""`dataclass` whose `frozen=True` is for the type checker, so that it costs nothing.

Python freezes by a check on every assignment, those of the construction too: a frozen object is
five times as dear as another, and every request makes a dozen. mypy refuses what that check
would. For what is made per request; for values in the hands of others use the standard one.
"""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414  # a re-export
else:
    T = TypeVar("T")

    def dataclass(*, frozen: bool = False, slots: bool = False) -> Callable[[type[T]], type[T]]:
        """As `dataclasses.dataclass`; a frozen one can be hashed."""
        return dataclasses.dataclass(slots=slots, unsafe_hash=frozen)
