"""Plans for MOMO-TOK."""

from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.steps import Advance, AskStatus, Pay, Reconcile

_PAYER = "46733123499"

SCENARIOS = (
    ExamplePlan(
        name="TOK-02 two payments within one lifetime",
        settings=Settings(),
        steps=(Pay("10", _PAYER), AskStatus(1), Pay("12.50", _PAYER), Reconcile()),
    ),
    ExamplePlan(
        name="TOK-03 a call after the token has expired",
        settings=Settings(expires_in_s=120),
        steps=(Pay("10", _PAYER), Advance(121), Pay("11", _PAYER)),
    ),
)
