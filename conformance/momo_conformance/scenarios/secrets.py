"""Plans for MOMO-SEC."""

from typing import get_args

from momo_conformance.plans import ExamplePlan, Settings, Trap
from momo_conformance.steps import PAYER, AskStatus, Pay

SCENARIOS = (
    ExamplePlan(
        name="SEC-01 a payment that goes well, and one that does not",
        settings=Settings(),
        steps=(Pay("10", PAYER), AskStatus(1), Pay("11", "46733123450"), AskStatus(2)),
    ),
    *(
        ExamplePlan(
            name=f"SEC-0{4 if trap.startswith('redirect') else 3} {trap.replace('_', ' ')}",
            rests=False,
            settings=Settings(trap=trap, request_timeout_ms=500),
            steps=(Pay("10", PAYER),),
        )
        for trap in get_args(Trap)
        if trap != "none"
    ),
)
