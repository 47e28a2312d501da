"""Taking away what a failing plan does not need."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.steps import AskStatus, Forge, Pay, Refund, Repeat, Settle, Step, Transfer

MOST_TRIALS = 60
"""So many smaller plans are tried; what has been found by then is good enough."""

_NUMBERED = (Pay, Transfer, Refund)
_NAMING = (AskStatus, Repeat, Refund, Settle, Forge)


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
    for index in reversed(range(len(plan.steps))):
        steps = _without(plan.steps, index)
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


def _without(steps: tuple[Step, ...], index: int) -> tuple[Step, ...]:
    """The steps but one; what names a later payment goes on naming it."""
    gone = steps[index]
    rest = (*steps[:index], *steps[index + 1 :])
    if not isinstance(gone, _NUMBERED):
        return rest
    number = 1 + sum(isinstance(step, _NUMBERED) for step in steps[:index])
    kept = []
    for step in rest:
        named = getattr(step, "payment", None) if isinstance(step, _NAMING) else None
        if named == number:
            continue
        kept.append(replace(step, payment=named - 1) if named and named > number else step)
    return tuple(kept)
