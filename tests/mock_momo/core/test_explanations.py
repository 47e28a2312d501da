"""What a refusal says beside its bytes: why, and what the real API answers."""

import pytest

from mock_momo.core import faults
from mock_momo.core.exchange import conduct
from mock_momo.core.namespace import Namespace
from mock_momo.core.replies import Refusal
from mock_momo.core.rules import Match, Rule
from mock_momo.core.settings import Settings
from mock_momo.edge.wire.render import render
from momo_contracts import wire_errors
from momo_contracts.wire_errors import CATALOGUE, WireError
from tests.mock_momo.core.calls import NOW_MS, REQUEST_TO_PAY, call

REPLACING = ("server_error", "bad_request", "rate_limited", "out_of_quota", "forbidden", "waf_page",
             "unauthorized", "conflict")  # fmt: skip


@pytest.mark.parametrize("error", CATALOGUE, ids=lambda row: row.name)
def test_every_error_has_one_readable_line(error: WireError) -> None:
    told = Refusal(error, "why").explanation

    assert told.startswith("why; the real API ")
    assert str(error.status) in told
    assert not set(told) & set("{}\n")


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (Refusal(wire_errors.LOGIN_FAILED, "w", 500), "w; the real API answers 500 login_failed"),
        (
            Refusal(wire_errors.RATE_LIMITED, "w", retry_after_s=3),
            "w; the real API is assumed to answer 429 Rate limit is exceeded",
        ),
        (
            Refusal(wire_errors.EMPTY_PARTY, "w"),
            "w; the real API answers 500 with an empty body",
        ),
        (Refusal(wire_errors.INVALID_PLAN, "w", is_ours=True), "w"),
    ],
)
def test_what_the_real_api_answers_is_said_as_far_as_it_is_known(
    refusal: Refusal, told: str
) -> None:
    assert refusal.explanation == told


@pytest.mark.parametrize("name", REPLACING)
def test_an_answer_of_a_fault_says_that_a_fault_did_it(name: str) -> None:
    rule = Rule("r", Match(), fault=faults.BY_NAME[name]())
    namespace = Namespace("default", Settings(), (rule,))
    done = conduct(namespace, call(namespace, "POST", REQUEST_TO_PAY), NOW_MS, render)

    assert done.why is not None
    assert done.why.startswith("a fault ")
    assert "the real API" not in done.why
