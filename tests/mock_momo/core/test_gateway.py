import re
from dataclasses import replace

import pytest

from mock_momo.core import gateway
from mock_momo.core.calls import ApiUserFacts, PartyFacts, Unreadable
from mock_momo.core.namespace import Namespace
from mock_momo.core.replies import Accepted, MissionFound, Refusal, Reply, TokenIssued
from mock_momo.core.routes import find
from mock_momo.core.settings import Settings
from momo_contracts import wire_errors
from momo_contracts.operations import CATALOGUE, OPERATIONS
from momo_contracts.plans import parse_plan
from momo_contracts.values import Product
from momo_contracts.wire_errors import WireError
from tests.mock_momo.core.calls import (
    BALANCE,
    NOW_MS,
    ORDER,
    REFERENCE_ID,
    REQUEST_TO_PAY,
    TOKEN,
    basic,
    call,
)

NOBODY = PartyFacts(None, None)
STATUS = f"{REQUEST_TO_PAY}/{REFERENCE_ID}"


def world(settings: Settings | None = None) -> Namespace:
    return Namespace("default", settings or Settings())


def ask(namespace: Namespace, method: str, path: str, **changes: object) -> Reply:
    return gateway.answer(namespace, call(namespace, method, path, **changes), NOW_MS)[0]


def error(reply: Reply) -> WireError:
    assert isinstance(reply, Refusal)
    return reply.error


ORDER_OF_CHECKS: tuple[tuple[str, dict[str, object], WireError], ...] = (
    # everything from a row down is wrong at once: the row's own error must win
    ("length", {"has_length": False}, wire_errors.LENGTH_REQUIRED),
    ("no key", {"subscription_key": None}, wire_errors.MISSING_SUBSCRIPTION_KEY),
    ("bearer", {"authorization": "Bearer x"}, wire_errors.INVALID_BEARER),
    ("reference id", {"reference_id": "7"}, wire_errors.BAD_REQUEST),
    ("environment", {"target_environment": "mtnghana"}, wire_errors.NOT_ALLOWED_TARGET_ENVIRONMENT),
    ("plan", {"outcome": "MAYBE"}, wire_errors.INVALID_PLAN),
    ("host", {"callback_url": "http://evil.test/"}, wire_errors.INVALID_CALLBACK_URL_HOST),
    ("payer", {"body": replace(ORDER, party=NOBODY, currency="USD")}, wire_errors.EMPTY_PARTY),
    ("currency", {"body": replace(ORDER, currency="USD")}, wire_errors.INVALID_CURRENCY),
)


@pytest.mark.parametrize(
    "row", range(len(ORDER_OF_CHECKS)), ids=[row[0] for row in ORDER_OF_CHECKS]
)
def test_the_first_thing_that_is_wrong_decides(row: int) -> None:
    changes: dict[str, object] = {}
    for _, wrong, _ in reversed(ORDER_OF_CHECKS[row:]):
        changes |= wrong

    assert error(ask(world(), "POST", REQUEST_TO_PAY, **changes)) is ORDER_OF_CHECKS[row][2]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (Unreadable("not JSON"), wire_errors.BAD_REQUEST),
        (None, wire_errors.BAD_REQUEST),
        (replace(ORDER, amount=None), wire_errors.BAD_REQUEST),
        (replace(ORDER, currency=None), wire_errors.BAD_REQUEST),
        (replace(ORDER, party=None), wire_errors.BAD_REQUEST),
        (replace(ORDER, amount="0"), wire_errors.BAD_REQUEST),
        (replace(ORDER, amount="-5"), wire_errors.BAD_REQUEST),
        (replace(ORDER, amount="1e3"), wire_errors.BAD_REQUEST),
        (replace(ORDER, party=PartyFacts("", "")), wire_errors.EMPTY_PARTY),
        (replace(ORDER, party=PartyFacts("MSISDN", None)), wire_errors.BAD_REQUEST),
        (replace(ORDER, party=PartyFacts(None, "1")), wire_errors.BAD_REQUEST),
        (replace(ORDER, currency="eur"), wire_errors.INVALID_CURRENCY),
    ],
)
def test_a_wrong_body_is_refused_and_nothing_is_made(body: object, wanted: WireError) -> None:
    namespace = world()

    assert error(ask(namespace, "POST", REQUEST_TO_PAY, body=body)) is wanted
    assert namespace.engine.payments == {}


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("http://localhost/cb", None), ("https://LOCALHOST:8080/cb", None),
        ("", wire_errors.BAD_REQUEST),
        ("http://a.localhost/", wire_errors.INVALID_CALLBACK_URL_HOST),
        ("http://localhost@evil.test/", wire_errors.INVALID_CALLBACK_URL_HOST),
        ("http://evil.test/localhost", wire_errors.INVALID_CALLBACK_URL_HOST),
        ("http://[", wire_errors.INVALID_CALLBACK_URL_HOST),
    ],
)  # fmt: skip
def test_a_callback_goes_to_the_registered_host_alone(url: str, refused: WireError | None) -> None:
    reply = ask(world(), "POST", REQUEST_TO_PAY, callback_url=url)

    assert reply == Accepted() if refused is None else error(reply) is refused


def test_a_nonsense_host_matches_no_nonsense_url() -> None:
    namespace = world()
    namespace.engine.api_users[namespace.credentials.api_user].callback_host = "["

    reply = ask(namespace, "POST", REQUEST_TO_PAY, callback_url="http://[")

    assert error(reply) is wire_errors.INVALID_CALLBACK_URL_HOST


def test_the_namespace_plans_what_nothing_else_plans() -> None:
    namespace = world(Settings(plan=parse_plan("REJECTED")))
    ask(namespace, "POST", REQUEST_TO_PAY)

    assert namespace.engine.payments[REFERENCE_ID].plan == parse_plan("REJECTED")


def test_a_reference_id_in_capitals_is_the_same_payment() -> None:
    namespace = world()
    ask(namespace, "POST", REQUEST_TO_PAY, reference_id=REFERENCE_ID.upper())

    again = ask(namespace, "POST", REQUEST_TO_PAY)
    found = ask(namespace, "GET", f"/collection/v2_0/payment/{REFERENCE_ID.upper()}")

    assert error(again) is wire_errors.DUPLICATE_REFERENCE
    assert isinstance(found, MissionFound)


@pytest.mark.parametrize("product", [Product.DISBURSEMENT, Product.REMITTANCE])
def test_each_product_has_its_own_key_and_provisioning_takes_any(product: Product) -> None:
    namespace = world()
    key = namespace.credentials.subscription_keys[product]
    facts = ApiUserFacts("localhost")

    refused = ask(namespace, "GET", BALANCE, subscription_key=key)
    taken = ask(namespace, "POST", "/v1_0/apiuser", subscription_key=key, body=facts)

    assert error(refused) is wire_errors.INVALID_SUBSCRIPTION_KEY
    assert not isinstance(taken, Refusal)


def test_switches_change_exactly_what_they_name() -> None:
    separate = world(Settings(chosen={"payment_scope": "separate"}))
    ask(separate, "POST", REQUEST_TO_PAY)
    wrong = basic(separate.credentials.api_user, "wrong")

    view = ask(separate, "GET", f"/collection/v2_0/payment/{REFERENCE_ID}")
    assert error(view) is wire_errors.NOT_FOUND
    assert not isinstance(ask(separate, "GET", STATUS), Refusal)
    assert ask(separate, "POST", TOKEN, authorization=wrong).status is None  # type: ignore[union-attr]  # refused, above

    recorded = world(Settings(chosen={"login_error": "recorded_500"}))
    refused = ask(recorded, "POST", TOKEN, authorization=basic("nobody", "wrong"))
    assert error(refused) is wire_errors.LOGIN_FAILED
    assert refused.status == 500  # type: ignore[union-attr]  # refused, above
    assert isinstance(ask(recorded, "POST", TOKEN), TokenIssued)


@pytest.mark.parametrize("operation", CATALOGUE, ids=lambda row: row.name)
def test_every_operation_is_found_at_its_path_and_at_no_other_method(operation: object) -> None:
    assert isinstance(operation, type(CATALOGUE[0]))
    path = re.sub(r"{\w+}", REFERENCE_ID, operation.path)

    assert find(operation.method, path)[0] is operation
    assert find("DELETE", path)[0] is None
    assert find(operation.method, path + "/x/y/z")[0] is None
    assert (
        find(operation.method, path.removesuffix("/") + ("" if path.endswith("/") else "/"))[0]
        is None
    )


@pytest.mark.parametrize(
    "path", ["", "/", "//", "*", "collection", "/collection", "/v1_0/", "/../x", "/é"]
)
def test_no_path_makes_the_routes_fail(path: str) -> None:
    assert find("GET", path)[0] is None
    assert isinstance(ask(world(), "GET", path), Refusal)


@pytest.mark.parametrize("segment", ["{}", "{reference_id}", "*"])
def test_a_segment_of_any_text_is_the_parameter_that_it_stands_for(segment: str) -> None:
    operation, names = find("GET", f"/collection/v1_0/account/balance/{segment}")

    assert (operation is OPERATIONS["collection.balance_in_currency"], names) == (True, (segment,))
