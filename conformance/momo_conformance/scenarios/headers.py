"""Plans for MOMO-HDR."""

from momo_conformance.plans import VIEWS, ExamplePlan, Settings
from momo_conformance.steps import PAYER, AskBalance, AskStatus, Pay, Refund, Transfer

SCENARIOS = (
    ExamplePlan(
        name="HDR-01 two products, money in and out",
        settings=Settings(),
        steps=(Pay("10", PAYER), Transfer("5", PAYER), AskStatus(1), AskStatus(2)),
    ),
    ExamplePlan(
        name="HDR-02 a balance in the sandbox",
        rests=False,
        settings=Settings(),
        steps=(AskBalance(),),
    ),
    ExamplePlan(
        name="HDR-02 a payment in production",
        settings=Settings(profile="mtnzambia"),
        steps=(Pay("10", PAYER), AskStatus(1)),
    ),
    ExamplePlan(
        name="HDR-03 two payments",
        rests=False,
        settings=Settings(),
        steps=(Pay("10", PAYER), Pay("11", PAYER)),
    ),
    ExamplePlan(
        name="HDR-04 a note beyond ASCII",
        rests=False,
        settings=Settings(),
        steps=(Pay("10", PAYER, note="Crème brûlée, 2 parts"),),
    ),
    *(
        ExamplePlan(
            name=f"HDR-05 a callback address, {profile}",
            rests=False,
            settings=Settings(profile=profile, callbacks=True),
            steps=(Pay("10", PAYER),),
        )
        for profile in ("sandbox", "mtnzambia")
    ),
    *(
        ExamplePlan(
            name=f"HDR-06 a payment looked up, view {view}",
            rests=False,
            settings=Settings(status_view=view),
            steps=(Pay("10", PAYER), AskStatus(1)),
        )
        for view in VIEWS
    ),
    ExamplePlan(
        name="HDR-06 a transfer looked up",
        rests=False,
        settings=Settings(),
        steps=(Transfer("5", PAYER), AskStatus(1)),
    ),
    ExamplePlan(
        name="HDR-06 a refund looked up",
        rests=False,
        settings=Settings(),
        steps=(Pay("10", PAYER), AskStatus(1), Refund(1, "10"), AskStatus(2)),
    ),
)
