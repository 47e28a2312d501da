"""The fake is examined, too: its replies by schema, its books and its words by plan."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from mock_momo.testing import Control
from momo_conformance.driver import Driver
from momo_conformance.errors import IncompleteEvents
from momo_conformance.evidence import Evidence
from momo_conformance.examination import Examination
from momo_conformance.history import Exchange, exchanges_in
from momo_conformance.judgement import judge
from momo_conformance.plans import ExamplePlan, Pay, Settings
from momo_conformance.replies import problem_of
from momo_contracts.operations import CREATE_TOKEN, READ_PAYMENT, REQUEST_TO_PAY, Operation

REFERENCE_ID = "1fb72f46-7ac2-4f3c-a1f0-5a1d6f9a5a52"
FOUND = f'{{"status":"PENDING","referenceId":"{REFERENCE_ID}","reason":""}}'


@pytest.mark.parametrize(
    ("operation", "status", "layer", "body", "problem"),
    [
        (READ_PAYMENT, 200, "wallet", FOUND, ""),
        (READ_PAYMENT, 200, "wallet", FOUND.replace("PENDING", "pending"), "payment_status"),
        (READ_PAYMENT, 200, "wallet", FOUND.replace("referenceId", "id"), "payment_status"),
        (READ_PAYMENT, 200, "wallet", FOUND.replace("1fb72f46-", ""), "payment_status"),
        (READ_PAYMENT, 200, "wallet", "", "empty"),
        (READ_PAYMENT, 200, "wallet", "<html>", "not JSON"),
        (READ_PAYMENT, 404, "wallet", '{"message":"no","code":"RESOURCE_NOT_FOUND"}', ""),
        (READ_PAYMENT, 404, "gateway", '{"message":"no","code":"X"}', "gateway_error"),
        (READ_PAYMENT, 404, "wallet", '{"error":"login_failed"}', "wallet_error"),
        (CREATE_TOKEN, 401, "wallet", '{"error":"login_failed"}', ""),
        (REQUEST_TO_PAY, 202, "wallet", "", ""),
        (REQUEST_TO_PAY, 202, "wallet", "{}", "should be empty"),
        (REQUEST_TO_PAY, 400, "wallet", "", ""),
        (None, 404, "gateway", '{ "statusCode": 404, "message": "no" }', ""),
        (None, 411, "waf", "<html>", ""),
    ],
)
def test_a_reply_follows_the_schema_of_its_operation_or_layer(
    operation: Operation | None, status: int, layer: str, body: str, problem: str
) -> None:
    found = problem_of(Exchange(operation, None, status, layer, body))
    assert problem in found
    assert bool(problem) == bool(found)


@pytest.fixture
def evidence(fake: Control, small_client: Callable[..., str], tmp_path: Path) -> Evidence:
    plan = ExamplePlan(Settings(), (Pay("10", "46733123499"),))
    with Driver(small_client()) as driver:
        world = fake.namespace("judged")
        return Examination(plan, world, driver, f"sqlite:///{tmp_path}/ledger").run()


def test_books_that_do_not_follow_the_plan_are_the_fakes_fault(evidence: Evidence) -> None:
    assert judge(evidence) == ()
    findings = judge(replace(evidence, credited=Decimal(11)))
    assert findings[0].rule == "fake-keeps-plan"


@pytest.mark.parametrize(
    ("word", "other", "rule"),
    [("SUCCESSFUL", "FAILED", "fake-keeps-plan"), ("token_type", "type", "replies-match")],
)
def test_a_reply_that_was_not_planned_or_is_none_is_the_fakes_fault(
    evidence: Evidence, word: str, other: str, rule: str
) -> None:
    turns = tuple(
        replace(turn, exchanges=tuple(_rewritten(row, word, other) for row in turn.exchanges))
        for turn in evidence.turns
    )
    assert judge(replace(evidence, turns=turns))[0].rule == rule


def _rewritten(exchange: Exchange, word: str, other: str) -> Exchange:
    return replace(exchange, body=exchange.body.replace(word, other))


def test_a_gap_in_the_log_is_no_basis_for_a_verdict() -> None:
    events = [{"seq": seq, "kind": "clock_moved"} for seq in (4, 6)]
    with pytest.raises(IncompleteEvents, match="jumps to event 6 where 5"):
        exchanges_in(events, after=3)


def test_no_secret_is_part_of_what_a_finding_shows(evidence: Evidence, fake: Control) -> None:
    world = fake.namespace("judged")
    shown = " ".join(str(turn) for turn in evidence.turns)
    assert world.base_url in shown
    assert world.api_key not in shown
    assert world.subscription_keys["collection"] not in shown
