"""A plan that fails loses what it fails without; the rest goes on being about the same payments."""

from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.reduction import reduced
from momo_conformance.steps import (
    PAYER,
    AskStatus,
    Begin,
    Forge,
    Join,
    Pay,
    Reconcile,
    Refund,
    Step,
)


def pay(amount: str) -> Pay:
    return Pay(amount, PAYER)


def least(*steps: Step, asks_about: str) -> tuple[Step, ...]:
    """The steps left of a plan that fails when the status of this payment, by amount, is asked."""

    def fails(plan: ExamplePlan) -> bool:
        made = {number: step.amount for number, step in enumerate(plan.payments, 1)}
        asked = (step for step in plan.flat if isinstance(step, AskStatus))
        return any(made.get(step.payment) == asks_about for step in asked)

    return reduced(ExamplePlan(settings=Settings(), steps=steps), fails).steps


def test_what_a_plan_fails_without_goes() -> None:
    steps = pay("1"), Reconcile(), pay("2"), AskStatus(2), AskStatus(1)
    assert least(*steps, asks_about="2") == (pay("2"), AskStatus(1))


def test_payments_that_are_made_side_by_side_have_numbers_too() -> None:
    steps = Begin((pay("1"), pay("2"))), Join(), pay("3"), AskStatus(3)
    assert least(*steps, asks_about="3") == (pay("3"), AskStatus(1))


def test_of_steps_side_by_side_some_may_go() -> None:
    steps = Begin((pay("1"), pay("2"), AskStatus(1), AskStatus(2))), Join()
    assert least(*steps, asks_about="2") == (Begin((pay("2"), AskStatus(1))),)


def test_what_is_about_a_payment_goes_with_it_and_a_refund_takes_its_number_along() -> None:
    steps = pay("1"), Refund(1, "1"), Forge(2), pay("3"), AskStatus(3)
    assert least(*steps, asks_about="3") == (pay("3"), AskStatus(1))


def test_no_smaller_plan_asks_about_another_payment() -> None:
    tried: list[ExamplePlan] = []

    def never(plan: ExamplePlan) -> bool:
        tried.append(plan)
        return False

    steps = Begin((pay("1"), pay("2"))), pay("3"), AskStatus(3)
    reduced(ExamplePlan(settings=Settings(), steps=steps), never)
    asked = [
        plan.payments[step.payment - 1].amount
        for plan in tried
        for step in plan.flat
        if isinstance(step, AskStatus)
    ]
    assert set(asked) == {"3"}
