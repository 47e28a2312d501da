"""What the checks of servers say of hand-made traffic, right and wrong.

Whole servers, with one bug each, are in tests/mutants/server.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from momo_conformance.checks.server import CHECKS
from momo_conformance.intents import Intent
from tests.conformance.checks.histories import ID, OTHER_ID, Story

Told = Callable[[Story], None]

URL = "http://localhost:9/heard"
SHOWN: dict[str, Any] = {
    "externalId": "order-1",
    "amount": "10",
    "currency": "EUR",
    "payer": {"partyIdType": "MSISDN", "partyId": "46733123499"},
    "status": "SUCCESSFUL",
}
GATEWAY_401: dict[str, Any] = {
    "status": 401,
    "reply": {"statusCode": 401, "message": "no"},
    "layer": "gateway",
}
DUPLICATE: dict[str, Any] = {"code": "RESOURCE_ALREADY_EXIST", "message": "again"}


def breaches(tell: Told, requirement: str) -> list[str]:
    """The breach of every sighting; empty texts where there was none."""
    story = Story()
    tell(story)
    return [row.breach for row in CHECKS[f"MOMO-{requirement}"](story.history())]


def mean(story: Story, intent: Intent) -> None:
    """Say what the examiner meant by the last request."""
    place = {name: story.events[-1][name] for name in ("connection_id", "exchange_id")}
    story.note("request_intended", **place, intent=intent)


def own_read(story: Story, **more: Any) -> None:  # noqa: ANN401  # any part of an exchange
    """A read of the request to pay by its own operation."""
    given: dict[str, Any] = {"status": 200, "reply": SHOWN} | more
    target = f"/collection/v1_0/requesttopay/{ID}"
    story.exchange("collection.requesttopay.status", "GET", target, reference_id=ID, **given)


def callback(story: Story, url: str = URL, **changed: object) -> None:
    body = {"head": json.dumps(SHOWN | changed), "length": 0, "sha256": ""}
    story.fake(
        "callback_attempted",
        connection_id=None,
        exchange_id=None,
        reference_id=ID,
        method="POST",
        url=url,
        body=body,
        status=200,
        latency_ms=0,
    )


def login(story: Story, intent: Intent, **more: Any) -> None:  # noqa: ANN401  # likewise
    story.token(**more)
    mean(story, intent)


def used(story: Story, after_s: int, **more: Any) -> None:  # noqa: ANN401  # likewise
    """A token that is taken once, then used so many seconds later."""
    bearer = story.token()
    balance: dict[str, Any] = {"headers": {"Authorization": f"Bearer {bearer}"}}
    path = "/collection/v1_0/account/balance"
    reply: dict[str, Any] = {"reply": {"availableBalance": "1", "currency": "EUR"}}
    story.exchange("collection.balance", "GET", path, **balance, **reply)
    story.later(after_s)
    story.exchange("collection.balance", "GET", path, **balance, **({"reply": None} | more))


def keyless(story: Story, **more: Any) -> None:  # noqa: ANN401  # likewise
    story.exchange("collection.balance", "GET", "/collection/v1_0/account/balance", **more)


def paid(story: Story, *words: str) -> None:
    story.create("order-1")
    for word in words:
        own_read(story, reply=SHOWN | {"status": word})


def doubled(story: Story, shown: str = "10", **second: Any) -> None:  # noqa: ANN401  # likewise
    story.create("order-1")
    given: dict[str, Any] = {"status": 409, "reply": DUPLICATE} | second
    story.create("order-1", order={"amount": "11"}, **given)
    mean(story, Intent.DUPLICATE)
    own_read(story, reply=SHOWN | {"amount": shown})


def unnamed(story: Story, name: str, **more: Any) -> None:  # noqa: ANN401  # likewise
    story.create("order-1", name, **({"status": 400} | more))
    mean(story, Intent.BAD_ID)


def asked(story: Story, intent: Intent, status: int, reply: object = None) -> None:
    own_read(story, status=status, reply=reply)
    mean(story, intent)


def told(story: Story, **changed: Any) -> None:  # noqa: ANN401  # likewise
    story.create("order-1", headers={"X-Callback-Url": URL})
    callback(story, **changed)
    own_read(story)


def numbered(story: Story, number: str, **shown: object) -> None:
    payer = {"partyIdType": "MSISDN", "partyId": number}
    story.create("order-1", order={"payer": payer})
    own_read(story, reply=SHOWN | {"payer": payer} | shown)


def then(*parts: Told) -> Told:
    """One part of a story after the other."""

    def tell(story: Story) -> None:
        for part in parts:
            part(story)

    return tell


RIGHT: dict[str, tuple[str, Told]] = {
    "a token reply": ("SRV-01", lambda s: login(s, Intent.VALID)),
    "401 to a wrong login": (
        "SRV-01",
        lambda s: login(s, Intent.WRONG_LOGIN, status=401, reply={"error": "login_failed"}),
    ),
    "login_failed with 500, as recorded": (
        "SRV-01",
        lambda s: login(s, Intent.WRONG_LOGIN, status=500, reply={"error": "login_failed"}),
    ),
    "401 after expiry": ("SRV-02", lambda s: used(s, 3602, status=401)),
    "the gateway's 401": ("SRV-03", lambda s: keyless(s, **GATEWAY_401)),
    "202, then a status": ("SRV-04", lambda s: paid(s, "PENDING")),
    "409, and the first as it was": ("SRV-05", doubled),
    "400 for no UUID": ("SRV-06", lambda s: unnamed(s, "1")),
    "400 for a malformed id": ("SRV-07", lambda s: asked(s, Intent.MALFORMED_ID, 400)),
    "404 for an unknown one": (
        "SRV-07",
        lambda s: asked(
            s, Intent.UNKNOWN_ID, 404, {"code": "RESOURCE_NOT_FOUND", "message": "none"}
        ),
    ),
    "a reason as an object, as published": (
        "SRV-08",
        lambda s: own_read(s, reply=SHOWN | {"reason": {"code": "EXPIRED", "message": ""}}),
    ),
    "words in order": ("SRV-09", lambda s: paid(s, "CREATED", "PENDING", "SUCCESSFUL")),
    "12.50 shown as 12.5": (
        "SRV-10",
        then(
            lambda s: s.create("order-1", order={"amount": "10.50"}),
            lambda s: own_read(s, reply=SHOWN | {"amount": "10.5"}),
        ),
    ),
    "the same callback twice": ("SRV-11", then(told, callback)),
    "a test number": (
        "SRV-13",
        lambda s: numbered(s, "46733123452", status="FAILED", reason="EXPIRED"),
    ),
}

WRONG: dict[str, tuple[str, Told, str]] = {
    "no token to a right login": (
        "SRV-01",
        lambda s: login(s, Intent.VALID, status=401, reply={"error": "login_failed"}),
        "answered 401, not 200",
    ),
    "true as expires_in": ("SRV-01", lambda s: login(s, Intent.VALID, expires_in=True), "True"),
    "a token for anybody": ("SRV-01", lambda s: login(s, Intent.WRONG_LOGIN), "given a token"),
    "a token for ever": ("SRV-02", lambda s: used(s, 3605), "5 s after it had expired"),
    "a token for an hour less": ("SRV-02", lambda s: used(s, 10, status=401), "refused before"),
    "no key, no matter": ("SRV-03", lambda s: keyless(s, status=200), "answered 200"),
    "the wallet's 401": ("SRV-03", lambda s: keyless(s, status=401), "not the gateway's body"),
    "404 after 202": (
        "SRV-04",
        then(paid, lambda s: own_read(s, status=404, reply=None)),
        "404 though",
    ),
    "202 twice": ("SRV-05", lambda s: doubled(s, status=202, reply=None), "a second time"),
    "the second in place of the first": ("SRV-05", lambda s: doubled(s, "11"), "'11'"),
    "a payment without a UUID": ("SRV-06", lambda s: unnamed(s, "1", status=202), "accepted"),
    "404 for a malformed id": ("SRV-07", lambda s: asked(s, Intent.MALFORMED_ID, 404), "not 400"),
    "404 without a body": ("SRV-07", lambda s: asked(s, Intent.UNKNOWN_ID, 404), "no body"),
    "an undeclared key": ("SRV-08", lambda s: own_read(s, reply=SHOWN | {"fee": "1"}), "fee"),
    "back to PENDING": ("SRV-09", lambda s: paid(s, "SUCCESSFUL", "PENDING"), "then PENDING"),
    "another end": ("SRV-09", lambda s: paid(s, "FAILED", "SUCCESSFUL"), "then SUCCESSFUL"),
    "another party": ("SRV-10", lambda s: numbered(s, "467", payer={"partyId": "46"}), "payer"),
    "a callback elsewhere": ("SRV-11", lambda s: told(s, url="http://x/"), "went to http://x/"),
    "a callback of another end": ("SRV-11", lambda s: told(s, status="FAILED"), "'FAILED'"),
    "two callbacks that differ": (
        "SRV-11",
        then(told, lambda s: callback(s, status="FAILED")),
        "different things",
    ),
    "a test number that is none": ("SRV-13", lambda s: numbered(s, "46733123451"), "not FAILED"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_a_server_should_do_is_seen_and_no_breach(name: str) -> None:
    requirement, tell = RIGHT[name]
    found = breaches(tell, requirement)
    assert found
    assert not any(found)


@pytest.mark.parametrize("name", WRONG)
def test_what_a_server_does_wrong_is_told(name: str) -> None:
    requirement, tell, said = WRONG[name]
    assert said in " ".join(breaches(tell, requirement))


@pytest.mark.parametrize("requirement", [name.removeprefix("MOMO-") for name in CHECKS])
def test_nothing_is_said_of_nothing(requirement: str) -> None:
    assert breaches(lambda _: None, requirement) == []


def test_an_id_may_be_used_again_once_the_namespace_was_emptied() -> None:
    def tell(story: Story) -> None:
        story.create("order-1")
        story.fake("namespace_reset", connection_id=None, exchange_id=None)
        story.create("order-1", order={"amount": "11"})

    assert breaches(tell, "SRV-05") == []


def test_what_a_fault_has_done_is_not_held_against_the_server() -> None:
    def tell(story: Story) -> None:
        story.create("order-1", fault="late_success")
        own_read(story, status=404, reply=None, fault="not_visible")
        own_read(story, reply={"fee": "1"}, fault="altered_body")

    assert [breaches(tell, row.removeprefix("MOMO-")) for row in CHECKS] == [[]] * len(CHECKS)


def test_a_409_alone_does_not_show_that_the_first_payment_is_as_it_was() -> None:
    def tell(story: Story) -> None:
        story.create("order-1")
        own_read(story)
        story.create("order-1", order={"amount": "11"}, status=409, reply=DUPLICATE)
        own_read(story, status=401, reply=None)

    assert breaches(tell, "SRV-05") == []


def test_creates_at_the_same_moment_make_one_payment() -> None:
    story = Story()
    for status in (202, 409):
        story.create("order-1", status=status, reply=None if status == 202 else DUPLICATE)
    began, ended, second_began, second_ended = story.events[1:5]
    story.events[1:5] = [began, second_began, ended, second_ended]
    for row, event in enumerate(story.events, 1):
        event["seq"] = row
    (one,) = CHECKS["MOMO-SRV-12"](story.history())
    assert one.breach == ""
    second_ended["status"] = 202
    (one,) = CHECKS["MOMO-SRV-12"](story.history())
    assert "2 of 2 creates" in one.breach


def test_other_payments_are_no_business_of_a_check() -> None:
    def tell(story: Story) -> None:
        story.create("order-1")
        story.create("order-2", OTHER_ID, order={"amount": "11"})
        own_read(story)

    assert breaches(tell, "SRV-10") == [""]
