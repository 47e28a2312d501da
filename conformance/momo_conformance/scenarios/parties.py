"""Plans for MOMO-MSI."""

from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.steps import PAYER, AskStatus, Pay, Transfer

_TYPED = (
    "+46733123499",
    "0046733123499",
    "+46 733 123 499",
    "0046 733-123-499",
    " 46733123499 ",
    "0733123499",
    "0733 123 499",
)
_NOTES = {
    "a long text": "For the goods of last week, as agreed. " * 8,
    "a text with an apostrophe": "It's for the driver's lunch",
    "a text just short enough": "x" * 160,
}

SCENARIOS = (
    ExamplePlan(
        name="MSI-01 a payer in the international form",
        rests=False,
        settings=Settings(),
        steps=(Pay("10", "+46 733 123 499"),),
    ),
    ExamplePlan(
        name="MSI-03 a payer, and somebody who is paid",
        rests=False,
        settings=Settings(),
        steps=(Pay("10", PAYER), AskStatus(1), Transfer("5", "+46 733 123 499")),
    ),
    *(
        ExamplePlan(
            name=f"MSI-02 a payer typed as {typed!r}",
            rests=False,
            settings=Settings(),
            steps=(Pay("10", PAYER), Pay("11", typed)),
        )
        for typed in _TYPED
    ),
    *(
        ExamplePlan(
            name=f"MSI-04 {what}",
            rests=False,
            settings=Settings(),
            steps=(Pay("10", PAYER), Pay("11", PAYER, note=note)),
        )
        for what, note in _NOTES.items()
    ),
)
