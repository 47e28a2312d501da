"""Plans for MOMO-TOK."""

from collections.abc import Mapping

from momo_conformance.plans import VIEWS, ExamplePlan, Settings
from momo_conformance.steps import (
    PAYER,
    Advance,
    AskBalance,
    AskStatus,
    Begin,
    Join,
    Pay,
    Rule,
    Transfer,
)

_TOKEN = "collection.token"  # noqa: S105  # an operation
_CREATE = "collection.requesttopay.create"
_AT_ONCE = tuple(Pay(str(number), PAYER) for number in range(1, 21))
_SLOW_MS = 100
"""So long does a token call take to which others shall come while it is under way."""

_MALFORMED: Mapping[str, object] = {
    "without access_token": {"altered_body": {"drop": ["access_token"]}},
    "with access_token null": {"altered_body": {"set": {"access_token": None}}},
    "with an empty access_token": {"altered_body": {"set": {"access_token": ""}}},
    "with expires_in 0": {"altered_body": {"set": {"expires_in": 0}}},
    "with expires_in -1": {"altered_body": {"set": {"expires_in": -1}}},
    "with expires_in 'soon'": {"altered_body": {"set": {"expires_in": "soon"}}},
    "that does not parse": "malformed_json",
    "that is a page": "waf_page",
}


def _rule(operation: str, fault: object, **when: object) -> Rule:
    return {"name": "scripted", "match": {"operation": operation}, "fault": fault, **when}


def _after_one_401(operation: str, fault: str = "unauthorized") -> Settings:
    return Settings(rules=(_rule(operation, fault, times=1),), callbacks=True)


SCENARIOS = (
    ExamplePlan(
        name="TOK-01 the first calls of two products",
        settings=Settings(),
        steps=(Pay("10", PAYER), Transfer("5", PAYER)),
    ),
    ExamplePlan(
        name="TOK-02 three calls within one lifetime",
        settings=Settings(),
        steps=(Pay("10", PAYER), AskStatus(1), Pay("12.50", PAYER)),
    ),
    ExamplePlan(
        name="TOK-03 a call after the token has expired",
        settings=Settings(),
        steps=(Pay("10", PAYER), AskStatus(1), Advance(3601), Pay("11", PAYER)),
    ),
    ExamplePlan(
        name="TOK-04 a call just before the token expires",
        settings=Settings(),
        steps=(Pay("10", PAYER), AskStatus(1), Advance(3599.8), Pay("11", PAYER)),
    ),
    ExamplePlan(
        name="TOK-04 two calls at the start of a lifetime",
        rests=False,
        settings=Settings(),
        steps=(Pay("10", PAYER), Pay("11", PAYER)),
    ),
    ExamplePlan(
        name="TOK-05 a token for 120 s, a call at 121 s",
        settings=Settings(expires_in_s=120),
        steps=(Pay("10", PAYER), AskStatus(1), Advance(121), Pay("11", PAYER)),
    ),
    ExamplePlan(
        name="TOK-05 a token for 14400 s, a call at 3601 s",
        settings=Settings(expires_in_s=14_400),
        steps=(Pay("10", PAYER), AskStatus(1), Advance(3601), Pay("11", PAYER)),
    ),
    ExamplePlan(
        name="TOK-06 two products side by side",
        settings=Settings(),
        steps=(Pay("10", PAYER), Transfer("5", PAYER), AskStatus(1), AskStatus(2)),
    ),
    ExamplePlan(
        name="TOK-07 20 payments at once, without a token",
        rests=False,
        settings=Settings(rules=(_rule(_TOKEN, {"latency": {"ms": _SLOW_MS}}),)),
        steps=(Begin(_AT_ONCE), Join()),
    ),
    ExamplePlan(
        name="TOK-07 20 payments at once, the token expired",
        rests=False,
        settings=Settings(rules=(_rule(_TOKEN, {"latency": {"ms": _SLOW_MS}}, skip_first=1),)),
        steps=(AskBalance(), Advance(3601), Begin(_AT_ONCE), Join()),
    ),
    ExamplePlan(
        name="TOK-08 401 once to a request to pay",
        settings=_after_one_401(_CREATE),
        steps=(Pay("10", PAYER),),
    ),
    ExamplePlan(
        name="TOK-08 every token revoked before a transfer",
        settings=_after_one_401("disbursement.transfer.create", "token_revoked"),
        steps=(Transfer("5", PAYER),),
    ),
    *(
        ExamplePlan(
            name=f"TOK-08 401 once to a status read, view {view}",
            settings=Settings(
                rules=(_rule("collection.*.status", "unauthorized", times=1),), status_view=view
            ),
            steps=(Pay("10", PAYER), AskStatus(1)),
        )
        for view in VIEWS
    ),
    ExamplePlan(
        name="TOK-09 401 to every request to pay",
        rests=False,
        settings=Settings(rules=(_rule(_CREATE, "unauthorized"),)),
        steps=(Pay("10", PAYER),),
    ),
    ExamplePlan(
        name="TOK-09 401 to every request to pay, a minute long",
        rests=False,
        settings=Settings(rules=(_rule(_CREATE, "unauthorized"),)),
        steps=(Pay("10", PAYER), Advance(20, times=3)),
    ),
    ExamplePlan(
        name="TOK-09 401 to every status read",
        rests=False,
        settings=Settings(rules=(_rule("collection.*.status", "unauthorized"),)),
        steps=(Pay("10", PAYER), AskStatus(1)),
    ),
    ExamplePlan(
        name="TOK-10 401 once, with a callback address",
        rests=False,
        settings=_after_one_401(_CREATE),
        steps=(Pay("10", PAYER),),
    ),
    *(
        ExamplePlan(
            name=f"TOK-11 every login is answered {status}",
            rests=False,
            settings=Settings(rules=(_rule(_TOKEN, fault),)),
            steps=(Pay("10", PAYER),),
        )
        for status, fault in (("400", "bad_request"), ("401", "unauthorized"))
    ),
    ExamplePlan(
        name="TOK-11 the login refused once the token has expired",
        rests=False,
        settings=Settings(rules=(_rule(_TOKEN, "unauthorized", skip_first=1),)),
        steps=(Pay("10", PAYER), AskStatus(1), Advance(3601), Pay("11", PAYER)),
    ),
    *(
        ExamplePlan(
            name=f"TOK-12 a token reply {what}",
            rests=False,
            settings=Settings(rules=(_rule(_TOKEN, fault),)),
            steps=(Pay("10", PAYER), Pay("11", PAYER)),
        )
        for what, fault in _MALFORMED.items()
    ),
)
