"""Each way to be wrong is found, and found for its own reason; the client without it is not."""

from collections.abc import Callable

import pytest

from momo_conformance.plans import (
    Advance,
    AskStatus,
    ExamplePlan,
    Outlook,
    Pay,
    Reconcile,
    Settings,
    Step,
    View,
)
from momo_conformance.search import Examiner, search

StartExaminer = Callable[[str], Examiner]
SmallClient = Callable[..., str]

FAILED, REJECTED, TIMEOUT, PENDING, CREATED = (f"4673312345{digit}" for digit in range(5))
OTHER = "46733123499"
VIEWS: tuple[View, ...] = ("payment", "request_to_pay")

RULE_BROKEN_BY = {
    "never sends": "one-payment-per-order",
    "sends twice": "one-payment-per-order",
    "forgets": "one-payment-per-order",
    "pays on its own": "one-payment-per-order",
    "lists what it never sent": "one-payment-per-order",
    "rounds the amount": "as-ordered",
    "asks another payer": "as-ordered",
    "lists another amount": "as-ordered",
    "swaps keys": "as-ordered",
    "refuses all": "orders-taken",
    "completed on 202": "states-map",
    "timeout is pending": "states-map",
    "successful is pending": "states-map",
    "waits for ever": "states-map",
    "gives up at 12 h": "states-map",
    "gives up at 25 h": "states-map",
    "never knows": "states-map",
    "never knows, nor names it": "states-map",
    "never knows a status": "states-map",
    "refuses to tell": "states-map",
    "tells from memory": "status-asks",
    "ignores the view": "view-kept",
    "credits on 202": "credited-once",
    "credits twice": "credited-once",
    "credits elsewhere": "credited-once",
    "credits a friend, too": "credited-once",
    "credits dollars": "credited-once",
    "takes the credit back": "credited-once",
    "reverses the signs": "credited-once",
    "debits the failed": "credited-once",
    "credits one side": "entries-balance",
    "rounds the balance": "balance-agrees",
    "no token cache": "tokens-reused",
    "renews at expiry": "tokens-renewed",
    "never stops asking": "final-is-final",
}


def every_outcome(view: View) -> ExamplePlan:
    payers = (FAILED, REJECTED, TIMEOUT, PENDING, CREATED, OTHER)
    return ExamplePlan(
        Settings(Outlook("SUCCESSFUL", after_polls=2), expires_in_s=120, status_view=view),
        (
            *(Pay(amount=f"{n}.49", payer=payer) for n, payer in enumerate(payers, start=10)),
            Reconcile(),
            *(AskStatus(n) for n in range(1, len(payers) + 1)),
            Advance(30),
            Advance(31),
            AskStatus(5),
        ),
    )


@pytest.mark.parametrize("view", VIEWS)
def test_the_correct_client_is_without_a_finding(
    start_examiner: StartExaminer, small_client: SmallClient, view: View
) -> None:
    examiner = start_examiner(small_client())
    assert examiner.examine(every_outcome(view)) == ()
    assert examiner.payments == 6


def test_a_success_that_has_not_come_by_the_end_is_not_missed(
    start_examiner: StartExaminer, small_client: SmallClient
) -> None:
    late = Settings(Outlook("SUCCESSFUL", after_s=30 * 3600))
    assert start_examiner(small_client()).examine(ExamplePlan(late, (Pay("10", OTHER),))) == ()


@pytest.mark.parametrize("way", ["asks when it is asked", "renews a refused token"])
def test_another_way_to_be_right_is_without_a_finding(
    start_examiner: StartExaminer, small_client: SmallClient, way: str
) -> None:
    assert start_examiner(small_client(way)).examine(every_outcome("payment")) == ()


@pytest.mark.parametrize(("bug", "rule"), RULE_BROKEN_BY.items())
def test_a_wrong_client_is_found_for_its_own_reason(
    start_examiner: StartExaminer, small_client: SmallClient, bug: str, rule: str
) -> None:
    findings = start_examiner(small_client(bug)).examine(every_outcome("payment"))
    assert findings
    assert findings[0].rule == rule, "\n".join(map(str, findings))


@pytest.mark.parametrize(
    ("bug", "steps"),
    [
        ("gives up at 12 h", (Advance(43_200), Advance(43_200))),
        ("gives up at 25 h", (Advance(86_400), Reconcile(), Advance(7200))),
    ],
)
def test_a_wrong_deadline_is_found_though_the_payment_ends_as_it_must(
    start_examiner: StartExaminer, small_client: SmallClient, bug: str, steps: tuple[Step, ...]
) -> None:
    plan = ExamplePlan(Settings(), (Pay("10", PENDING), *steps))
    findings = start_examiner(small_client(bug)).examine(plan)
    assert [finding.rule for finding in findings] == ["states-map"]


def test_no_drawn_plan_troubles_the_correct_client(
    start_examiner: StartExaminer, small_client: SmallClient
) -> None:
    examiner = start_examiner(small_client())
    assert search(examiner, 50, seed=1) is None
    assert examiner.plans >= 50


@pytest.mark.parametrize("bug", ["timeout is pending", "credits on 202", "no token cache"])
def test_a_drawn_plan_finds_the_wrong_client_and_is_reduced_to_one_payment(
    start_examiner: StartExaminer, small_client: SmallClient, bug: str
) -> None:
    found = search(start_examiner(small_client(bug)), 50, seed=1)
    assert found is not None
    assert RULE_BROKEN_BY[bug] in {finding.rule for finding in found.findings}
    assert len(found.plan.steps) == 1


def test_the_same_seed_draws_the_same_plans(
    start_examiner: StartExaminer, small_client: SmallClient
) -> None:
    first, second = (start_examiner(small_client("credits twice")) for _ in range(2))
    found = [search(examiner, 20, seed=7) for examiner in (first, second)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].plan == found[1].plan
    assert (first.plans, first.virtual_ms) == (second.plans, second.virtual_ms)
