"""MOMO-TOK on histories made by hand: what is a breach, and what a right client may do."""

from typing import Any
from uuid import UUID

import pytest

from momo_conformance.checks.tokens import CHECKS
from momo_conformance.plans import Settings
from momo_conformance.verdicts import Sighting
from tests.conformance.checks.histories import ID, OTHER_ID, Story

ORDER: dict[str, Any] = {"amount": "10", "currency": "EUR"}
NOBODY: dict[str, Any] = {"status": 401, "reply": None}


def sightings(name: str, story: Story) -> list[Sighting]:
    return list(CHECKS[f"MOMO-TOK-{name}"](story.history()))


def breach(name: str, story: Story) -> str:
    """What is wrong, when something is; fails when the check has seen nothing at all."""
    found = sightings(name, story)
    assert found
    return next((row.breach for row in found if row.breach), "")


def driven() -> Story:
    return Story(Settings())


def pay(story: Story, number: int, bearer: str | None = None, **login: Any) -> str:  # noqa: ANN401  # any part of an exchange
    """One payment that goes well, under a new token unless one is given."""
    reference_id = ID[:-2] + f"{number:02}"
    with story.call("request_to_pay", payment=number, key=f"order-{number}", **ORDER) as call:
        bearer = bearer or story.token(**login)
        story.create(f"order-{number}", reference_id, bearer=bearer)
        call.ok(reference_id=reference_id, state="pending")
    return bearer


def advance(story: Story, seconds: float) -> None:
    story.later(seconds)
    with story.call("clock.advance", ms=seconds * 1000) as call:
        call.ok()


def test_a_refused_login_is_a_breach_for_who_was_given_good_credentials() -> None:
    story = driven()
    with story.call("request_to_pay", key="order-1", **ORDER) as call:
        story.token(**NOBODY)
        call.fail("TOKEN_REFUSED")
    assert "Basic with the API user" in breach("01", story)


def test_a_login_that_a_fault_refuses_says_nothing_of_the_credentials() -> None:
    story = driven()
    story.token(**NOBODY, fault="unauthorized")
    assert sightings("01", story) == []


@pytest.mark.parametrize("seconds", [60, 1799])
def test_a_second_token_in_the_first_half_of_a_life_is_one_too_many(seconds: int) -> None:
    story = driven()
    pay(story, 1)
    advance(story, seconds)
    pay(story, 2)
    assert "before the last one expired" in breach("02", story)


def test_a_token_may_be_renewed_in_the_second_half_of_its_life() -> None:
    story = driven()
    pay(story, 1)
    advance(story, 1801)
    pay(story, 2)
    assert sightings("02", story) == []
    assert breach("04", story) == ""


def test_a_token_that_lives_no_longer_than_a_usual_margin_is_renewed_at_once() -> None:
    story = driven()
    pay(story, 1, expires_in=60)
    pay(story, 2, expires_in=60)
    assert sightings("02", story) == []


def test_a_client_that_was_started_again_has_forgotten_its_token() -> None:
    story = driven()
    pay(story, 1)
    with story.call("configure", resume=True) as call:
        call.ok()
    pay(story, 2)
    assert sightings("02", story) == []


def test_after_a_401_another_token_is_no_waste() -> None:
    story = driven()
    bearer = story.token()
    story.create("order-1", bearer=bearer, **NOBODY)
    pay(story, 1)
    assert sightings("02", story) == []


def test_a_token_of_the_log_alone_is_wasted_when_each_call_has_its_own() -> None:
    story = Story()
    for number in range(3):
        story.create(f"order-{number}", bearer=story.token())
    assert "one for every single call" in breach("02", story)


def suite(*, tokens: int, payments: int, connections: bool) -> Story:
    """Somebody's tests: each logs in once, makes payments and asks for each twice."""
    story = Story()
    for number in range(tokens):
        story.connection = 1 + number * connections
        bearer = story.token()
        for payment in range(payments):
            reference_id = str(UUID(int=number * payments + payment))
            story.create(f"order-{number}-{payment}", reference_id, bearer=bearer)
            story.read("PENDING", reference_id, bearer)
            story.read("SUCCESSFUL", reference_id, bearer)
    return story


def test_a_token_for_each_payment_is_a_breach_where_one_connection_shows_whose_they_are() -> None:
    told = breach("02", suite(tokens=10, payments=1, connections=False))
    assert told == "10 tokens were fetched for 10 payments on one connection"


def test_it_proves_nothing_where_each_may_be_of_a_test_of_its_own() -> None:
    assert sightings("02", suite(tokens=10, payments=1, connections=True)) == []


@pytest.mark.parametrize("connections", [True, False])
def test_tests_that_log_in_once_each_for_several_payments_are_right(*, connections: bool) -> None:
    found = sightings("02", suite(tokens=3, payments=2, connections=connections))
    assert [row.breach for row in found] == ["", "", ""]


def test_two_logins_are_no_habit() -> None:
    found = sightings("02", suite(tokens=2, payments=1, connections=False))
    assert [row.breach for row in found] == ["", ""]


def test_an_expired_token_is_a_breach_only_when_the_client_was_told_of_the_time() -> None:
    for is_told in (True, False):
        story = driven()
        bearer = pay(story, 1, expires_in=120)
        with story.call("status", payment=1, reference_id=ID) as call:
            if not is_told:
                story.later(121)  # the fake's clock has moved, the client is asked before its own
            story.read("PENDING", bearer=bearer)
            call.ok(reference_id=ID, state="pending")
        if is_told:
            advance(story, 121)
            pay(story, 2, bearer)
            assert "a token was sent 1 s after" in breach("03", story)
            assert "expires_in was not believed" in breach("05", story)
        else:
            assert sightings("03", story) == []


def test_a_token_in_its_last_moment_shows_that_there_is_no_margin() -> None:
    story = driven()
    bearer = pay(story, 1)
    advance(story, 3599.8)
    pay(story, 2, bearer)
    assert "200 ms before its end" in breach("04", story)


def test_a_token_for_four_hours_is_kept_for_more_than_one() -> None:
    for is_kept in (True, False):
        story = driven()
        bearer = pay(story, 1, expires_in=14_400)
        advance(story, 3601)
        pay(story, 2, bearer if is_kept else None, expires_in=14_400)
        assert ("an hour is not" in breach("05", story)) is not is_kept


def test_a_product_is_called_with_its_own_token() -> None:
    for is_own in (True, False):
        story = driven()
        bearer = pay(story, 1)
        other = story.token("disbursement")
        story.exchange(
            "disbursement.balance",
            "GET",
            "/disbursement/v1_0/account/balance",
            headers={"Authorization": f"Bearer {other if is_own else bearer}"},
            status=200,
        )
        assert breach("06", story) == (
            "" if is_own else "disbursement was called with the token of collection"
        )


def at_once(tokens: int) -> Story:
    """Two payments that begin before there is a token."""
    story = driven()
    with (
        story.call("request_to_pay", key="order-1", **ORDER) as first,
        story.call("request_to_pay", key="order-2", **ORDER) as second,
    ):
        bearers = [story.token() for _ in range(tokens)]
        story.create("order-1", ID, bearer=bearers[0])
        story.create("order-2", OTHER_ID, bearer=bearers[-1])
        first.ok(reference_id=ID, state="pending")
        second.ok(reference_id=OTHER_ID, state="pending")
    return story


def test_calls_at_once_share_one_login() -> None:
    assert breach("07", at_once(tokens=1)) == ""
    assert breach("07", at_once(tokens=2)) == "2 token calls for 2 calls at once"
    assert not any(row.breach for row in sightings("02", at_once(tokens=2)))


def refused_once(*, tokens: int = 1, repeats: int = 1, **repeat: Any) -> Story:  # noqa: ANN401  # likewise
    """A payment whose create is answered 401, so many logins, so many repeats."""
    story = driven()
    with story.call("request_to_pay", payment=1, key="order-1", **ORDER) as call:
        bearer = story.token()
        story.create("order-1", bearer=bearer, **NOBODY, fault="unauthorized")
        for _ in range(tokens):
            bearer = story.token()
        for _ in range(repeats):
            story.create("order-1", bearer=bearer, **repeat)
        call.ok(reference_id=ID, state="pending")
    return story


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, ""),
        ({"tokens": 0, "repeats": 0}, "no other token was asked for after a 401"),
        ({"repeats": 0}, "another token was fetched, but the call was not repeated"),
        ({"tokens": 2}, "2 tokens were fetched because of one 401"),
        ({"repeats": 3}, "after one 401 the call was sent 3 times more"),
    ],
)
def test_one_401_is_worth_one_login_and_one_repeat(given: dict[str, int], why: str) -> None:
    assert breach("08", refused_once(**given)) == why


def test_a_401_that_stays_is_tried_no_third_time() -> None:
    stubborn = refused_once(repeats=2, **NOBODY)
    assert "sent 3 times" in breach("09", stubborn)
    assert sightings("08", stubborn) == []
    story = driven()
    with story.call("request_to_pay", payment=1, key="order-1", **ORDER) as call:
        for _ in range(2):
            story.create("order-1", bearer=story.token(), **NOBODY)
        call.fail("UNAUTHORIZED", ID)
    assert breach("09", story) == ""


def test_a_repeat_after_a_401_differs_in_its_token_alone() -> None:
    assert breach("10", refused_once()) == ""
    other = refused_once(headers={"X-Target-Environment": "elsewhere", "User-Agent": "2nd"})
    assert breach("10", other).endswith("differs: header x-target-environment")
    assert breach("10", refused_once(order={"amount": "11"})).endswith("its body")


def test_another_order_after_a_refused_one_is_no_repeat_of_it() -> None:
    story = driven()
    with story.call("request_to_pay", payment=1, key="order-1", **ORDER) as call:
        story.create("order-1", bearer=story.token(), **NOBODY)
        call.fail("UNAUTHORIZED", ID)
    with story.call("request_to_pay", payment=1, key="order-1", **ORDER) as call:
        story.create("order-1", OTHER_ID, bearer=story.token())
        call.ok(reference_id=OTHER_ID, state="pending")
    assert sightings("10", story) == []


def refused_login(answer: str, bearer: str = "") -> Story:
    story = driven()
    with story.call("request_to_pay", payment=1, key="order-1", **ORDER) as call:
        story.token(**NOBODY, fault="unauthorized")
        if bearer:
            story.create("order-1", bearer=bearer, **NOBODY)
        call.fail("TOKEN_REFUSED") if answer == "fail" else call.unknown(ID)
    return story


def test_a_refused_login_is_final() -> None:
    assert breach("11", refused_login("fail")) == ""
    assert "no definite refusal" in breach("11", refused_login("unknown"))
    assert "was sent though" in breach("11", refused_login("fail", bearer="fp:empty"))


@pytest.mark.parametrize(
    "reply",
    [{"expires_in": 3600}, {"access_token": None, "expires_in": 3600}, "<html>", '{"access_token'],
)
def test_what_is_no_token_reply_makes_no_bearer(reply: object) -> None:
    for is_sent in (False, True):
        story = driven()
        story.token(reply=reply)
        if is_sent:
            story.create("order-1", bearer="fp:undefined", **NOBODY)
        assert ("was made into a bearer" in breach("12", story)) is is_sent


def test_a_token_without_a_life_is_not_kept() -> None:
    story = driven()
    bearer = story.token(expires_in=0)
    story.create("order-1", bearer=bearer)
    assert breach("12", story) == ""
    story.create("order-2", OTHER_ID, bearer=bearer)
    assert "kept and used again" in breach("12", story)
