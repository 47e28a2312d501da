"""Plans for MOMO-CBK."""

import json
from dataclasses import replace

from momo_conformance.plans import ExamplePlan, Outlook, Settings
from momo_conformance.steps import (
    PAYER,
    Advance,
    AwaitHeld,
    Begin,
    CloseGate,
    Crash,
    Deliver,
    Forge,
    Join,
    OpenGate,
    Pay,
    Reconcile,
    Rule,
    Settle,
    Step,
    Transfer,
)

_PAY = Pay("10", PAYER)
_OPEN = Settings(callbacks=True, outlook=Outlook("PENDING"))
_PAID = Settings(callbacks=True, outlook=Outlook("SUCCESSFUL"))
_CREATE = {"operation": "collection.requesttopay.create"}
_READ = {"operation": "collection.*.status"}
_ONE_READ_FAILS: Rule = {
    "name": "struck",
    "match": _READ,
    "fault": {"server_error": {"status": 503}},
    "times": 1,
}
_CHECKER_MISSED = Advance(1)
"""Too short for a checker of its own to wake up: what happens, a callback has caused."""

_BODY = {"externalId": "order-1", "amount": "10", "currency": "EUR", "status": "SUCCESSFUL"}
_MALFORMED = {
    "empty": "",
    "cut in half": json.dumps(_BODY)[:40],
    "a form": "status=SUCCESSFUL&externalId=order-1",
    "a list": json.dumps([_BODY]),
    "a text": '"SUCCESSFUL"',
    "null": "null",
    "a number as status": json.dumps(_BODY | {"status": 200}),
    "an object as status": json.dumps(_BODY | {"status": {"code": "SUCCESSFUL"}}),
    "too large": json.dumps(_BODY | {"payeeNote": "x" * (5 << 18)}),
}


def _plan(name: str, settings: Settings, *steps: Step) -> ExamplePlan:
    return ExamplePlan(name=name, settings=settings, steps=steps)


SCENARIOS = (
    _plan(
        "CBK-01 the same callback by PUT and by POST",
        _PAID,
        _PAY,
        Forge(1, method="PUT"),
        _CHECKER_MISSED,
        Forge(1, method="POST"),
    ),
    _plan(
        "CBK-01 a callback by each method, another first each time",
        _PAID,
        _PAY,
        _PAY,
        Forge(1, method="PUT"),
        Forge(2, method="POST"),
        _CHECKER_MISSED,
        Forge(1, method="POST"),
        Forge(2, method="PUT"),
    ),
    _plan("CBK-02 a callback comes five times", _PAID, _PAY, Deliver(copies=5), _CHECKER_MISSED),
    _plan(
        "CBK-02 five copies of a callback at once",
        _PAID,
        _PAY,
        Begin((Forge(1),) * 5),
        Join(),
        _CHECKER_MISSED,
    ),
    *(
        _plan(
            f"CBK-03 a callback about nobody's payment says {word}",
            _PAID,
            _PAY,
            Forge(status=word),
            Reconcile(),
        )
        for word in ("SUCCESSFUL", "FAILED")
    ),
    _plan("CBK-04 a forged callback", _OPEN, _PAY, Forge(1), _CHECKER_MISSED),
    _plan(
        "CBK-04 a forged callback about a transfer",
        _OPEN,
        Transfer("5", PAYER),
        Forge(1),
        _CHECKER_MISSED,
    ),
    _plan(
        "CBK-04 a forged callback, and the status read brings an error",
        replace(_OPEN, rules=(_ONE_READ_FAILS,)),
        _PAY,
        Forge(1),
        _CHECKER_MISSED,
    ),
    _plan(
        "CBK-04 a forged callback that says FAILED, then the payer agrees",
        _OPEN,
        _PAY,
        Forge(1, status="FAILED"),
        _CHECKER_MISSED,
        Settle(1, "approve"),
    ),
    _plan(
        "CBK-04 a forged callback, then the payer agrees",
        _OPEN,
        _PAY,
        Forge(1, method="PUT"),
        _CHECKER_MISSED,
        Settle(1, "approve"),
        Deliver(),
    ),
    _plan(
        "CBK-05 a callback overtakes the 202",
        _PAID,
        CloseGate("accepted", "before_reply", _CREATE),
        Begin((_PAY,)),
        AwaitHeld("accepted"),
        Deliver(),
        OpenGate("accepted"),
        Join(),
        _CHECKER_MISSED,
    ),
    _plan(
        "CBK-06 a callback while status reads are slow",
        Settings(callbacks=True, outlook=Outlook("SUCCESSFUL"), request_timeout_ms=5200),
        _PAY,
        CloseGate("reads", "request_received", _READ),
        Forge(1),
        AwaitHeld("reads"),
        OpenGate("reads"),
    ),
    *(
        _plan(f"CBK-07 {what}, then a good one", _PAID, _PAY, Forge(1, body=body), Forge(1))
        for what, body in _MALFORMED.items()
    ),
    _plan(
        "CBK-08 killed right after the answer to a callback",
        _PAID,
        _PAY,
        CloseGate("reads", "request_received", _READ),
        Forge(1),
        AwaitHeld("reads"),
        Crash(),
        OpenGate("reads"),
        Advance(20),
        Reconcile(),
    ),
    _plan(
        "CBK-09 a callback that says FAILED after SUCCESSFUL",
        _PAID,
        _PAY,
        Reconcile(),
        Forge(1, status="FAILED"),
        _CHECKER_MISSED,
    ),
)
