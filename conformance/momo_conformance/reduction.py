"""Taking away what a failing plan does not need."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from itertools import islice

from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.steps import (
    NUMBERED,
    AskStatus,
    Begin,
    Forge,
    Refund,
    Repeat,
    Settle,
    Single,
    Step,
)

MOST_TRIALS = 60
"""So many smaller plans are tried; what has been found by then is good enough."""

_NAMING = AskStatus | Repeat | Refund | Settle | Forge


def reduced(plan: ExamplePlan, fails: Callable[[ExamplePlan], bool]) -> ExamplePlan:
    """The plan without the steps and settings that it fails without, too."""
    trials = 0
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(plan):
            trials += 1
            if trials > MOST_TRIALS:
                return plan
            if fails(candidate):
                plan, smaller = candidate, True
                break
    return plan


def _smaller(plan: ExamplePlan) -> Iterator[ExamplePlan]:
    """Plans with one thing less, the latest steps first: what comes before may be needed."""
    if plan.rests:
        yield replace(plan, rests=False)
    for gone in _places(plan):
        steps = _without(plan, gone)
        if steps:
            yield replace(plan, steps=steps)
    for rules in ((), plan.settings.rules[1:]):
        if len(rules) < len(plan.settings.rules):
            yield replace(plan, settings=replace(plan.settings, rules=rules))
    plain = Settings(status_view=plan.settings.status_view)
    for name in ("callbacks", "outlook", "expires_in_s"):
        usual = getattr(plain, name)
        if getattr(plan.settings, name) != usual:
            yield replace(plan, settings=replace(plan.settings, **{name: usual}))


def _places(plan: ExamplePlan) -> Iterator[Collection[int]]:
    """What may go at a time, as indices into `plan.flat`: a step, or one of those of a `begin`."""
    end = len(plan.flat)
    for step in reversed(plan.steps):
        start = end - (len(step.steps) if isinstance(step, Begin) else 1)
        yield range(start, end)
        if end - start > 1:
            yield from ((place,) for place in reversed(range(start, end)))
        end = start


def _without(plan: ExamplePlan, gone: Collection[int]) -> tuple[Step, ...]:
    """The other steps: what names a later payment goes on naming it, what names none goes, too."""
    left = iter(_renumbered(plan, gone))
    steps: list[Step | None] = []
    for step in plan.steps:
        if isinstance(step, Begin):
            inner = tuple(islice(left, len(step.steps)))
            begun = tuple(row for row in inner if isinstance(row, Single))
            steps.append(Begin(begun) if begun else None)
        else:
            steps.append(next(left))
    return tuple(step for step in steps if step is not None)


def _renumbered(plan: ExamplePlan, gone: Collection[int]) -> Iterator[Step | None]:
    """The steps of `plan.flat` under their new numbers, None for each that goes."""
    numbers: dict[int, int] = {}
    number = 0
    for place, step in enumerate(plan.flat):
        number += isinstance(step, NUMBERED)
        named = step.payment if isinstance(step, _NAMING) else None
        if place in gone or (named is not None and named not in numbers):
            yield None
            continue
        if isinstance(step, NUMBERED):
            numbers[number] = len(numbers) + 1
        if isinstance(step, _NAMING) and named is not None:
            yield replace(step, payment=numbers[named])
        else:
            yield step
