"""The steps of a plan. A step that names a payment which is not there has no effect."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, with_config

STRICT = ConfigDict(extra="forbid")
Rule = Mapping[str, Any]
"""A rule in the fake's own grammar: name, match, outcome or fault, times, skip_first, …"""

PAYER = "46733123499"
"""A payer that is none of the sandbox's test numbers: the outlook of a plan is theirs."""

_Payment = Annotated[int, Field(ge=1)]


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Pay:
    """Ask a payer for money, in the world's currency unless it says otherwise."""

    step: Literal["pay"] = field(default="pay", kw_only=True)
    amount: str
    payer: Annotated[str, Field(min_length=1)]
    currency: str = ""
    note: str = ""


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Transfer:
    """Send money out."""

    step: Literal["transfer"] = field(default="transfer", kw_only=True)
    amount: str
    payee: Annotated[str, Field(min_length=1)]


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Refund:
    """Give a payment back, or a part of it."""

    step: Literal["refund"] = field(default="refund", kw_only=True)
    payment: _Payment
    amount: str


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Repeat:
    """The user presses the button of a payment again."""

    step: Literal["repeat"] = field(default="repeat", kw_only=True)
    payment: _Payment


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class AskStatus:
    """Ask the client about one payment."""

    step: Literal["ask_status"] = field(default="ask_status", kw_only=True)
    payment: _Payment


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class AskBalance:
    """Ask the client for its balance."""

    step: Literal["ask_balance"] = field(default="ask_balance", kw_only=True)


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Advance:
    """Let time pass, first in the fake and then in the client: `times` leaps of `seconds`."""

    step: Literal["advance"] = field(default="advance", kw_only=True)
    seconds: Annotated[float, Field(ge=0)]
    times: Annotated[int, Field(ge=1)] = 1


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Reconcile:
    """Let the client check what is due, `times` times."""

    step: Literal["reconcile"] = field(default="reconcile", kw_only=True)
    times: Annotated[int, Field(ge=1)] = 1


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class SetRules:
    """Put other rules in force."""

    step: Literal["set_rules"] = field(default="set_rules", kw_only=True)
    rules: tuple[Rule, ...]


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Settle:
    """The payer decides: approve, reject or let expire."""

    step: Literal["settle"] = field(default="settle", kw_only=True)
    payment: _Payment
    decision: Literal["approve", "reject", "expire"]


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Deliver:
    """The fake sends the first of the callbacks that it owes, `copies` times, one by one."""

    step: Literal["deliver"] = field(default="deliver", kw_only=True)
    copies: Annotated[int, Field(ge=1)] = 1


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Forge:
    """Somebody else sends a callback: for a payment, or for one that nobody knows (None).

    `body` replaces the usual one, `status` is the word in that.
    """

    step: Literal["forge"] = field(default="forge", kw_only=True)
    payment: _Payment | None = None
    status: str = "SUCCESSFUL"
    method: Literal["PUT", "POST"] = "POST"
    body: str | None = None


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class CloseGate:
    """Hold what arrives at a point: see the fake's gates. `match` is that of a rule."""

    step: Literal["close_gate"] = field(default="close_gate", kw_only=True)
    gate: str
    point: Literal["request_received", "before_reply", "callback_before_send", "callback_after_ack"]
    match: Mapping[str, Any] = field(default_factory=dict)
    times: int | None = None


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class AwaitHeld:
    """Wait until a gate holds so much; if nothing comes within 2 s the plan goes on."""

    step: Literal["await_held"] = field(default="await_held", kw_only=True)
    gate: str
    count: Annotated[int, Field(ge=1)] = 1


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class OpenGate:
    """Let all that a gate holds go on, and hold nothing more."""

    step: Literal["open_gate"] = field(default="open_gate", kw_only=True)
    gate: str


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Crash:
    """Kill the client's process with SIGKILL and start it again with the same ledger."""

    step: Literal["crash"] = field(default="crash", kw_only=True)


Single = (
    Pay
    | Transfer
    | Refund
    | Repeat
    | AskStatus
    | AskBalance
    | Advance
    | Reconcile
    | SetRules
    | Settle
    | Deliver
    | Forge
    | CloseGate
    | AwaitHeld
    | OpenGate
    | Crash
)
"""What can be done side by side."""


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Begin:
    """Take these steps side by side, and go on without waiting for their end."""

    step: Literal["begin"] = field(default="begin", kw_only=True)
    steps: tuple[Annotated[Single, Field(discriminator="step")], ...]


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Join:
    """Wait for all that was begun."""

    step: Literal["join"] = field(default="join", kw_only=True)


Step = Single | Begin | Join
NUMBERED = Pay | Transfer | Refund
"""The steps that make a payment, which then has a number."""
