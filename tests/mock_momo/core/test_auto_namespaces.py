"""An unknown subscription key opens a world of its own, where that was asked for."""

from mock_momo.core import gateway
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import MOST_OPENED, Registry
from mock_momo.core.replies import Refusal, Reply, TokenIssued
from mock_momo.core.settings import Settings
from momo_contracts.wire_errors import INVALID_BEARER
from tests.mock_momo.core.calls import BALANCE, NOW_MS, TOKEN, basic, bearer, call


def rooms() -> Registry:
    return Registry(Settings(expires_in_s=90), opens_by_key=True)


def opened(registry: Registry, key: str) -> Namespace:
    request = call(registry.default, "POST", TOKEN, subscription_key=key)
    namespace, how = registry.attribute(request)
    assert how == "subscription key"
    return namespace


def test_the_default_user_gets_a_token_with_a_key_that_was_made_up() -> None:
    registry = rooms()
    default = registry.default.credentials
    request = call(
        registry.default, "POST", TOKEN,
        subscription_key="test-1", authorization=basic(default.api_user, default.api_key),
    )  # fmt: skip

    namespace, _ = registry.attribute(request)
    reply, _ = gateway.answer(namespace, request, NOW_MS)

    assert isinstance(reply, TokenIssued)
    assert reply.expires_in_s == 90, "it has the server's settings"
    assert namespace is not registry.default
    assert namespace.name in registry.names()


def test_the_same_key_finds_the_same_world_and_another_key_another() -> None:
    registry = rooms()

    assert opened(registry, "a") is opened(registry, "a")
    assert opened(registry, "a") is not opened(registry, "b")


def test_a_token_of_one_opened_world_is_worth_nothing_in_another() -> None:
    registry = rooms()
    token = bearer(opened(registry, "a"))
    request = call(registry.default, "GET", BALANCE, subscription_key="b", authorization=token)

    reply: Reply = gateway.answer(opened(registry, "b"), request, NOW_MS)[0]

    assert isinstance(reply, Refusal)
    assert reply.error is INVALID_BEARER


def test_known_keys_keep_their_worlds() -> None:
    registry = rooms()
    mine = registry.create("mine", Settings())

    for namespace in (registry.default, mine):
        key = next(iter(namespace.credentials.subscription_keys.values()))
        assert opened(registry, key) is namespace


def test_the_world_that_is_idle_longest_makes_room() -> None:
    registry = rooms()
    first, second = opened(registry, "0"), opened(registry, "1")
    for number in range(2, MOST_OPENED):
        opened(registry, str(number))
    assert opened(registry, "0") is first

    opened(registry, "one more")

    assert opened(registry, "0") is first
    assert registry.find(second.name) is None
    assert opened(registry, "1") is not second


def test_without_the_option_an_unknown_key_opens_nothing() -> None:
    registry = Registry(Settings())
    request = call(registry.default, "POST", TOKEN, subscription_key="test-1", authorization=None)

    assert registry.attribute(request) == (registry.default, "default")
    assert registry.names() == ["default"]


def test_a_namespace_that_is_made_by_its_name_takes_over_what_its_key_had_opened() -> None:
    """`mock-momo env` tells a namespace's key before the namespace is there."""
    registry = rooms()
    named = Namespace("checkout", Settings())
    asked = call(named, "GET", BALANCE)
    opened, _ = registry.attribute(asked)
    named = registry.create("checkout", Settings())

    registry.remove(opened)
    assert registry.attribute(asked) == (named, "subscription key")
    registry.remove(named)
    assert registry.names() == ["default"]


def test_a_key_of_any_bytes_opens_a_world() -> None:
    key = b"caf\xe9".decode(errors="surrogateescape")

    assert opened(rooms(), key) is not None
