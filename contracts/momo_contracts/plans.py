"""The plan of a payment and its one grammar, used by header, rules, files and commands.

    plan        = outcome *( ";" parameter )
    outcome     = "SUCCESSFUL" / "FAILED" / "PENDING" / "TIMEOUT" / "REJECTED"
    parameter   = "reason=" code
                / "after=" duration        ; "30s", "500ms", "5m", "24h": then the outcome
                / "after_polls=" count     ; so many status reads see it pending first
                / "sequence=" state *( "," state )    ; what the status reads see first, one each
                / "on_approval" [ "=" duration ]      ; when the payer approves; else, 5 minutes
                                                      ; or so later, the request has expired
                / "pending=" ( "PENDING" / "CREATED" )   ; the word shown until then

Blanks around ";" and "=" do not matter. Without a word on how it comes the outcome is there at
once. PENDING never ends, so it takes `after` or `after_polls` only after `pending=CREATED`, which
alone stays for ever, and the others never. Source: mission (a control of the fake, not of MTN); a
payer's five minutes: observed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from momo_contracts.errors import InvalidPlan
from momo_contracts.lifecycle import State
from momo_contracts.outcomes import OUTCOMES, Outcome
from momo_contracts.reasons import REASONS

MAX_POLLS = 10_000
MAX_SEQUENCE = 100
APPROVAL_MS = 5 * 60 * 1000
MAX_AFTER_MS = 30 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Immediate:
    """The outcome is there when the create is answered."""


@dataclass(frozen=True, slots=True)
class After:
    """The outcome comes `delay_ms` after the create, in namespace time."""

    delay_ms: int


@dataclass(frozen=True, slots=True)
class AfterPolls:
    """The first `count` status reads see the payment pending; the next sees the outcome."""

    count: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """The first status reads see these states, one each; the next sees the outcome."""

    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class OnApproval:
    """The outcome comes when the payer approves; not by `expires_ms`, and it is TIMEOUT."""

    expires_ms: int = APPROVAL_MS


Progression = Immediate | After | AfterPolls | Sequence | OnApproval


@dataclass(frozen=True, slots=True)
class Plan:
    """What a payment ends in and how it gets there. `reason` is None where none is shown."""

    outcome: Outcome
    reason: str | None = None
    progression: Progression = Immediate()
    pending_state: State = State.PENDING

    @property
    def first_state(self) -> State:
        """Where the payment stands before any status read, unless it ends at once."""
        progression = self.progression
        return progression.states[0] if isinstance(progression, Sequence) else self.pending_state

    def __str__(self) -> str:
        words: list[str] = [self.outcome]
        if self.reason != OUTCOMES[self.outcome].reason:
            words.append(f"reason={self.reason}")
        match self.progression:
            case After(delay_ms):
                words.append(f"after={delay_ms}ms")
            case AfterPolls(count):
                words.append(f"after_polls={count}")
            case Sequence(states):
                words.append(f"sequence={','.join(states)}")
            case OnApproval(expires_ms):
                words.append(f"on_approval={expires_ms}ms")
            case Immediate():
                pass
        if self.pending_state is not State.PENDING:
            words.append(f"pending={self.pending_state}")
        return "; ".join(words)


def plan_for(
    outcome: Outcome,
    *,
    reason: str | None = None,
    progression: Progression | None = None,
    pending_state: State = State.PENDING,
) -> Plan:
    """A plan with the outcome's default reason where none is given."""
    return Plan(
        outcome,
        reason or OUTCOMES[outcome].reason,
        progression or Immediate(),
        pending_state,
    )


@lru_cache(maxsize=1024)
def parse_plan(text: str) -> Plan:
    """Read a plan from its text. Raises InvalidPlan naming the token and what is allowed.

    One text is one plan, however many payments have it.
    """
    word, *parameters = (part.strip() for part in text.split(";"))
    if word not in OUTCOMES:
        raise InvalidPlan(f"outcome {word[:40]!r} is not one of {', '.join(OUTCOMES)}")
    outcome = Outcome(word)
    given = _parameters(parameters)
    if outcome is Outcome.PENDING:
        _refuse_progression(given)
    if "sequence" in given and "pending" in given:
        raise InvalidPlan("'sequence' and 'pending' exclude each other; keep one")
    return plan_for(
        outcome,
        reason=_reason(outcome, given.get("reason")),
        progression=_progression(given),
        pending_state=_pending_state(given.get("pending")),
    )


_PROGRESSIONS = ("after", "after_polls", "sequence", "on_approval")
_PARAMETERS = ("reason", *_PROGRESSIONS, "pending")
_DURATION = re.compile(r"([0-9]{1,10})(ms|s|m|h)", re.ASCII)
_UNIT_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}


def _parameters(parts: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for part in parts:
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if name not in _PARAMETERS or not (equals or name == "on_approval"):
            raise InvalidPlan(
                f"parameter {part[:40]!r} is not one of "
                + ", ".join(f"{known}=…" for known in _PARAMETERS)
            )
        if name in given:
            raise InvalidPlan(f"parameter {name!r} is given twice; keep one")
        given[name] = value
    return given


def _refuse_progression(given: dict[str, str]) -> None:
    allowed = {"after", "after_polls"} if given.get("pending") == State.CREATED else set()
    for name in given.keys() & (set(_PROGRESSIONS) - allowed):
        value = f"={given[name][:20]}" if given[name] else ""
        raise InvalidPlan(
            f"PENDING never ends, so {name!r} says nothing; for a payment that is pending first "
            f"write 'SUCCESSFUL; {name}{value}'"
        )


def _reason(outcome: Outcome, code: str | None) -> str | None:
    if code is None:
        return None
    if OUTCOMES[outcome].reason is None:
        raise InvalidPlan(f"outcome {outcome} carries no reason; drop 'reason={code[:40]}'")
    if code not in REASONS:
        raise InvalidPlan(f"reason {code[:60]!r} is not one of {', '.join(REASONS)}")
    return code


def _progression(given: dict[str, str]) -> Progression:
    names = [name for name in _PROGRESSIONS if name in given]
    if not names:
        return Immediate()
    if len(names) > 1:
        raise InvalidPlan(f"{names[0]!r} and {names[1]!r} exclude each other; keep one")
    return _READERS[names[0]](given[names[0]])


def _duration_ms(text: str) -> int:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise InvalidPlan(f"{text[:40]!r} is not a duration such as 500ms, 30s, 5m or 24h")
    duration_ms = int(match[1]) * _UNIT_MS[match[2]]
    if duration_ms > MAX_AFTER_MS:
        raise InvalidPlan(f"{text!r} is longer than 30 days (720h)")
    return duration_ms


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= MAX_POLLS):
        raise InvalidPlan(f"after_polls {text[:40]!r} is not a whole number from 0 to {MAX_POLLS}")
    return int(text)


def _pending_state(word: str | None) -> State:
    if word not in (None, State.PENDING, State.CREATED):
        raise InvalidPlan(f"pending {word[:40]!r} is not one of PENDING, CREATED")
    return State(word or State.PENDING)


def _states(text: str) -> tuple[State, ...]:
    words = [word.strip() for word in text.split(",")]
    for word in words:
        if word not in (State.PENDING, State.CREATED):
            raise InvalidPlan(f"sequence {word[:40]!r} is not one of PENDING, CREATED")
    if len(words) > MAX_SEQUENCE:
        raise InvalidPlan(f"a sequence has at most {MAX_SEQUENCE} states; use after_polls=")
    if words != sorted(words):
        raise InvalidPlan("a sequence cannot go back from PENDING to CREATED")
    return tuple(State(word) for word in words)


_READERS: Mapping[str, Callable[[str], Progression]] = {
    "after": lambda text: After(_duration_ms(text)),
    "after_polls": lambda text: AfterPolls(_count(text)),
    "sequence": lambda text: Sequence(_states(text)),
    "on_approval": lambda text: OnApproval(_duration_ms(text) if text else APPROVAL_MS),
}
