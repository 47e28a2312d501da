"""The document of a namespace: served as the namespace is, complete, and right about bodies."""

import json
from functools import cache
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mock_momo.core.exchange import conduct
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.core.routes import find
from mock_momo.core.settings import Settings
from mock_momo.edge.wire.facts import read_call
from mock_momo.edge.wire.render import render
from mock_momo.testing import async_fake
from momo_contracts.openapi import PRODUCTS, PROVISIONING
from momo_contracts.operations import CATALOGUE, OPERATIONS, Kind, Operation
from momo_contracts.values import Product
from tests.contracts.renderings import rendered
from tests.mock_momo.core.calls import NOW_MS, REFERENCE_ID, bearer
from tests.mock_momo.edge.wire import Fake

Json = dict[str, Any]
VALIDATIONS = ("lenient", "strict")
PARTY: Json = {"partyIdType": "MSISDN", "partyId": "46733120001"}
ORDER: Json = {
    "amount": "100", "currency": "EUR", "externalId": "7", "payerMessage": "a", "payeeNote": "b",
}  # fmt: skip
RIGHT: dict[str, Json] = {
    "collection.requesttopay.create": ORDER | {"payer": PARTY},
    "collection.requesttowithdraw.create_v2": ORDER | {"payer": PARTY},
    "collection.payment.create": {
        "externalTransactionId": "7", "money": {"amount": "1", "currency": "EUR"},
        "receiverMessage": "a", "senderNote": "b",
    },
    "collection.requesttopay.notify": {"notificationMessage": "a"},
    "disbursement.transfer.create": ORDER | {"payee": PARTY},
    "disbursement.deposit.create": ORDER | {"payee": PARTY},
    "disbursement.refund.create": ORDER | {"referenceIdToRefund": REFERENCE_ID},
    "apiuser.create": {"providerCallbackHost": "localhost"},
}  # fmt: skip
ODD: tuple[object, ...] = (
    None, True, 0, 7, 1.5, "", "x", "EUR", "XOF", "0", "0.0", "00.10", "100.", ".5", "-5", "+5",
    "1e3", "5 ", "1.00", "1.001", "9" * 30, "9" * 31, "1." + "0" * 17 + "1", "1." + "0" * 19,
    "n" * 128, "n" * 129, "n" * 160, "n" * 161, "\N{SNOWMAN}" * 160, REFERENCE_ID,
    REFERENCE_ID.upper(), "7a3e1c9a-3b5e-1a54-9d5a-111111111111", [], {}, [PARTY], PARTY,
    {"partyIdType": "MSISDN"}, {"partyId": "1"}, {"partyIdType": "", "partyId": ""},
    {"partyIdType": "MSISDN", "partyId": "123456"}, {"partyIdType": "msisdn", "partyId": "1" * 9},
    {"partyIdType": "EMAIL", "partyId": "a@b"}, {"partyIdType": "EMAIL", "partyId": "a"},
    {"partyIdType": "EMAIL", "partyId": "a@b@c"}, {"partyIdType": "EMAIL", "partyId": "a @b"},
    {"partyIdType": "PARTY_CODE", "partyId": REFERENCE_ID},
    {"partyIdType": "PARTY_CODE", "partyId": "x"}, {"partyIdType": "ALIAS", "partyId": "x"},
    PARTY | {"surprise": 1},
    {"amount": "5", "currency": "EUR"}, {"amount": "5"}, {"amount": "5.001", "currency": "EUR"},
)  # fmt: skip


@st.composite
def bodies(draw: st.DrawFn, right: Json) -> Json:
    """A right body with up to three things wrong, or with optional keys left out."""
    body = dict(right)
    for _ in range(draw(st.integers(0, 3))):
        key = draw(st.sampled_from([*right, "surprise"]))
        if draw(st.booleans()):
            body.pop(key, None)
        else:
            body[key] = draw(st.sampled_from(ODD))
    return body


@cache
def _namespace(validation: str) -> Namespace:
    return Registry(Settings(chosen={"validation": validation})).default


@cache
def _schema(name: str, validation: str) -> Draft202012Validator:
    row = OPERATIONS[name]
    document = rendered(row.product or PROVISIONING, validation=validation)
    body = document["paths"][row.path][row.method.lower()]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": document["components"]})


def _takes(name: str, validation: str, body: Json) -> bool:
    """Whether the fake takes this body, whatever it then makes of the reference id."""
    namespace, row = _namespace(validation), OPERATIONS[name]
    keys = namespace.credentials.subscription_keys
    headers = {
        "Content-Length": "1",
        "Ocp-Apim-Subscription-Key": keys[row.product or Product.COLLECTION],
        "Authorization": bearer(namespace),
        "X-Target-Environment": "sandbox",
        "X-Reference-Id": REFERENCE_ID,
    }
    path = row.path.replace("{reference_id}", REFERENCE_ID)
    request = make_mocked_request(row.method, path, headers)
    called = read_call(request, path, "", json.dumps(body).encode())
    done = conduct(namespace, called, NOW_MS, render)
    return done.handover.rendered.status in (200, 201, 202, 404, 409, 429)


@pytest.mark.parametrize("validation", VALIDATIONS)
@pytest.mark.parametrize("name", RIGHT)
@settings(deadline=None)
@given(data=st.data())
def test_a_body_is_taken_exactly_when_the_document_allows_it(
    name: str, validation: str, data: st.DataObject
) -> None:
    body = data.draw(bodies(RIGHT[name]))

    assert _takes(name, validation, body) == _schema(name, validation).is_valid(body)


@pytest.mark.parametrize("validation", VALIDATIONS)
@pytest.mark.parametrize("name", RIGHT)
def test_the_document_and_the_fake_agree_on_every_single_mistake(
    name: str, validation: str
) -> None:
    right = RIGHT[name]
    wrongs = [right | {key: value} for key in [*right, "surprise"] for value in ODD]
    wrongs += [{other: row for other, row in right.items() if other != key} for key in right]
    agreed = _schema(name, validation)
    different = [body for body in wrongs if _takes(name, validation, body) != agreed.is_valid(body)]

    assert _takes(name, validation, right)
    assert different == []


def test_every_operation_with_a_body_has_one_that_is_tried() -> None:
    tried = {(OPERATIONS[name].kind, OPERATIONS[name].resource) for name in RIGHT}
    reading = (Kind.CREATE, Kind.NOTIFY, Kind.CREATE_API_USER)

    assert {(row.kind, row.resource) for row in CATALOGUE if row.kind in reading} == tried


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.name)
def test_every_operation_of_a_document_has_its_route(row: Operation) -> None:
    document = rendered(row.product or PROVISIONING)

    assert document["paths"][row.path][row.method.lower()]["operationId"] == row.name
    assert find(row.method, row.path)[0] is row


@pytest.mark.parametrize("product", PRODUCTS)
async def test_the_default_namespace_serves_the_documents_of_the_sandbox(
    fake: Fake, product: str
) -> None:
    answer = await fake.control("GET", f"openapi/{product}.json")

    assert (answer.status, answer.json) == (200, rendered(product))


async def test_a_namespace_serves_its_own_document() -> None:
    async with async_fake() as fake:
        world = await fake.namespace("shop", profile="mtnghana", switches={"provisioning": "open"})
        document = await world.openapi("provisioning")

        expected = rendered("provisioning", "mtnghana", provisioning="open")
        assert document == {**expected, "servers": [{"url": "/ns/shop"}]}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("openapi/airtime.json", "collection, disbursement, remittance, provisioning"),
        ("openapi/collection.json?namespace=nobody", "no namespace 'nobody'"),
    ],
)
async def test_what_there_is_no_document_of_is_said(fake: Fake, path: str, said: str) -> None:
    answer = await fake.control("GET", path)

    assert answer.status == 404
    assert said in str(answer.json["error"])
