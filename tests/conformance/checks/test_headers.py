"""MOMO-HDR on histories made by hand."""

from typing import Any

import pytest

from momo_conformance.checks.headers import CHECKS
from momo_conformance.plans import Settings
from tests.conformance.checks.histories import ID, OTHER_ID, PAYER, Story

KEY = "Ocp-Apim-Subscription-Key"


def breach(name: str, story: Story) -> str:
    """What is wrong, when something is; fails when the check has seen nothing at all."""
    found = list(CHECKS[f"MOMO-HDR-{name}"](story.history()))
    assert found
    return next((row.breach for row in found if row.breach), "")


def created(**more: Any) -> Story:  # noqa: ANN401  # any part of an exchange
    """One create of a client that has a driver."""
    story = Story(Settings())
    with story.call("request_to_pay", key="order-1", amount="10", currency="EUR") as call:
        story.create("order-1", **more)
        call.ok(reference_id=ID, state="pending")
    return story


def test_every_call_has_the_key_of_its_product() -> None:
    assert breach("01", created()) == ""
    refused: dict[str, Any] = {"status": 401, "reply": None, "layer": "gateway"}
    assert "is not the one of collection" in breach("01", created(**refused))
    assert breach("01", created(**refused, fault="unauthorized")) == ""
    story = created()
    story.token()
    assert "had no Ocp-Apim-Subscription-Key" in breach("01", story)


def test_of_a_client_without_a_driver_nobody_knows_which_key_it_was_given() -> None:
    story = Story()
    story.create("order-1", status=401, reply=None, layer="gateway")
    assert list(CHECKS["MOMO-HDR-01"](story.history())) == []


def test_another_products_key_is_told_by_its_name() -> None:
    story = Story()
    for product, status, layer in (("collection", 200, "wallet"), ("remittance", 401, "gateway")):
        target = f"/{product}/v1_0/account/balance"
        given: dict[str, Any] = {"headers": {KEY: "fp:c"}, "status": status, "layer": layer}
        story.exchange(f"{product}.balance", "GET", target, **given)
    assert breach("01", story).endswith("it is that of collection")


def test_the_environment_is_the_one_of_the_world() -> None:
    assert breach("02", created()) == ""
    other = created(headers={"X-Target-Environment": "mtnzambia"})
    assert "'mtnzambia', not 'sandbox'" in breach("02", other)


@pytest.mark.parametrize(
    "reference_id",
    ["655fb27e-ed1a-11f1-9cad-02fc00000001", f"{{{ID}}}", ID.replace("-", ""), "order-1"],
)
def test_an_id_is_a_uuid_of_version_4(reference_id: str) -> None:
    assert "no UUID version 4" in breach("03", created(reference_id=reference_id))


def test_an_id_belongs_to_one_order() -> None:
    story = created()
    story.create("order-1")
    assert breach("03", story) == ""
    story.create("order-2")
    assert "order-1 and order-2 have the same" in breach("03", story)


def test_what_is_sent_is_one_json_object_under_its_content_type() -> None:
    for fine in ("; charset=utf-8", '; v=1; charset="UTF-8"', ";charset=utf8; version=1", ";"):
        assert breach("04", created(headers={"Content-Type": f"Application/JSON{fine}"})) == ""
    latin = {"Content-Type": "application/json; v=1; charset=latin-1"}
    assert "the charset 'latin-1'" in breach("04", created(headers=latin))
    assert "Content-Type 'text/plain'" in breach(
        "04", created(headers={"Content-Type": "text/plain"})
    )
    twice = Story()
    pairs = tuple((name, "x") for name in (KEY, KEY.lower()))
    twice.exchange("collection.balance", "GET", "/collection/v1_0/account/balance", headers=pairs)
    assert "2 times" in breach("04", twice)
    story = Story()
    story.token(body={"grant_type": "client_credentials"})
    assert "had a body" in breach("04", story)


@pytest.mark.parametrize(
    ("profile", "url", "why"),
    [
        ("sandbox", "http://shop.example/x", ""),
        ("mtnzambia", "https://shop.example:8443/x", ""),
        ("sandbox", "https://pay.shop.example/x", "'shop.example' is registered"),
        ("mtnzambia", "http://shop.example/x", "begins with http:, not https:"),
    ],
)
def test_callbacks_go_to_the_registered_host(profile: str, url: str, why: str) -> None:
    story = Story(profile=profile, callback_host="shop.example")
    story.create("order-1", headers={"X-Callback-Url": url})
    assert breach("05", story).endswith(why) is True
    assert bool(breach("05", story)) is bool(why)


def test_a_status_is_read_at_a_view_of_the_create() -> None:
    story = created()
    story.read("PENDING")
    assert breach("06", story) == ""
    story.exchange(
        "disbursement.transfer.status",
        "GET",
        f"/disbursement/v1_0/transfer/{ID}",
        reference_id=ID,
    )
    assert "created by collection.requesttopay.create" in breach("06", story)


@pytest.mark.parametrize(
    ("path", "why"), [("/v1_0/payment/", "no address"), ("//v2_0/payment/", "a double slash")]
)
def test_an_address_that_is_none_is_told_by_the_id_in_it(path: str, why: str) -> None:
    story = created()
    story.exchange(None, "GET", f"/collection{path}{ID}", status=404, layer="gateway")
    assert why in breach("06", story)


def test_an_id_that_nobody_knows_is_not_asked_for() -> None:
    story = created()
    story.read("PENDING", OTHER_ID)
    assert "nothing was created under that id" in breach("06", story)


def test_an_id_from_the_ledger_may_be_asked_for_though_it_was_never_sent() -> None:
    story = created()
    story.read("PENDING")
    with story.call("request_to_pay", key="order-2", amount="1", currency="EUR", payer=PAYER) as it:
        it.unknown(OTHER_ID)
    story.read(None, OTHER_ID, status=404)
    assert breach("06", story) == ""
