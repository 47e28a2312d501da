"""Plans for MOMO-STS."""

from collections.abc import Iterator

from momo_conformance.plans import VIEWS, ExamplePlan, Outlook, Settings, View
from momo_conformance.steps import (
    PAYER,
    Advance,
    AskStatus,
    AwaitHeld,
    Begin,
    CloseGate,
    Deliver,
    Forge,
    Join,
    OpenGate,
    Pay,
    Reconcile,
    Rule,
    Step,
)

_READ = "*.status"
_FAILED = Outlook("FAILED", reason="NOT_ENOUGH_FUNDS")

_OPEN = {"PENDING": "46733123453", "CREATED": "46733123454"}
_STRANGE: tuple[object, ...] = (
    *("successful", "Failed", "SUCCESS", "COMPLETED", "EXPIRED", "SUCCESSFUL ", ""),
    *(None, 200, True, ["SUCCESSFUL"], {"code": "SUCCESSFUL"}),
)
_OTHERS: tuple[tuple[View, str, object], ...] = (
    ("request_to_pay", "amount", "1.25"),
    ("request_to_pay", "amount", "1250"),
    ("request_to_pay", "currency", "USD"),
    ("payment", "referenceId", "8d3c9f4e-4c1a-4b52-9a54-3c7f6a0e0b11"),
)
_REASONS: tuple[object, ...] = (
    *("PAYER_NOT_FOUND", "A_CODE_OF_TOMORROW"),
    {"code": "APPROVAL_REJECTED", "message": "The payer said no."},
    {"code": "A_CODE_OF_TOMORROW", "message": ""},
)
_NUMBERS: tuple[object, ...] = ("363440463", 363440463, "00123")


def _altered(**alteration: object) -> Rule:
    """Every status read shows something else than the wallet would."""
    fault = {"altered_body": alteration}
    return {"name": "altered", "match": {"operation": _READ}, "fault": fault}


def _asked_twice(name: str, settings: Settings, payer: str = PAYER) -> ExamplePlan:
    """One payment; the second time it is asked for, the client knows what the first time showed."""
    return ExamplePlan(
        name=name, settings=settings, steps=(Pay("12.50", payer), AskStatus(1), AskStatus(1))
    )


def _words() -> Iterator[ExamplePlan]:
    for view in VIEWS:
        settings = Settings(status_view=view)
        yield _asked_twice(f"STS-01 SUCCESSFUL by {view}", settings)
        failing = Settings(_FAILED, status_view=view)
        yield _asked_twice(f"STS-02 FAILED with a reason by {view}", failing)
        for word, payer in _OPEN.items():
            steps = Pay("10", payer), AskStatus(1), Advance(20), AskStatus(1)
            yield ExamplePlan(name=f"STS-03 {word} by {view}", settings=settings, steps=steps)
    yield _asked_twice("STS-04 TIMEOUT", Settings(), "46733123452")
    yield _asked_twice("STS-05 REJECTED", Settings(), "46733123451")
    yield ExamplePlan(
        name="STS-01 a callback that a read confirms",
        settings=Settings(Outlook("SUCCESSFUL", after_s=5), callbacks=True),
        steps=(Pay("10", PAYER), Advance(5), Deliver(), Reconcile()),
    )


def _strange_words() -> Iterator[ExamplePlan]:
    rows = [(repr(word), _altered(set={"status": word})) for word in _STRANGE]
    for view in VIEWS:
        for told, rule in (*rows, ("no status", _altered(drop=["status"]))):
            yield ExamplePlan(
                name=f"STS-06 {told} by {view}",
                rests=False,
                settings=Settings(status_view=view, rules=(rule,)),
                steps=(Pay("10", PAYER), AskStatus(1), Reconcile()),
            )


def _contradictions() -> Iterator[ExamplePlan]:
    pairs = (Outlook(), "FAILED"), (Outlook(), "PENDING"), (_FAILED, "SUCCESSFUL")
    for view in VIEWS:
        for outlook, word in pairs:
            first = outlook.outcome
            for later in (first, word):
                rule = {**_altered(set={"status": later}), "skip_first": 1}
                yield ExamplePlan(
                    name=f"STS-07 {first}, then a callback {word} and reads {later}, {view}",
                    rests=False,
                    settings=Settings(outlook, status_view=view, callbacks=True, rules=(rule,)),
                    steps=(Pay("10", PAYER), AskStatus(1), Forge(1, word), Reconcile()),
                )
    yield _overtaken()


def _overtaken() -> ExamplePlan:
    """PENDING is held back while a later read shows SUCCESSFUL."""
    steps: tuple[Step, ...] = (
        Pay("10", PAYER),
        CloseGate("late", "before_reply", {"operation": _READ}, times=1),
        Begin((AskStatus(1),)),
        AwaitHeld("late"),
        AskStatus(1),
        AskStatus(1),
        OpenGate("late"),
        Join(),
        Reconcile(),
    )
    return ExamplePlan(
        name="STS-07 SUCCESSFUL overtakes PENDING",
        settings=Settings(Outlook("SUCCESSFUL", after_polls=1), request_timeout_ms=500),
        steps=steps,
    )


def _echoes() -> Iterator[ExamplePlan]:
    for view, name, value in _OTHERS:
        yield ExamplePlan(
            name=f"STS-08 {name} {value} in place of the order's",
            rests=False,
            settings=Settings(status_view=view, rules=(_altered(set={name: value}),)),
            steps=(Pay("12.50", PAYER), AskStatus(1), Reconcile()),
        )
        yield _asked_twice(
            f"STS-08 {name} {value} in place of the order's, asked for twice",
            Settings(status_view=view, rules=(_altered(set={name: value}),)),
        )
    for amount in ("12.5", "12.500"):
        rule = _altered(set={"amount": amount})
        settings = Settings(status_view="request_to_pay", rules=(rule,))
        yield _asked_twice(f"STS-08 12.50 shown as {amount}", settings)


def _acceptances() -> Iterator[ExamplePlan]:
    for view in VIEWS:
        yield ExamplePlan(
            name=f"STS-09 202 with nothing in it, {view}",
            settings=Settings(Outlook("SUCCESSFUL", after_s=25), status_view=view),
            steps=(Pay("10", PAYER), Reconcile()),
        )


def _details() -> Iterator[ExamplePlan]:
    for view in VIEWS:
        for reason in _REASONS:
            rule = _altered(set={"reason": reason})
            told = f"STS-10 reason {reason!r} by {view}"
            yield _asked_twice(told, Settings(_FAILED, status_view=view, rules=(rule,)))
        for number in _NUMBERS:
            rule = _altered(set={"financialTransactionId": number})
            told = f"STS-10 financialTransactionId {number!r} by {view}"
            yield _asked_twice(told, Settings(status_view=view, rules=(rule,)))


SCENARIOS = (
    *_words(),
    *_strange_words(),
    *_contradictions(),
    *_echoes(),
    *_acceptances(),
    *_details(),
)
