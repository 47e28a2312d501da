"""Plans for MOMO-RTL."""

from momo_conformance.plans import VIEWS, ExamplePlan, Settings
from momo_conformance.steps import PAYER, Advance, AskStatus, Pay, Rule, SetRules

_CREATE = "collection.requesttopay.create"
_READ = "collection.*.status"
_OPEN = 25
"""So many payments are more than may be read in the two seconds that a leap of one can touch."""


def _limited(operation: str, retry_after_s: int | None, times: int = 1) -> Rule:
    return {
        "name": "enough",
        "match": {"operation": operation},
        "fault": {"rate_limited": {"retry_after_s": retry_after_s}},
        "times": times,
    }


_OUTAGE: Rule = {
    "name": "outage",
    "match": {"operation": _READ},
    "fault": {"server_error": {"status": 503}},
}

SCENARIOS = (
    *(
        ExamplePlan(
            name=f"RTL-01 a {what} is answered 429, {told}",
            settings=Settings(rules=(_limited(operation, retry_after_s),)),
            steps=(Pay("10", PAYER), *asks, Advance(31, times=3)),
        )
        for what, operation, asks in (
            ("payment", _CREATE, ()),
            ("status read", _READ, (AskStatus(1),)),
        )
        for retry_after_s, told in ((60, "Retry-After 60 s"), (None, "without Retry-After"))
    ),
    *(
        ExamplePlan(
            name=f"RTL-02 status reads of {view} are answered 429",
            settings=Settings(status_view=view, rules=(_limited(_READ, 1, times=2),)),
            steps=(Pay("10", PAYER), AskStatus(1), Advance(31)),
        )
        for view in VIEWS
    ),
    ExamplePlan(
        name="RTL-03 many payments are open when an outage ends",
        settings=Settings(rules=(_OUTAGE,)),
        steps=(
            *(Pay("10", PAYER),) * _OPEN,
            Advance(31),
            SetRules(()),
            Advance(1, times=65),
        ),
    ),
)
