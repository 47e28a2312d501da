"""Plans for MOMO-REC."""

from collections.abc import Iterator

from momo_conformance.plans import VIEWS, ExamplePlan, Outlook, Settings
from momo_conformance.steps import PAYER, Advance, AskStatus, Crash, Pay, Reconcile, Rule, Transfer

_NEVER = "46733123453"
_READ = "*.status"
_DAY_S = 86_400
_SOON = Outlook("SUCCESSFUL", after_s=5)
_LATE = Outlook("SUCCESSFUL", after_s=_DAY_S + 3600)

_ERRORS: tuple[tuple[str, object], ...] = (
    ("401", "unauthorized"),
    ("404", "not_visible"),
    ("429", {"rate_limited": {"retry_after_s": 5}}),
    ("500", {"server_error": {"status": 500}}),
    ("503", {"server_error": {"status": 503}}),
    ("a reset", "reset_before"),
    ("no byte", "empty_reply"),
    ("no answer", {"hang": {}}),
)


def _error(fault: object, times: int) -> Rule:
    return {"name": "error", "match": {"operation": _READ}, "fault": fault, "times": times}


def _lost_callbacks() -> Iterator[ExamplePlan]:
    for view in VIEWS:
        for outlook in (_SOON, Outlook("FAILED", after_s=5)):
            yield ExamplePlan(
                name=f"REC-01 {outlook.outcome}, and no callback comes, {view}",
                settings=Settings(outlook, status_view=view, callbacks=True),
                steps=(Pay("10", PAYER), Advance(31), Reconcile()),
            )


def _ends() -> Iterator[ExamplePlan]:
    for view in VIEWS:
        for outcome in ("SUCCESSFUL", "FAILED"):
            yield ExamplePlan(
                name=f"REC-02 three rounds after {outcome}, {view}",
                settings=Settings(Outlook(outcome), status_view=view),
                steps=(Pay("10", PAYER), AskStatus(1), Advance(31, 3), Reconcile(3)),
            )


def _waits() -> Iterator[ExamplePlan]:
    for view in VIEWS:
        settings = Settings(status_view=view)
        yield ExamplePlan(
            name=f"REC-03 pending, second by second, {view}",
            rests=False,
            settings=settings,
            steps=(Pay("10", _NEVER), Advance(1, 125)),
        )
        yield ExamplePlan(
            name=f"REC-04 pending for 24 h, {view}",
            settings=settings,
            steps=(Pay("10", _NEVER), Advance(_DAY_S + 1, 1), Reconcile(2), Advance(3600, 3)),
        )
        yield ExamplePlan(
            name=f"REC-05 SUCCESSFUL after 25 h, {view}",
            settings=Settings(_LATE, status_view=view),
            steps=(Pay("10", PAYER), Advance(_DAY_S + 60), Reconcile(), Advance(_DAY_S, 3)),
        )
    yield ExamplePlan(
        name="REC-04 a transfer that is pending for 24 h",
        settings=Settings(Outlook("PENDING")),
        steps=(Transfer("10", PAYER), Advance(_DAY_S + 1), Reconcile(), Advance(_DAY_S + 60, 2)),
    )


def _restarts() -> Iterator[ExamplePlan]:
    for view in VIEWS:
        yield ExamplePlan(
            name=f"REC-06 restarted with two open payments, {view}",
            settings=Settings(Outlook("SUCCESSFUL", after_s=60), status_view=view),
            steps=(Pay("10", PAYER), Pay("11", _NEVER), Crash(), Advance(61), Advance(1800, 4)),
        )


def _failing_reads() -> Iterator[ExamplePlan]:
    for view in VIEWS:
        for told, fault in _ERRORS:
            yield ExamplePlan(
                name=f"REC-07 {told} to a status read, {view}",
                settings=Settings(
                    _SOON,
                    status_view=view,
                    rules=(_error(fault, 2),),
                    request_timeout_ms=300 if told == "no answer" else 2000,
                ),
                steps=(Pay("10", PAYER), AskStatus(1), Reconcile(), Advance(31)),
            )


SCENARIOS = (
    *_lost_callbacks(),
    *_ends(),
    *_waits(),
    *_restarts(),
    *_failing_reads(),
)
