"""How long before its end a client renews its token, found by halving what it may be."""

from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.steps import PAYER, Advance, AskStatus, Pay, Single
from momo_conformance.suite import Suite

LIFETIME_S = 3600
"""What MTN gives a token (documented)."""

PROBES = 12
"""So many halvings find one second in an hour."""


def measure_margin(suite: Suite) -> int | None:
    """The client's margin in whole seconds: it renews a token that has so long to live, or less.

    Each probe is a plan of two calls, added up like any other. A client with the examiner's clock
    makes the second call so long before the end of a token for an hour; one without makes both
    at once under a token for no longer: of a margin that is a part of the lifetime that shows 0.
    None when the client sends nothing. Raises DriverError and MockMomoError.
    """
    probe = _late_call if "clock" in suite.ability.has else _short_life
    least, above = 0, LIFETIME_S + 1
    for _ in range(PROBES):
        left_s = (least + above) // 2
        if left_s == least:
            break
        is_renewed = _is_renewed(suite, probe(left_s))
        if is_renewed is None:
            return None
        least, above = (left_s, above) if is_renewed else (least, left_s)
    return least


def _late_call(left_s: int) -> ExamplePlan:
    """Two calls under one token for an hour, the second when it has so long to live."""
    wait: tuple[Single, ...] = (Advance(LIFETIME_S - left_s),)
    return _plan(left_s, Settings(), wait)


def _short_life(left_s: int) -> ExamplePlan:
    """Two calls at once under a token that lives so long."""
    return _plan(left_s, Settings(expires_in_s=left_s), ())


def _plan(left_s: int, settings: Settings, between: tuple[Single, ...]) -> ExamplePlan:
    return ExamplePlan(
        name=f"TOK-04 a token with {left_s} s to live",
        rests=False,
        settings=settings,
        steps=(Pay("10", PAYER), AskStatus(1), *between, Pay("11", PAYER)),
    )


def _is_renewed(suite: Suite, plan: ExamplePlan) -> bool | None:
    """Whether the second call has a token of its own; None when there is no second call."""
    creates = suite.judge(plan).creates
    return creates[0].bearer != creates[-1].bearer if len(creates) > 1 else None
