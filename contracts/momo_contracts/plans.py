"""The plan of a payment and its one grammar, used by header, rules, files and commands.

    plan        = outcome *( ";" parameter )
    outcome     = "SUCCESSFUL" / "FAILED" / "PENDING" / "TIMEOUT" / "REJECTED"
    parameter   = "reason=" code
                / "after=" duration        ; "30s", "500ms", "5m", "24h": then the outcome
                / "after_polls=" count     ; so many status reads see it pending first
                / "pending=" ( "PENDING" / "CREATED" )   ; the word shown until then

Blanks around ";" and "=" do not matter. Without `after` or `after_polls` the outcome is there at
once. PENDING never ends, so it takes them only after `pending=CREATED`. Source: mission (a control
of the fake, not of MTN).
"""

import re
from dataclasses import dataclass

from momo_contracts.errors import InvalidPlan
from momo_contracts.lifecycle import State
from momo_contracts.outcomes import OUTCOMES, Outcome
from momo_contracts.reasons import REASONS

MAX_POLLS = 10_000
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


Progression = Immediate | After | AfterPolls


@dataclass(frozen=True, slots=True)
class Plan:
    """What a payment ends in and how it gets there. `reason` is None where none is shown."""

    outcome: Outcome
    reason: str | None = None
    progression: Progression = Immediate()
    pending_state: State = State.PENDING

    def __str__(self) -> str:
        words: list[str] = [self.outcome]
        if self.reason != OUTCOMES[self.outcome].reason:
            words.append(f"reason={self.reason}")
        match self.progression:
            case After(delay_ms):
                words.append(f"after={delay_ms}ms")
            case AfterPolls(count):
                words.append(f"after_polls={count}")
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


def parse_plan(text: str) -> Plan:
    """Read a plan from its text. Raises InvalidPlan naming the token and what is allowed."""
    word, *parameters = (part.strip() for part in text.split(";"))
    if word not in OUTCOMES:
        raise InvalidPlan(f"outcome {word[:40]!r} is not one of {', '.join(OUTCOMES)}")
    outcome = Outcome(word)
    given = _parameters(parameters)
    if outcome is Outcome.PENDING and given.get("pending") != State.CREATED:
        _refuse_progression(given)
    return plan_for(
        outcome,
        reason=_reason(outcome, given.get("reason")),
        progression=_progression(given.get("after"), given.get("after_polls")),
        pending_state=_pending_state(given.get("pending")),
    )


_PARAMETERS = ("reason", "after", "after_polls", "pending")
_DURATION = re.compile(r"([0-9]{1,9})(ms|s|m|h)", re.ASCII)
_UNIT_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}


def _parameters(parts: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for part in parts:
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or name not in _PARAMETERS:
            raise InvalidPlan(
                f"parameter {part[:40]!r} is not one of "
                + ", ".join(f"{known}=…" for known in _PARAMETERS)
            )
        if name in given:
            raise InvalidPlan(f"parameter {name!r} is given twice; keep one")
        given[name] = value
    return given


def _refuse_progression(given: dict[str, str]) -> None:
    for name in given.keys() & {"after", "after_polls"}:
        raise InvalidPlan(
            f"PENDING never ends, so {name!r} says nothing; for a payment that is pending first "
            f"write 'SUCCESSFUL; {name}={given[name][:20]}'"
        )


def _reason(outcome: Outcome, code: str | None) -> str | None:
    if code is None:
        return None
    if OUTCOMES[outcome].reason is None:
        raise InvalidPlan(f"outcome {outcome} carries no reason; drop 'reason={code[:40]}'")
    if code not in REASONS:
        raise InvalidPlan(f"reason {code[:60]!r} is not one of {', '.join(REASONS)}")
    return code


def _progression(after: str | None, polls: str | None) -> Progression:
    if after is not None and polls is not None:
        raise InvalidPlan("'after' and 'after_polls' exclude each other; keep one")
    if after is not None:
        return After(_duration_ms(after))
    return Immediate() if polls is None else AfterPolls(_count(polls))


def _duration_ms(text: str) -> int:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise InvalidPlan(f"after {text[:40]!r} is not a duration such as 500ms, 30s, 5m or 24h")
    duration_ms = int(match[1]) * _UNIT_MS[match[2]]
    if duration_ms > MAX_AFTER_MS:
        raise InvalidPlan(f"after {text!r} is longer than 30 days (720h)")
    return duration_ms


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= MAX_POLLS):
        raise InvalidPlan(f"after_polls {text[:40]!r} is not a whole number from 0 to {MAX_POLLS}")
    return int(text)


def _pending_state(word: str | None) -> State:
    if word not in (None, State.PENDING, State.CREATED):
        raise InvalidPlan(f"pending {word[:40]!r} is not one of PENDING, CREATED")
    return State(word or State.PENDING)
