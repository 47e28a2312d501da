"""Plans for MOMO-IDM."""

from dataclasses import replace

from momo_conformance.plans import VIEWS, ExamplePlan, Outlook, Settings
from momo_conformance.steps import (
    PAYER,
    Advance,
    AskBalance,
    AskStatus,
    AwaitHeld,
    Begin,
    CloseGate,
    Crash,
    Join,
    OpenGate,
    Pay,
    Reconcile,
    Repeat,
    Rule,
    Step,
    Transfer,
)

_STAYS_PENDING = "46733123453"
_FAILING = {"FAILED": "46733123450", "REJECTED": "46733123451", "TIMEOUT": "46733123452"}
_CREATE = {"operation": "collection.requesttopay.create"}
_TRANSFER = {"operation": "disbursement.transfer.create"}
_PAY = Pay("10", PAYER)
_RETRIES = (Advance(1, times=4), Reconcile())
"""Long enough for a second attempt and a third, and for what the checker makes of them."""

_LOST: dict[str, Rule] = {
    "a reply that is lost": {"fault": "lose_reply"},
    "no reply": {"fault": "hang"},
    "an empty reply": {"fault": "empty_reply"},
}
_PASSING: dict[str, Rule] = {
    "a reset": {"fault": "reset_before"},
    "503": {"fault": {"server_error": {"status": 503}}},
    "401": {"fault": "unauthorized"},
}


def _once(fault: Rule) -> tuple[Rule, ...]:
    return tuple(
        {"name": f"once on {match['operation']}", "match": match, "times": 1, **fault}
        for match in (_CREATE, _TRANSFER)
    )


def _lost(name: str, fault: Rule, *steps: Step) -> ExamplePlan:
    """The first attempt meets this fault."""
    settings = Settings(rules=_once(fault))
    if fault == _LOST["no reply"]:
        settings = replace(settings, request_timeout_ms=250)
    return ExamplePlan(name=name, settings=settings, steps=steps)


def _held(name: str, gate: CloseGate, *steps: Step) -> ExamplePlan:
    """The first payment is under way, and held at a gate, when the steps are taken."""
    first = (gate, Begin((_PAY,)), AwaitHeld(gate.gate))
    return ExamplePlan(name=name, settings=Settings(), steps=(*first, *steps))


_ON_ITS_WAY = {
    "its create is received": CloseGate("create", "request_received", _CREATE),
    "its create is taken": CloseGate("create", "before_reply", _CREATE),
}
_FETCHING_TOKEN = CloseGate("token", "request_received", {"operation": "collection.token"})
_TWICE = Begin((Repeat(1), Repeat(1)))

SCENARIOS = (
    ExamplePlan(
        name="IDM-01 two equal orders",
        settings=Settings(),
        steps=(_PAY, _PAY, Transfer("10", PAYER), Transfer("10", PAYER)),
    ),
    *(
        _lost(f"IDM-02 {how} to the first attempt", fault, _PAY, *_RETRIES)
        for how, fault in _LOST.items()
    ),
    *(
        _lost(f"IDM-03 {how} to the first attempt", fault, _PAY, *_RETRIES)
        for how, fault in _PASSING.items()
    ),
    *(
        _lost(f"IDM-04 {how} to a transfer's first attempt", fault, Transfer("12.50", PAYER))
        for how, fault in (_PASSING | _LOST).items()
        if how != "no reply"
    ),
    *(
        ExamplePlan(
            name=f"IDM-05 409 to the second attempt of what is {outcome}, {view}",
            settings=Settings(
                Outlook(outcome), status_view=view, rules=_once(_LOST["a reply that is lost"])
            ),
            steps=(_PAY, *_RETRIES, AskStatus(1)),
        )
        for outcome in ("SUCCESSFUL", "FAILED")
        for view in VIEWS
    ),
    *(
        _held(f"IDM-06 pressed again while {when}", gate, _TWICE, AskBalance(), OpenGate(gate.gate))
        for when, gate in _ON_ITS_WAY.items()
    ),
    _held(
        "IDM-06 pressed again while the token is fetched",
        _FETCHING_TOKEN,
        _TWICE,
        Advance(0),
        OpenGate(_FETCHING_TOKEN.gate),
    ),
    ExamplePlan(
        name="IDM-07 pressed again while it is pending",
        settings=Settings(),
        steps=(Pay("10", _STAYS_PENDING), Repeat(1), Advance(31), Reconcile(), Repeat(1)),
    ),
    *(
        _lost(f"IDM-07 pressed again after {how}", fault, _PAY, Repeat(1))
        for how, fault in _LOST.items()
    ),
    *(
        _held(f"IDM-08 a crash while {when}, {then}", gate, Crash(), OpenGate(gate.gate), *steps)
        for when, gate in _ON_ITS_WAY.items()
        for then, steps in (
            ("checked", (Join(), Advance(31), Reconcile())),
            ("pressed again", (Join(), Repeat(1), Reconcile())),
        )
    ),
    *(
        ExamplePlan(
            name=f"IDM-09 pressed again after {word}, {view}",
            settings=Settings(status_view=view),
            steps=(Pay("10", payer), Advance(31), Reconcile(), AskStatus(1), Repeat(1)),
        )
        for word, payer in _FAILING.items()
        for view in VIEWS
    ),
)
