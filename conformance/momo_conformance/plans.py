"""A plan: all that is done to a client in one example, as a value.

A plan is drawn whole before the client is touched, so it shrinks, is saved as JSON and can be run
again. Payments are numbered from 1 in the order of their steps: a `pay`, a `transfer` and a
`refund` each have a number, and a step that names a payment that is not there has no effect.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from dataclasses import Field as DataclassField
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, TypeAdapter, ValidationError, with_config

from momo_conformance.complaints import complaint
from momo_conformance.errors import InvalidExample
from momo_conformance.steps import NUMBERED, STRICT, Begin, Pay, Refund, Rule, Step, Transfer

Outcome = Literal["SUCCESSFUL", "FAILED", "PENDING", "TIMEOUT", "REJECTED"]
View = Literal["payment", "request_to_pay"]
VIEWS: tuple[View, ...] = ("payment", "request_to_pay")
Trap = Literal[
    "none", "untrusted_tls", "expired_tls", "other_host_tls", "redirect", "redirect_login"
]


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Outlook:
    """What a payment ends in and when: at once, after a while, or after so many status reads."""

    outcome: Outcome = "SUCCESSFUL"
    after_s: Annotated[int, Field(ge=0)] | None = None
    after_polls: Annotated[int, Field(ge=0)] | None = None
    until_then: Literal["PENDING", "CREATED"] = "PENDING"
    reason: str = ""

    def __str__(self) -> str:
        """The outlook in the fake's grammar, such as 'SUCCESSFUL; after=30s'."""
        words: list[str] = [self.outcome]
        if self.reason:
            words.append(f"reason={self.reason}")
        if self.after_s is not None:
            words.append(f"after={self.after_s}s")
        if self.after_polls is not None:
            words.append(f"after_polls={self.after_polls}")
        if self.until_then != "PENDING":
            words.append(f"pending={self.until_then}")
        return "; ".join(words)


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Settings:
    """The world of an example, and how the client is configured in it.

    `outlook` is that of payments whose payer is no test number, `expires_in_s` a token's lifetime,
    `rules` what is in force from the start. `callbacks`: the client is given a callback URL; they
    are delivered by `deliver` steps alone. `trap`: base URL that must not be trusted. `locale`:
    LC_ALL of the driver's process. `request_timeout_ms`: wall time of one request of the client.
    """

    outlook: Outlook = Outlook()
    expires_in_s: Annotated[int, Field(ge=1)] = 3600
    status_view: View = "payment"
    profile: str = "sandbox"
    switches: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    callbacks: bool = False
    trap: Trap = "none"
    locale: str = ""
    request_timeout_ms: Annotated[int, Field(ge=1)] = 2000


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class ExamplePlan:
    """One example. `name` says what it is for; drawn ones have none.

    `breaks` is the requirement that it was saved for, empty for one that was not.

    `rests`: at its end time passes until the client has nothing pending, past the 24 h deadline.
    """

    version: Literal[1] = field(default=1, kw_only=True)
    name: str = field(default="", kw_only=True)
    breaks: str = field(default="", kw_only=True)
    rests: bool = field(default=True, kw_only=True)
    settings: Settings
    steps: tuple[Annotated[Step, Field(discriminator="step")], ...]

    @property
    def made_for(self) -> str:
        """The id of the requirement that its name begins with: 'TOK-02 …' is for MOMO-TOK-02."""
        return f"MOMO-{self.name[:6]}"

    @property
    def flat(self) -> tuple[Step, ...]:
        """Every step, those that are taken side by side one after the other."""
        return tuple(
            inner
            for step in self.steps
            for inner in (step.steps if isinstance(step, Begin) else (step,))
        )

    @property
    def payments(self) -> tuple[Pay | Transfer | Refund, ...]:
        """The steps that have a number, in order."""
        return tuple(step for step in self.flat if isinstance(step, NUMBERED))

    def to_json(self) -> str:
        """The plan as it is saved, without what is as usual; `from_json` reads it back."""
        return json.dumps({"version": self.version} | _bare(self), indent=2)

    @staticmethod
    def from_json(text: str) -> "ExamplePlan":
        """Read a saved plan. Raises InvalidExample naming the key and what was expected."""
        try:
            return _ADAPTER.validate_json(text)
        except ValidationError as invalid:
            raise InvalidExample(complaint("the plan", invalid, _KEYS)) from None


def write_settings(settings: Settings) -> dict[str, Any]:
    """Settings as JSON."""
    found: dict[str, Any] = _SETTINGS.dump_python(settings)
    return found


def read_settings(found: Mapping[str, Any]) -> Settings:
    """Settings from JSON that `write_settings` made."""
    return _SETTINGS.validate_python(found)


_SETTINGS = TypeAdapter(Settings)
_ADAPTER = TypeAdapter(ExamplePlan)

_KEYS = tuple(
    row.name for part in (ExamplePlan, Settings, Outlook, *get_args(Step)) for row in fields(part)
)


def _bare(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Dataclasses as objects without what is as usual, but for the step's name."""
    if isinstance(value, tuple | list):
        return [_bare(item) for item in value]
    if not is_dataclass(value):
        return value
    rows = ((row, getattr(value, row.name)) for row in fields(value))
    return {
        row.name: _bare(held) for row, held in rows if row.name == "step" or held != _usual(row)
    }


def _usual(row: DataclassField[Any]) -> object:
    return row.default_factory() if row.default_factory is not MISSING else row.default
