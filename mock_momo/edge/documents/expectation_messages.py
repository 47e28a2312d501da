"""Expectations as JSON or YAML: read with a did-you-mean.

    name: one create                   # optional
    count: {operation: collection.requesttopay.create, status: 202}
    exactly: 1                         # or at_least, at_most; without, at_least 1

or `never: {…}`, or `sequence: [{…}, {…}]`. A query names the kind of event (without,
exchange_ended) and patterns for its fields; patterns may hold the wildcards * and ?.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from mock_momo.core.expectations import SEARCHABLE, Count, Expectation, Query, Sequence
from mock_momo.edge.documents.problems import Problem, refusal, refuse
from mock_momo.edge.documents.rule_messages import operation_problem
from mock_momo.edge.documents.suggestion import suggestion
from momo_contracts.values import canonical_reference_id

_DEFAULT_KIND = Query().kind
_Given = dict[str, str | int]
_Bound = Annotated[int, Field(ge=0)] | None
_STATUS = re.compile(r"[0-9*?]{1,3}")


def _check_query(given: _Given) -> _Given:
    refuse(_query_problems(given))
    return given


def _query_problems(given: _Given) -> Iterator[Problem]:
    kind = str(given.get("kind", _DEFAULT_KIND))
    if kind not in SEARCHABLE:
        hint = suggestion(kind, SEARCHABLE)
        yield Problem(("kind",), f"kind of event {kind[:60]!r} is unknown; {hint}")
        return
    for name, wanted in given.items():
        problem = None if name == "kind" else _field_problem(kind, name, str(wanted))
        if problem is not None:
            yield Problem((name,), problem)


def _field_problem(kind: str, name: str, wanted: str) -> str | None:
    if name not in SEARCHABLE[kind]:
        homes = [other for other, names in SEARCHABLE.items() if name in names]
        hint = (
            f"say also kind: {' or '.join(homes)}"
            if homes
            else suggestion(name, ("kind", *SEARCHABLE[kind]))
        )
        return f"{kind} has no field {name[:60]!r} to look for; {hint}"
    if name == "status" and not _STATUS.fullmatch(wanted):
        return f"status {wanted[:60]!r} is neither a number nor a pattern such as '2*'"
    return operation_problem(wanted) if name == "operation" else None


QueryMessage = Annotated[_Given, AfterValidator(_check_query)]
"""The kind of an event, and patterns for its fields."""


class ExpectationMessage(BaseModel):
    """One expectation: a count, a never or a sequence."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    count: QueryMessage | None = None
    exactly: _Bound = None
    at_least: _Bound = None
    at_most: _Bound = None
    never: QueryMessage | None = None
    sequence: Annotated[list[QueryMessage], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> "ExpectationMessage":
        wanted = [row for row in (self.count, self.never, self.sequence) if row is not None]
        bounds = (self.exactly, self.at_least, self.at_most)
        if len(wanted) != 1:
            raise refusal("give one of count, never and sequence")
        if self.count is None and bounds != (None, None, None):
            raise refusal("exactly, at_least and at_most go with count alone")
        if self.exactly is not None and bounds[1:] != (None, None):
            raise refusal("give either exactly, or at_least and at_most")
        if self.at_most is not None and (self.at_least or 0) > self.at_most:
            raise refusal(f"at_least {self.at_least} is above at_most {self.at_most}")
        return self


def expectations_from(messages: Iterable[ExpectationMessage]) -> tuple[Expectation, ...]:
    """The expectations that messages ask for."""
    return tuple(_expectation_from(message) for message in messages)


def _expectation_from(message: ExpectationMessage) -> Expectation:
    wanted = _wanted_by(message)
    return Expectation(message.name or str(wanted), wanted)


def _wanted_by(message: ExpectationMessage) -> Count | Sequence:
    if message.sequence is not None:
        return Sequence(tuple(_query_from(row) for row in message.sequence))
    if message.count is None:
        return Count(_query_from(message.never or {}), at_least=0, at_most=0)
    query, exactly = _query_from(message.count), message.exactly
    if exactly is not None:
        return Count(query, exactly, exactly)
    default = 1 if message.at_most is None else 0
    return Count(query, default if message.at_least is None else message.at_least, message.at_most)


def _query_from(given: Mapping[str, str | int]) -> Query:
    wanted = {name: str(value) for name, value in given.items()}
    kind = wanted.pop("kind", _DEFAULT_KIND)
    if "reference_id" in wanted:
        wanted["reference_id"] = canonical_reference_id(wanted["reference_id"])
    return Query(kind, tuple(wanted.items()))
