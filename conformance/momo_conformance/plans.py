"""An example plan: all that is done to a client in one example, as a value.

A plan is drawn whole before the client is touched, so it shrinks, is saved as JSON and can be run
again. Payments are numbered from 1 in the order of their `pay` steps.
"""

import json
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from momo_conformance.errors import InvalidExample

Outcome = Literal["SUCCESSFUL", "FAILED", "PENDING", "TIMEOUT", "REJECTED"]
View = Literal["payment", "request_to_pay"]

_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Outlook:
    """What a payment ends in and when: at once, after a while, or after so many status reads."""

    outcome: Outcome = "SUCCESSFUL"
    after_s: Annotated[int, Field(ge=0)] | None = None
    after_polls: Annotated[int, Field(ge=0)] | None = None
    until_then: Literal["PENDING", "CREATED"] = "PENDING"

    def __str__(self) -> str:
        """The outlook in the fake's grammar, such as 'SUCCESSFUL; after=30s'."""
        words: list[str] = [self.outcome]
        if self.after_s is not None:
            words.append(f"after={self.after_s}s")
        if self.after_polls is not None:
            words.append(f"after_polls={self.after_polls}")
        if self.until_then != "PENDING":
            words.append(f"pending={self.until_then}")
        return "; ".join(words)


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Settings:
    """The world of an example, and the view through which the client reads a status.

    `outlook` is that of payments whose payer is no test number; `expires_in_s` a token's lifetime.
    """

    outlook: Outlook = Outlook()
    expires_in_s: Annotated[int, Field(ge=120)] = 3600
    status_view: View = "payment"


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Pay:
    """Ask a payer for money, in the world's currency."""

    step: Literal["pay"] = field(default="pay", kw_only=True)
    amount: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$")]
    payer: Annotated[str, Field(min_length=1)]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Advance:
    """Let time pass, first in the fake and then in the client."""

    step: Literal["advance"] = field(default="advance", kw_only=True)
    seconds: Annotated[int, Field(ge=0)]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Reconcile:
    """Let the client check what is due."""

    step: Literal["reconcile"] = field(default="reconcile", kw_only=True)


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class AskStatus:
    """Ask the client about one payment; without effect before that payment was made."""

    step: Literal["ask_status"] = field(default="ask_status", kw_only=True)
    payment: Annotated[int, Field(ge=1)]


Step = Annotated[Pay | Advance | Reconcile | AskStatus, Field(discriminator="step")]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class ExamplePlan:
    """One example."""

    version: Literal[1] = field(default=1, kw_only=True)
    settings: Settings
    steps: tuple[Step, ...]

    @property
    def payments(self) -> tuple[Pay, ...]:
        return tuple(step for step in self.steps if isinstance(step, Pay))

    def to_json(self) -> str:
        """The plan as it is saved; `from_json` reads it back."""
        return json.dumps(_ADAPTER.dump_python(self, exclude_none=True), indent=2)

    @staticmethod
    def from_json(text: str) -> "ExamplePlan":
        """Read a saved plan. Raises InvalidExample naming the key and what was expected."""
        try:
            return _ADAPTER.validate_json(text)
        except ValidationError as invalid:
            problems = invalid.errors(include_url=False)
        # A misspelt key is also a missing one: the first says more.
        first = min(problems, key=lambda row: row["type"] != _UNKNOWN_KEY)
        where = ".".join(str(word) for word in first["loc"])
        if first["type"] == _UNKNOWN_KEY:
            raise InvalidExample(f"the plan has an unknown key {where!r}{_hint(where)}")
        raise InvalidExample(f"the plan's {where or 'text'}: {first['msg']}")


_UNKNOWN_KEY = "unexpected_keyword_argument"
_ADAPTER = TypeAdapter(ExamplePlan)
_KEYS = tuple(
    row.name
    for part in (ExamplePlan, Settings, Outlook, Pay, Advance, AskStatus)
    for row in fields(part)
)


def _hint(where: str) -> str:
    close = get_close_matches(where.rpartition(".")[2], _KEYS, n=1)
    return f"; did you mean {close[0]!r}?" if close else "; drop it"
