"""Whatever goes wrong on the way, the client without a bug asks again, politely, and is right."""

import pytest

from momo_conformance.protocol import Fail, Unknown
from tests.mutants.asking import (
    CREATE,
    PAY,
    STATUS,
    TOKEN,
    calls,
    fault,
    pass_time,
    payment,
    value,
    wallet,
)
from tests.mutants.conftest import MakeWorld, Start


def test_a_503_is_followed_by_the_same_attempt_once_time_has_passed(
    start: Start, make_world: MakeWorld
) -> None:
    world = make_world(rules=[fault({"server_error": {"status": 503}}, CREATE, times=1)])
    driver = start(world)
    answer = driver.ask("request_to_pay", **PAY)
    assert isinstance(answer, Unknown)
    pass_time(world, driver, 0.2)
    assert calls(world, CREATE) == [(answer.reference_id, 503)]
    pass_time(world, driver, 0.6)
    assert calls(world, CREATE) == [(answer.reference_id, 503), (answer.reference_id, 202)]
    assert value(driver.ask("request_to_pay", **PAY))["state"] == "pending"


def test_attempts_are_few_however_long_the_outage_lasts(
    start: Start, make_world: MakeWorld
) -> None:
    world = make_world(rules=[fault({"server_error": {"status": 503}}, CREATE)])
    driver = start(world)
    driver.ask("request_to_pay", **PAY)
    for seconds in (*(1, 2, 4, 8, 16) * 3, *(31,) * 4):
        pass_time(world, driver, seconds)
    assert len(calls(world, CREATE)) == 5
    assert len({reference_id for reference_id, _ in calls(world, CREATE)}) == 1


def test_a_401_costs_one_new_token_and_one_repetition(start: Start, make_world: MakeWorld) -> None:
    world = make_world(rules=[fault("unauthorized", CREATE, times=1)])
    driver = start(world)
    assert value(driver.ask("request_to_pay", **PAY))["state"] == "pending"
    assert [status for _, status in calls(world, CREATE)] == [401, 202]
    assert len(calls(world, TOKEN)) == 2


def test_a_401_that_persists_is_a_refusal(start: Start, make_world: MakeWorld) -> None:
    world = make_world(rules=[fault("unauthorized", CREATE)])
    assert isinstance(start(world).ask("request_to_pay", **PAY), Fail)
    assert len(calls(world, CREATE)) == 2


def test_no_token_means_no_business_call(start: Start, make_world: MakeWorld) -> None:
    world = make_world()
    driver = start(world, api_key="wrong")
    assert isinstance(driver.ask("request_to_pay", **PAY), Fail)
    assert calls(world, CREATE) == []


def test_a_permanent_error_is_a_refusal_whatever_its_status(
    start: Start, make_world: MakeWorld
) -> None:
    world = make_world(rules=[fault({"wallet_error": {"code": "NOT_ALLOWED"}}, CREATE)])
    driver = start(world)
    first, again = driver.ask("request_to_pay", **PAY), driver.ask("request_to_pay", **PAY)
    assert isinstance(first, Fail)
    assert isinstance(again, Fail)
    assert first.code == "NOT_ALLOWED"
    assert first.reference_id != again.reference_id


def test_a_lost_reply_leads_to_the_payment_that_was_made(
    start: Start, make_world: MakeWorld
) -> None:
    world = make_world(rules=[fault("lose_reply", CREATE, times=1)])
    driver = start(world)
    answer = driver.ask("request_to_pay", **PAY)
    assert isinstance(answer, Unknown)
    pass_time(world, driver, 1)
    assert [status for _, status in calls(world, CREATE)][1:] == [409]
    ended = value(driver.ask("request_to_pay", **PAY))
    assert (ended["reference_id"], ended["state"]) == (answer.reference_id, "completed")


def test_what_the_provider_never_got_is_sent_again_under_its_id(
    start: Start, make_world: MakeWorld
) -> None:
    world = make_world(rules=[fault("reset_before", CREATE, times=4)])
    driver = start(world)
    driver.ask("request_to_pay", **PAY)
    for seconds in (1, 2, 4, 31, 31):
        pass_time(world, driver, seconds)
    assert wallet(driver) == {"EUR": "12.50"}
    assert len({reference_id for reference_id, _ in calls(world, CREATE)}) == 1


def test_a_404_after_the_202_settles_nothing(start: Start, make_world: MakeWorld) -> None:
    world = make_world(rules=[fault("not_visible", STATUS, times=2)])
    driver = start(world)
    driver.ask("request_to_pay", **PAY)
    pass_time(world, driver, 31)
    pass_time(world, driver, 31)
    assert wallet(driver) == {}
    pass_time(world, driver, 31)
    assert wallet(driver) == {"EUR": "12.50"}
    assert len(calls(world, CREATE)) == 1


def test_a_poll_that_is_too_many_waits_as_long_as_it_is_told(
    start: Start, make_world: MakeWorld
) -> None:
    rule = fault({"rate_limited": {"retry_after_s": 50}}, STATUS, times=1)
    world = make_world(rules=[rule])
    driver = start(world)
    paid = value(driver.ask("request_to_pay", **PAY))["reference_id"]
    for _ in range(2):
        assert value(driver.ask("status", reference_id=paid))["state"] == "pending"
    pass_time(world, driver, 31)
    assert len(calls(world, STATUS)) == 1
    pass_time(world, driver, 31)
    assert wallet(driver) == {"EUR": "12.50"}


@pytest.mark.parametrize(
    "misery",
    ["truncated_body", "malformed_json", "empty_reply", "waf_page", "wrong_content_type"],
)
def test_garbage_settles_nothing(start: Start, make_world: MakeWorld, misery: str) -> None:
    world = make_world(rules=[fault(misery, STATUS, times=1)])
    driver = start(world)
    paid = value(driver.ask("request_to_pay", **PAY))["reference_id"]
    assert value(driver.ask("status", reference_id=paid))["state"] == "pending"
    assert value(driver.ask("status", reference_id=paid))["state"] == "completed"


@pytest.mark.parametrize("misery", ["hang", {"slow_drip": {"ms": 50}}])
def test_no_request_takes_longer_than_it_may(
    start: Start, make_world: MakeWorld, misery: str | dict[str, object]
) -> None:
    world = make_world(rules=[fault(misery, TOKEN)])
    driver = start(world, request_timeout_ms=200)
    answer = driver.ask("request_to_pay", **PAY)
    assert isinstance(answer, Unknown)
    assert answer.why == "no token: TimeoutError"
    assert calls(world, CREATE) == []
    assert payment(driver)["state"] == "pending"
