import pytest

from mock_momo.core import gateway
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import MOST_REMEMBERED, Registry
from mock_momo.core.replies import Refusal
from mock_momo.core.settings import Settings
from momo_contracts.values import Product
from momo_contracts.wire_errors import INVALID_BEARER, MISSING_SUBSCRIPTION_KEY
from tests.mock_momo.core.calls import BALANCE, NOW_MS, TOKEN, basic, bearer, call


def registry() -> Registry:
    rooms = Registry(Settings())
    for name in ("one", "two"):
        rooms.create(name, Settings())
    return rooms


def room(rooms: Registry, name: str) -> Namespace:
    found = rooms.find(name)
    assert found is not None
    return found


def key_of(namespace: Namespace, product: Product = Product.COLLECTION) -> str:
    return namespace.credentials.subscription_keys[product]


ATTRIBUTIONS = (
    # whose key, whose authorization, how it is carried -> whose request, found how
    ("one", "two", "bearer", "one", "subscription key"),
    ("one", "two", "basic", "one", "subscription key"),
    ("one", None, "none", "one", "subscription key"),
    (None, "two", "bearer", "two", "bearer"),
    (None, "two", "basic", "two", "basic user"),
    ("unknown", "two", "bearer", "two", "bearer"),
    ("unknown", "two", "basic", "two", "basic user"),
    ("unknown", "unknown", "basic", "default", "default"),
    (None, "unknown", "bearer", "default", "default"),
    (None, None, "none", "default", "default"),
)


@pytest.mark.parametrize(("key", "user", "how", "owner", "found_by"), ATTRIBUTIONS)
def test_a_request_belongs_to_key_then_bearer_then_basic_user_then_default(
    key: str | None, user: str | None, how: str, owner: str, found_by: str
) -> None:
    rooms = registry()
    stranger = Namespace("unknown", Settings())
    keyed = stranger if key == "unknown" else room(rooms, key or "default")
    authorized = stranger if user == "unknown" else room(rooms, user or "default")
    header = {
        "bearer": bearer(authorized),
        "basic": basic(authorized.credentials.api_user, "wrong key"),
        "none": None,
    }[how]

    request = call(
        keyed,
        "GET",
        BALANCE,
        subscription_key=None if key is None else key_of(keyed),
        authorization=header,
    )

    assert rooms.attribute(request) == (room(rooms, owner), found_by)


@pytest.mark.parametrize("product", Product)
def test_the_key_of_any_product_finds_its_namespace(product: Product) -> None:
    rooms = registry()
    one = room(rooms, "one")

    request = call(one, "GET", BALANCE, subscription_key=key_of(one, product), authorization=None)

    assert rooms.attribute(request) == (one, "subscription key")


def test_being_attributed_is_not_being_let_in() -> None:
    rooms = registry()
    one, two = room(rooms, "one"), room(rooms, "two")

    by_key = call(one, "GET", BALANCE, authorization=bearer(two))
    by_bearer = call(two, "GET", BALANCE, subscription_key=None)

    for request, owner, wanted in (
        (by_key, one, INVALID_BEARER),
        (by_bearer, two, MISSING_SUBSCRIPTION_KEY),
    ):
        namespace, _ = rooms.attribute(request)
        reply, effects = gateway.answer(namespace, request, NOW_MS)
        assert namespace is owner
        assert isinstance(reply, Refusal)
        assert (reply.error, effects) == (wanted, ())


def test_a_forged_token_is_attributed_to_its_claim_and_refused() -> None:
    rooms = registry()
    two = room(rooms, "two")
    request = call(two, "GET", BALANCE, authorization=bearer(two)[:-4] + "AAAA")

    namespace, _ = rooms.attribute(request)
    reply, _ = gateway.answer(namespace, request, NOW_MS)

    assert isinstance(reply, Refusal)
    assert reply.error is INVALID_BEARER


def test_an_api_user_made_in_a_namespace_finds_it_until_a_reset() -> None:
    rooms = registry()
    one = room(rooms, "one")
    one.engine.api_users["u"] = one.engine.api_users[one.credentials.api_user]
    request = call(one, "POST", TOKEN, subscription_key=None, authorization=basic("u", "k"))

    assert rooms.attribute(request) == (one, "basic user")
    one.reset(NOW_MS)
    assert rooms.attribute(request) == (rooms.default, "default")


def test_a_namespace_that_is_made_again_knows_none_of_its_old_tokens() -> None:
    rooms = registry()
    issued = []
    for _ in range(3):
        one = room(rooms, "one")
        issued.append(bearer(one))
        rooms.remove(one)
        issued.append(bearer(one))
        rooms.create("one", Settings())

    one = room(rooms, "one")
    for token in issued:
        reply, _ = gateway.answer(one, call(one, "GET", BALANCE, authorization=token), NOW_MS)
        assert isinstance(reply, Refusal)
        assert reply.error is INVALID_BEARER


def test_what_is_remembered_of_removed_namespaces_is_bounded() -> None:
    rooms = registry()
    for number in range(MOST_REMEMBERED + 1):
        rooms.remove(rooms.create(str(number), Settings()))

    assert [rooms.create(name, Settings()).resets for name in ("0", "1")] == [0, 2]


def test_names_are_listed_in_order_and_unknown_ones_are_not_found() -> None:
    rooms = registry()

    assert rooms.names() == ["default", "one", "two"]
    assert rooms.find("three") is None
