"""Rules as JSON or YAML: read with a did-you-mean, shown as they were given."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from mock_momo.core.faults import BY_NAME
from mock_momo.core.faults.fault import Fault
from mock_momo.core.rules import Match, Rule, Share
from mock_momo.edge.suggestion import suggestion
from mock_momo.errors import InvalidSetting
from momo_contracts.errors import InvalidPlan
from momo_contracts.operations import OPERATIONS
from momo_contracts.plans import parse_plan


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MatchMessage(_Message):
    """What a rule applies to; texts may hold the wildcards * and ?."""

    operation: str | None = None
    party: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    external_id: str | None = None
    reference_id: str | None = None
    headers: dict[str, str] = {}


class ShareMessage(_Message):
    """One plan of a mix."""

    plan: str
    weight: Annotated[int, Field(gt=0)] = 1


class RuleMessage(_Message):
    """One rule: `outcome` is a plan or a mix of plans, `fault` a name or {name: {parameters}}."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    match: MatchMessage = MatchMessage()
    outcome: str | list[ShareMessage] | None = None
    fault: str | dict[str, dict[str, object]] | None = None
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0
    skip_first: Annotated[int, Field(ge=0)] = 0
    times: Annotated[int, Field(ge=0)] | None = None
    scope: Literal["reference", "rule"] = "reference"


def rules_from(messages: list[RuleMessage]) -> tuple[Rule, ...]:
    """The rules that messages ask for. Raises InvalidSetting naming the rule."""
    names = [message.name for message in messages]
    for name in names:
        if names.count(name) > 1:
            raise InvalidSetting(f"two rules are called {name!r}; names must differ")
    return tuple(_rule_from(message) for message in messages)


def describe_rule(rule: Rule, strikes: int) -> Mapping[str, object]:
    """A rule and how often it has struck."""
    return {
        "name": rule.name,
        "match": {
            name: str(value)
            for name, value in asdict(rule.match).items()
            if value is not None and name != "headers"
        }
        | ({"headers": dict(rule.match.headers)} if rule.match.headers else {}),
        "outcome": [{"plan": str(row.plan), "weight": row.weight} for row in rule.mix] or None,
        "fault": {rule.fault.name: asdict(rule.fault)} if rule.fault else None,  # type: ignore[call-overload]  # every fault is a dataclass
        "probability": rule.probability,
        "skip_first": rule.skip_first,
        "times": rule.times,
        "scope": rule.scope,
        "strikes": strikes,
    }


def _rule_from(message: RuleMessage) -> Rule:
    if (message.outcome is None) == (message.fault is None):
        raise InvalidSetting(f"rule {message.name!r}: give either an outcome or a fault")
    try:
        return Rule(
            name=message.name,
            match=match_from(message.match),
            mix=_mix_from(message.outcome),
            fault=_fault_from(message.fault),
            probability=message.probability,
            skip_first=message.skip_first,
            times=message.times,
            scope=message.scope,
        )
    except (InvalidSetting, InvalidPlan) as problem:
        raise InvalidSetting(f"rule {message.name!r}: {problem}") from None


def match_from(message: MatchMessage) -> Match:
    """What a message matches. Raises InvalidSetting."""
    operation = message.operation
    if operation is not None and "*" not in operation and operation not in OPERATIONS:
        raise InvalidSetting(
            f"operation {operation[:60]!r} is unknown; {suggestion(operation, OPERATIONS)}"
        )
    return Match(
        operation=operation,
        party=message.party,
        amount=message.amount,
        currency=message.currency,
        external_id=message.external_id,
        reference_id=message.reference_id,
        headers=tuple(message.headers.items()),
    )


def _mix_from(outcome: str | list[ShareMessage] | None) -> tuple[Share, ...]:
    if outcome is None:
        return ()
    if isinstance(outcome, str):
        return (Share(parse_plan(outcome)),)
    return tuple(Share(parse_plan(row.plan), row.weight) for row in outcome)


def _fault_from(given: str | dict[str, dict[str, object]] | None) -> Fault | None:
    if given is None:
        return None
    if isinstance(given, dict) and len(given) != 1:
        raise InvalidSetting("a fault is one name with its parameters")
    name, parameters = (given, {}) if isinstance(given, str) else next(iter(given.items()))
    if name not in BY_NAME:
        raise InvalidSetting(f"fault {name[:60]!r} is unknown; {suggestion(name, BY_NAME)}")
    kind = BY_NAME[name]
    known = [row.name for row in fields(kind)]  # type: ignore[arg-type]  # every fault is a dataclass
    for parameter in parameters:
        if parameter not in known:
            raise InvalidSetting(
                f"fault {name!r}: parameter {parameter[:60]!r} is unknown; "
                f"{suggestion(parameter, known)}"
            )
    try:
        return TypeAdapter(kind).validate_python(parameters)
    except InvalidSetting as problem:
        raise InvalidSetting(f"fault {name!r}: {problem}") from None
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise InvalidSetting(f"fault {name!r}: {where}: {first['msg']}") from None
