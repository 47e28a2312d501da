"""Rules as JSON or YAML: read with a did-you-mean, shown as they were given."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Annotated, Literal, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import from_json

from mock_momo.core.faults import BY_NAME
from mock_momo.core.faults.fault import Fault
from mock_momo.core.rules import Match, Rule, Share
from mock_momo.edge.documents.money import EXACT
from mock_momo.edge.documents.problems import Problem, refusal, refuse
from mock_momo.edge.documents.suggestion import suggestion
from mock_momo.errors import InvalidSetting
from momo_contracts.errors import InvalidPlan
from momo_contracts.operations import OPERATIONS
from momo_contracts.plans import parse_plan
from momo_contracts.values import canonical_reference_id

_MOST_DIGITS = 18
_MOST = 10**9
_PAYING = tuple(name for name, row in OPERATIONS.items() if row.creates and row.product)
_GivenFault = str | dict[str, dict[str, object]]


def operation_problem(pattern: str) -> str | None:
    """What is wrong with an operation's name, or a pattern for names; None when it is right."""
    if pattern in OPERATIONS or set(pattern) & set("*?"):
        return None
    hint = suggestion(pattern, OPERATIONS, with_all=True)
    return f"operation {pattern[:60]!r} is unknown; {hint}"


def _check_operation(pattern: str) -> str:
    problem = operation_problem(pattern)
    if problem is not None:
        raise refusal(problem)
    return pattern


def check_plan(text: str) -> str:
    """The text of a plan. Raises a refusal."""
    try:
        parse_plan(text)
    except InvalidPlan as problem:
        raise refusal(problem) from None
    return text


def _check_fault(given: _GivenFault) -> _GivenFault:
    refuse(_fault_problems(given))
    return given


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class MatchMessage(_Message):
    """What a rule applies to; texts may hold the wildcards * and ?."""

    operation: Annotated[str, AfterValidator(_check_operation)] | None = None
    party: str | None = None
    amount: Annotated[Decimal, EXACT] | None = None
    currency: str | None = None
    external_id: str | None = None
    reference_id: str | None = None
    headers: dict[str, str] = {}


class ShareMessage(_Message):
    """One plan of a mix."""

    plan: Annotated[str, AfterValidator(check_plan)]
    weight: Annotated[int, Field(gt=0, le=_MOST)] = 1


class RuleMessage(_Message):
    """One rule: `outcome` is a plan or a mix of plans, `fault` a name or {name: {parameters}}."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    match: MatchMessage = MatchMessage()
    outcome: Annotated[str, AfterValidator(check_plan)] | list[ShareMessage] | None = None
    fault: Annotated[_GivenFault, AfterValidator(_check_fault)] | None = None
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0
    skip_first: Annotated[int, Field(ge=0, le=_MOST)] = 0
    times: Annotated[int, Field(gt=0, le=_MOST)] | None = None
    scope: Literal["reference", "rule"] = "reference"

    @model_validator(mode="after")
    def _gives_one_thing(self) -> "RuleMessage":
        if (self.outcome is None) == (self.fault is None):
            raise refusal(f"rule {self.name!r}: give either an outcome or a fault")
        pattern = self.match.operation
        if pattern and self._is_of_payments and not any(fnmatchcase(n, pattern) for n in _PAYING):
            raise refusal(
                f"rule {self.name!r}: it shapes new payments, and operation {pattern!r} makes none"
                f"; name one such as {_PAYING[0]}, or none at all"
            )
        return self

    @property
    def _is_of_payments(self) -> bool:
        """True for what only the making of a payment asks for."""
        if self.fault is None:
            return True
        kind = BY_NAME[_named(self.fault)[0]]
        return kind.replan is not Fault.replan or kind.reroute is not Fault.reroute


def _check_names(rules: list[RuleMessage]) -> list[RuleMessage]:
    names = [rule.name for rule in rules]
    refuse(
        Problem((place, "name"), f"two rules are called {name!r}; names must differ")
        for place, name in enumerate(names)
        if name in names[:place]
    )
    return rules


RuleMessages = Annotated[list[RuleMessage], AfterValidator(_check_names)]
"""The rules of a namespace, the first match first."""


def rules_from(messages: list[RuleMessage]) -> tuple[Rule, ...]:
    """The rules that messages ask for."""
    return tuple(_rule_from(message) for message in messages)


def describe_rule(rule: Rule) -> dict[str, object]:
    """A rule as a message has it."""
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
    }


def match_from(message: MatchMessage) -> Match:
    """What a message matches."""
    reference_id = message.reference_id
    return Match(
        operation=message.operation,
        party=message.party,
        amount=message.amount,
        currency=message.currency,
        external_id=message.external_id,
        reference_id=reference_id and canonical_reference_id(reference_id),
        headers=tuple(message.headers.items()),
    )


def _rule_from(message: RuleMessage) -> Rule:
    return Rule(
        name=message.name,
        match=match_from(message.match),
        mix=_mix_from(message.outcome),
        fault=_fault_from(message.fault) if message.fault is not None else None,
        probability=message.probability,
        skip_first=message.skip_first,
        times=message.times,
        scope=message.scope,
    )


def _mix_from(outcome: str | list[ShareMessage] | None) -> tuple[Share, ...]:
    if outcome is None:
        return ()
    if isinstance(outcome, str):
        return (Share(parse_plan(outcome)),)
    return tuple(Share(parse_plan(row.plan), row.weight) for row in outcome)


def _fault_problems(given: _GivenFault) -> Iterator[Problem]:
    """What is wrong with a fault; places begin at its name."""
    if isinstance(given, dict) and len(given) != 1:
        yield Problem((), "a fault is one name with its parameters")
        return
    name, parameters = _named(given)
    at = (name,) if isinstance(given, dict) else ()
    if name not in BY_NAME:
        yield Problem(at, f"fault {name[:60]!r} is unknown; {suggestion(name, BY_NAME)}")
        return
    known = [row.name for row in fields(BY_NAME[name])]  # type: ignore[arg-type]  # every fault is a dataclass
    for parameter in parameters:
        if parameter not in known:
            hint = suggestion(parameter, known)
            yield Problem((*at, parameter), f"parameter {parameter[:60]!r} is unknown; {hint}")
    try:
        _fault_from(given)
    except InvalidSetting as problem:
        yield Problem(at, f"fault {name!r}: {problem}")
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            where = ".".join(map(str, error["loc"]))
            yield Problem((*at, *error["loc"]), f"fault {name!r}: {where}: {error['msg']}")


def _fault_from(given: _GivenFault) -> Fault:
    name, parameters = _named(given)
    kind = BY_NAME[name]
    hints = get_type_hints(kind)
    return TypeAdapter(kind).validate_python(
        {name: _value(value, hints.get(name)) for name, value in parameters.items()}
    )


def _named(given: _GivenFault) -> tuple[str, Mapping[str, object]]:
    return (given, {}) if isinstance(given, str) else next(iter(given.items()))


def _value(value: object, wanted: object) -> object:
    """A file's values are texts: numbers are read from them, and JSON where an object is wanted.

    pydantic reads numbers from texts everywhere but in a Literal.
    """
    if not isinstance(value, str) or wanted is str:
        return value
    if wanted == Mapping[str, object]:
        return _json(value)
    return int(value) if value.isdecimal() and len(value) <= _MOST_DIGITS else value


def _json(text: str) -> object:
    try:
        return from_json(text)
    except ValueError:
        return text  # which is then refused, as no object
