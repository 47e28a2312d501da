"""Plans for MOMO-RTY."""

from dataclasses import replace

from momo_conformance.checks.grounds import PERMANENT_CODES, TRANSIENT_CODES
from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.steps import PAYER, Advance, AskStatus, Pay, Reconcile, Rule, Step, Transfer

_PAY = Pay("10", PAYER)
_CREATE = "collection.requesttopay.create"
_TRANSFER = "disbursement.transfer.create"
_READ = "collection.*.status"
_WAYS = {"a create": _CREATE, "a status read": _READ, "a token call": "*.token"}
_TIMEOUT_MS = 250
"""For plans in which nobody answers; elsewhere a busy machine must not look like that."""

_RUNS = 20
_LOOK = (Advance(31), Reconcile(), AskStatus(1))

_LOST = ("lose_reply", "hang", "empty_reply")
_PASSING: dict[str, object] = {
    "503": {"server_error": {"status": 503}},
    "500": {"wallet_error": {"code": "INTERNAL_PROCESSING_ERROR"}},
    "a reset": "lose_reply",
    "no answer": "hang",
}
_REFUSALS: dict[str, object] = {
    "400": "bad_request",
    "403 out of quota": "out_of_quota",
    "403 forbidden": "forbidden",
    "404": {"wallet_error": {"code": "RESOURCE_NOT_FOUND"}},
}
_GARBAGE: dict[str, object] = {
    "a page with 200": {"waf_page": {"status": 200}},
    "a page with 202": {"waf_page": {"status": 202}},
    "a page with 500": {"waf_page": {"status": 500}},
    "half a document": "malformed_json",
    "a body cut off": "truncated_body",
    "another content type": "wrong_content_type",
    "a huge body": {"huge_body": {"kib": 2048}},
}


def _struck(
    name: str,
    operation: str,
    fault: object,
    *steps: Step,
    times: int | None = 1,
) -> ExamplePlan:
    """An operation meets a fault, on the first arrivals for each payment, None: on all."""
    rule: Rule = {"name": "struck", "match": {"operation": operation}, "fault": fault}
    rules = ({**rule, "times": times} if times else rule,)
    settings = Settings(rules=rules)
    if fault == "hang":
        settings = replace(settings, request_timeout_ms=_TIMEOUT_MS)
    return ExamplePlan(name=name, settings=settings, steps=steps or (_PAY, *_LOOK))


SCENARIOS = (
    *(
        _struck(f"RTY-01 no answer to {what}", operation, "hang", _PAY, AskStatus(1))
        for what, operation in _WAYS.items()
    ),
    *(
        _struck(f"RTY-02 {fault} to a {order.step}", operation, fault, order)
        for operation, order in ((_CREATE, _PAY), (_TRANSFER, Transfer("10", PAYER)))
        for fault in _LOST
    ),
    *(
        _struck(f"RTY-03 {how} to a status read, {by}", _READ, fault, _PAY, *steps)
        for how, fault in _PASSING.items()
        for by, steps in (
            ("checked", (Reconcile(), Advance(31), Reconcile())),
            ("asked", (AskStatus(1), AskStatus(1))),
        )
    ),
    *(
        _struck(f"RTY-04 {how} to a create", _CREATE, fault, _PAY, Advance(8, times=8), times=None)
        for how, fault in _REFUSALS.items()
    ),
    *(
        _struck(
            f"RTY-05 500 {code} to a create",
            _CREATE,
            {"wallet_error": {"code": code}},
            _PAY,
            *_LOOK,
            times=None,
        )
        for code in sorted(PERMANENT_CODES)
    ),
    *(
        _struck(
            f"RTY-06 {code} to the first attempt",
            _CREATE,
            {"wallet_error": {"code": code}},
            _PAY,
            Advance(1, times=2),
        )
        for code in sorted(TRANSIENT_CODES)
    ),
    _struck(
        f"RTY-07 503 to four attempts of {_RUNS} payments",
        _CREATE,
        _PASSING["503"],
        *(_PAY,) * _RUNS,
        Advance(0.1, times=16),
        Advance(0.2, times=12),
        Advance(0.5, times=10),
        times=4,
    ),
    _struck(
        "RTY-08 503 to all attempts",
        _CREATE,
        _PASSING["503"],
        _PAY,
        Advance(1, times=29),
        Reconcile(),
        times=None,
    ),
    *(
        _struck(f"RTY-09 {how} to {what}", operation, fault, _PAY, Reconcile(), *_LOOK)
        for how, fault in _GARBAGE.items()
        for what, operation in _WAYS.items()
    ),
    _struck(
        "RTY-10 404 to status reads after a 202",
        _READ,
        "not_visible",
        _PAY,
        Reconcile(),
        AskStatus(1),
        Advance(31),
        Reconcile(),
        times=2,
    ),
    _struck(
        "RTY-10 404 to a status read after resets",
        _CREATE,
        "reset_before",
        _PAY,
        AskStatus(1),
        Advance(4, times=4),
        Reconcile(),
        AskStatus(1),
        times=4,
    ),
)
