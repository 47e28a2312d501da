"""Plans for MOMO-BAL."""

from collections.abc import Iterator
from typing import Literal

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
    Deliver,
    Join,
    OpenGate,
    Pay,
    Reconcile,
    Rule,
    Step,
    Transfer,
)

_CREATE = "collection.requesttopay.create"
_SEND = "disbursement.transfer.create"
_READ = "*.status"
_SOON = Outlook("SUCCESSFUL", after_s=5)
_FAILED = Outlook("FAILED", after_s=5)

_POINTS: tuple[Literal["request_received", "before_reply"], ...] = (
    "request_received",
    "before_reply",
)

_RACES = 25
"""So often are eight payments raced: 200 times in all."""


def _fault(operation: str, fault: object, times: int = 1) -> Rule:
    return {"name": "trouble", "match": {"operation": operation}, "fault": fault, "times": times}


def _single() -> Iterator[ExamplePlan]:
    for view in VIEWS:
        for copies in (1, 2, 4):
            yield ExamplePlan(
                name=f"BAL-01 a callback {copies} times and reads, {view}",
                settings=Settings(_SOON, status_view=view, callbacks=True),
                steps=(Pay("10", PAYER), Advance(5), Deliver(copies), AskStatus(1), Reconcile(2)),
            )
        yield ExamplePlan(
            name=f"BAL-01 reads, then a callback, {view}",
            settings=Settings(_SOON, status_view=view, callbacks=True),
            steps=(Pay("10", PAYER), Advance(31), AskStatus(1), Deliver(2), Reconcile()),
        )


def _sums() -> Iterator[ExamplePlan]:
    for view in VIEWS:
        yield ExamplePlan(
            name=f"BAL-02 cents, wholes, a failure and one that stays open, {view}",
            settings=Settings(status_view=view),
            steps=(
                Pay("0.01", PAYER),
                Pay("12.50", PAYER),
                Pay("1000000", PAYER),
                Pay("10", "46733123450"),
                Pay("7", "46733123453"),
            ),
        )
    yield ExamplePlan(
        name="BAL-02 money comes in and goes out",
        settings=Settings(),
        steps=(Pay("100.10", PAYER), AskStatus(1), Transfer("30.05", PAYER), Reconcile()),
    )


def _unsettled() -> Iterator[ExamplePlan]:
    for view in VIEWS:
        settings = Settings(status_view=view)
        for word, payer in (("PENDING", "46733123453"), ("FAILED", "46733123450")):
            yield ExamplePlan(
                name=f"BAL-03 {word}, {view}",
                settings=settings,
                steps=(Pay("10", payer), Reconcile(), AskStatus(1), Advance(31), Reconcile()),
            )
    lost = Settings(Outlook("FAILED", after_s=60), rules=(_fault(_CREATE, "lose_reply"),))
    yield ExamplePlan(
        name="BAL-03 unknown, then FAILED",
        settings=lost,
        steps=(Pay("10", PAYER), Reconcile(), Advance(31), Reconcile()),
    )
    yield ExamplePlan(
        name="BAL-03 a hold, released once",
        settings=Settings(_FAILED),
        steps=(Transfer("10", PAYER), Reconcile(), Advance(31), AskStatus(1), Reconcile(2)),
    )


def _race(name: str, count: int) -> ExamplePlan:
    """Reads are held just before their reply while the callbacks come, then all are let go."""
    payments = range(1, count + 1)
    steps: tuple[Step, ...] = (
        *(Pay("10", PAYER) for _ in payments),
        Advance(5),
        CloseGate("race", "before_reply", {"operation": _READ}),
        Begin(tuple(map(AskStatus, payments))),
        AwaitHeld("race", count),
        *(Deliver() for _ in payments),
        OpenGate("race"),
        Join(),
        Reconcile(),
    )
    return ExamplePlan(
        name=name,
        rests=False,
        settings=Settings(_SOON, callbacks=True),
        steps=steps,
    )


def _killed(told: str, before: tuple[Step, ...], asked: Pay | AskStatus) -> ExamplePlan:
    """What is asked for is held at the provider while the client is killed."""
    return ExamplePlan(
        name=f"BAL-05 killed at {told}",
        settings=Settings(_SOON),
        steps=(
            *before,
            Begin((asked,)),
            AwaitHeld("here"),
            Crash(),
            OpenGate("here"),
            Join(),
            Advance(31),
        ),
    )


def _crashes() -> Iterator[ExamplePlan]:
    for point in _POINTS:
        held = CloseGate("here", point, {"operation": _CREATE}, times=1)
        yield _killed(f"{point} of the create", (held,), Pay("10", PAYER))
        held = CloseGate("here", point, {"operation": _READ}, times=1)
        yield _killed(f"{point} of a read", (Pay("10", PAYER), Advance(5), held), AskStatus(1))
    for view in VIEWS:
        for told, meanwhile in (("has gone out", ()), ("is being booked", (AskBalance(),))):
            yield ExamplePlan(
                name=f"BAL-05 killed when the success {told}, {view}",
                settings=Settings(status_view=view),
                steps=(
                    Pay("10", PAYER),
                    CloseGate("here", "before_reply", {"operation": _READ}, times=1),
                    Begin((AskStatus(1),)),
                    AwaitHeld("here"),
                    OpenGate("here"),
                    *meanwhile,
                    Crash(),
                    Join(),
                ),
            )
        yield ExamplePlan(
            name=f"BAL-05 killed when it was completed, {view}",
            settings=Settings(status_view=view),
            steps=(Pay("10", PAYER), AskStatus(1), Crash(), Reconcile(2), Advance(31)),
        )
    yield ExamplePlan(
        name="BAL-05 killed when a callback was acknowledged",
        settings=Settings(_SOON, callbacks=True),
        steps=(Pay("10", PAYER), Advance(5), Deliver(), Crash(), Reconcile()),
    )


def _transfers() -> Iterator[ExamplePlan]:
    for told, fault in (("503", {"server_error": {"status": 503}}), ("no reply", "lose_reply")):
        yield ExamplePlan(
            name=f"BAL-06 {told} to a transfer, then FAILED",
            settings=Settings(_FAILED, rules=(_fault(_SEND, fault),)),
            steps=(Transfer("10", PAYER), Advance(31), Reconcile(), Advance(31), Reconcile()),
        )
    yield ExamplePlan(
        name="BAL-06 a transfer that is FAILED",
        settings=Settings(_FAILED),
        steps=(Transfer("12.50", PAYER), Advance(31), Reconcile(), AskStatus(1)),
    )


SCENARIOS = (
    *_single(),
    *_sums(),
    *_unsettled(),
    _race("BAL-04 one payment", 1),
    *(_race(f"BAL-04 eight payments, race {number}", 8) for number in range(1, _RACES + 1)),
    *_crashes(),
    *_transfers(),
)
