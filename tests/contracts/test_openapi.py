"""The documents of the API: as they are kept, complete, and true to the switches."""

import json
from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from momo_contracts import messages
from momo_contracts.openapi import PRODUCTS, PROVISIONING, Document
from momo_contracts.operations import CATALOGUE, Authentication, Operation
from momo_contracts.profiles import PROFILES
from momo_contracts.switches import SWITCHES
from tests.contracts.renderings import FOLDER, rendered, text_of

EVERY_CHOICE = [(row.name, value) for row in SWITCHES.values() for value in row.values]
BODIES: dict[str, type[BaseModel]] = {
    "payer_order": messages.PayerOrderBody,
    "payee_order": messages.PayeeOrderBody,
    "refund_order": messages.RefundBody,
    "payment_order": messages.PaymentBody,
    "notification": messages.NotificationBody,
    "new_api_user": messages.ApiUserBody,
}


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def operation(name: str, **chosen: str) -> Document:
    """By its name; empty where it is not served."""
    product = name.partition(".")[0].replace("apiuser", PROVISIONING)
    found = dict(operations(rendered(product, **chosen))).values()
    return next((row for row in found if row["operationId"] == name), {})


def nodes(node: object) -> Iterator[Document]:
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from nodes(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from nodes(inner)


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_file_is_what_is_made_today(product: str) -> None:
    kept = (FOLDER / f"{product}.json").read_text("utf-8")

    assert kept == text_of(product), "make openapi"


def test_every_operation_of_the_catalogue_stands_in_one_document() -> None:
    documented = {
        operation["operationId"]: where
        for product in PRODUCTS
        for where, operation in operations(rendered(product))
    }

    assert documented == {row.name: f"{row.method} {row.path}" for row in CATALOGUE}


@pytest.mark.parametrize(("switch", "value"), EVERY_CHOICE)
@pytest.mark.parametrize("product", PRODUCTS)
def test_a_document_is_whole_whatever_is_chosen(product: str, switch: str, value: str) -> None:
    document = rendered(product, **{switch: value})
    json.dumps(document)

    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for node in nodes(document):
        if "$ref" in node:
            _, _, kind, name = node["$ref"].split("/")
            assert name in document["components"][kind]


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_schema_of_a_document_is_used_in_it(product: str) -> None:
    document = rendered(product)
    used = {node["$ref"].rpartition("/")[2] for node in nodes(document) if "$ref" in node}

    assert set(document["components"]["schemas"]) <= used


@pytest.mark.parametrize("product", PRODUCTS)
def test_links_lead_to_operations_of_the_document_by_their_parameters(product: str) -> None:
    document = rendered(product)
    known = {row["operationId"]: row for _, row in operations(document)}
    followed = 0
    for row in known.values():
        for response in row["responses"].values():
            for link in response.get("links", {}).values():
                wanted = {
                    f"{parameter['in']}.{parameter['name']}"
                    for parameter in known[link["operationId"]]["parameters"]
                }
                assert set(link["parameters"]) <= wanted
                followed += 1

    assert followed


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.name)
def test_an_operation_asks_for_a_subscription_key_and_its_own_credentials(row: Operation) -> None:
    own: set[str] = {
        Authentication.NONE: set(),
        Authentication.BASIC: {"api_user"},
        Authentication.BEARER: {"token"},
    }[row.authentication]

    assert [set(wanted) for wanted in operation(row.name)["security"]] == [
        {"subscription_key"} | own,
        {"subscription_key_in_query"} | own,
    ]


@pytest.mark.parametrize("profile", PROFILES)
def test_an_environment_has_its_own_name_and_currency(profile: str) -> None:
    row = PROFILES[profile].environment
    document = rendered("collection", profile)
    named = {
        parameter["name"]: parameter["schema"]
        for _, operation in operations(document)
        for parameter in operation["parameters"]
    }

    assert named["X-Target-Environment"] == {"enum": [row.name]}
    assert named["currency"] == {"enum": [row.currency.code]}


CREATE, STATUS = "collection.requesttopay.create", "collection.requesttopay.status"


def test_switches_take_operations_away() -> None:
    assert rendered(PROVISIONING, provisioning="absent")["paths"] == {}
    assert operation("remittance.balance_in_currency")
    missing = operation("remittance.balance_in_currency", remittance_balance_in_currency="missing")
    assert not missing


def test_wrong_credentials_are_documented_as_they_are_answered() -> None:
    assert "500" not in operation("collection.token")["responses"]
    recorded = operation("collection.token", login_error="recorded_500")["responses"]
    assert "login_failed" in json.dumps(recorded["500"])
    assert "login_failed" not in json.dumps(recorded["401"])


def test_a_body_that_the_token_operation_does_not_want_is_documented() -> None:
    assert "400" not in operation("collection.token")["responses"]
    assert "400" in operation("collection.token", token_body="refused")["responses"]
    page = operation("collection.token", token_body="form_meets_waf")["responses"]["200"]
    assert set(page["content"]) == {"application/json", "text/html"}


@pytest.mark.parametrize(
    ("scope", "status", "forms"),
    [
        ("shared", "mission", {"payment_status", "payment_status_mission"}),
        *((scope, "published", {"payment_status"}) for scope in ("shared", "separate")),
        ("separate", "mission", {"payment_status"}),
    ],
)
def test_a_payment_has_the_forms_that_are_served(scope: str, status: str, forms: set[str]) -> None:
    chosen = {"payment_scope": scope, "payment_status": status}
    document = rendered("collection", **chosen)
    links = operation(CREATE, **chosen)["responses"]["202"]["links"]

    assert {name for name in document["components"]["schemas"] if "payment_st" in name} == forms
    assert ("collection.payment.status" in links) == (scope == "shared")


def test_callbacks_are_made_as_they_are_sent() -> None:
    def methods(name: str, **chosen: str) -> list[str]:
        return list(*operation(name, **chosen)["callbacks"]["told"].values())

    assert methods(CREATE) == ["post"]
    assert methods(CREATE, callback_method="PUT") == ["put"]
    by_version = {"callback_method": "by_version"}
    assert methods("disbursement.deposit.create", **by_version) == ["post"]
    assert methods("disbursement.deposit.create_v2", **by_version) == ["put"]
    assert "callbacks" not in operation(CREATE, callback_delivery="never")


@pytest.mark.parametrize("validation", ["lenient", "strict"])
@pytest.mark.parametrize("name", BODIES)
def test_bodies_have_the_keys_that_are_read(name: str, validation: str) -> None:
    documents = [rendered(product, validation=validation) for product in PRODUCTS]
    schemas = {
        key: row for found in documents for key, row in found["components"]["schemas"].items()
    }

    assert set(schemas[name]["properties"]) == set(BODIES[name].model_fields)
