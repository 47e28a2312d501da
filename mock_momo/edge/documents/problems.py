"""What is wrong with a document, and where: pydantic's errors in words for people."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from mock_momo.edge.documents.suggestion import suggestion

Place = tuple[str | int, ...]
"""The keys and indexes that lead to something in a document."""

_REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with what is at a place, or missing there."""

    at: Place
    text: str

    def __str__(self) -> str:
        where = ".".join(map(str, self.at))
        return f"{where}: {self.text}" if where else self.text


def refusal(problem: object) -> PydanticCustomError:
    """What a validator of ours raises: the problem in its own words."""
    return PydanticCustomError(_REFUSED, "{problem}", {"problem": str(problem)})


def refuse(problems: Iterable[Problem]) -> None:
    """Raise all the problems at once, if there are any; their places begin where the validator is.

    Raises ValidationError, which pydantic makes part of its own.
    """
    rows = [InitErrorDetails(type=refusal(row.text), loc=row.at, input=None) for row in problems]
    if rows:
        raise ValidationError.from_exception_data(_REFUSED, rows)


def problems_of(
    invalid: ValidationError, message: type[BaseModel], content: object
) -> list[Problem]:
    """Every problem of `content`, which was to be a `message`.

    Unknown keys come first: a misspelt one is why another is missing.
    """
    problems = []
    choices: dict[Place, list[Problem]] = {}
    errors = invalid.errors(include_url=False)
    for error in sorted(errors, key=lambda row: row["type"] != "extra_forbidden"):
        at, chosen_at = _locate(error, content)
        problem = Problem(at, _text(error, message))
        if chosen_at is None:
            problems.append(problem)
        else:
            choices.setdefault(chosen_at, []).append(problem)
    return problems + [row for rows in choices.values() for row in _nearest(rows)]


def _locate(error: ErrorDetails, content: object) -> tuple[Place, Place | None]:
    """Where in `content` an error is, and where a choice between kinds led to it, if one did.

    pydantic's `loc` has a step for the kind, which is not in the content.
    """
    at: Place = ()
    chosen_at = None
    for step in error["loc"]:
        if isinstance(content, Mapping | list) and _has(content, step):
            at, content = (*at, step), content[step]  # type: ignore[index]  # it has this step
        elif error["type"] == "missing" and step == error["loc"][-1]:
            at = (*at, step)
        elif chosen_at is None:
            chosen_at = at
    return at, chosen_at


def _has(content: Mapping[object, object] | list[object], step: object) -> bool:
    return isinstance(step, int) if isinstance(content, list) else step in content


def _nearest(rows: list[Problem]) -> list[Problem]:
    """The problems of the kind that was nearly met, or what any of the kinds would have wanted."""
    depth = max(len(row.at) for row in rows)
    near = [row for row in rows if len(row.at) == depth]
    if len({row.at for row in near}) > 1:
        return near
    return [Problem(near[0].at, ", or: ".join(dict.fromkeys(row.text for row in near)))]


def _text(error: ErrorDetails, message: type[BaseModel]) -> str:
    given = error["input"]
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(error["loc"], message)
        case "refused" | "missing":
            return error["msg"]
        case "dict_type" | "model_type":
            return "Input should be an object: keys with values"
    wanted = error["msg"].partition(", unable to parse")[0]
    return f"{wanted}, not {given!r:.60}" if isinstance(given, str | int | float) else wanted


def _unknown_key(loc: Place, message: type[BaseModel]) -> str:
    key = str(loc[-1])
    models = {message}
    for step in loc[:-1]:
        fields = [model.model_fields[str(step)] for model in models if step in model.model_fields]
        if fields:
            models = {found for field in fields for found in _models(field.annotation)}
    known = {
        name: list(_models(field.annotation))
        for model in models
        for name, field in model.model_fields.items()
    }
    for name, below in known.items():
        if any(key in model.model_fields for model in below):
            return f"unknown key {key!r}; it belongs under {name!r}"
    inner = [name for below in known.values() for model in below for name in model.model_fields]
    return f"unknown key {key!r}; {suggestion(key, known, also=inner)}"


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """The messages that a field's type speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
