"""A log says by itself how it is to be read: whatever can be relied on, wherever that begins."""

import pytest

from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.core.settings import Settings
from mock_momo.edge.wire.server import FakeServer
from momo_contracts.events import ExchangeBegan, NamespaceDescribed, NamespaceReset
from momo_contracts.profiles import Profile
from tests.mock_momo.core.calls import BALANCE
from tests.mock_momo.edge.wire import WALL_MS, Fake

SHOP = "namespaces/shop"
PLAIN = NamespaceDescribed(
    "sandbox", "sandbox", "EUR", "localhost", 3600, "mission", "shared"
)  # fmt: skip
GHANA = NamespaceDescribed(
    "mtnghana", "mtnghana", "GHS", "localhost", 60, "published", "separate"
)  # fmt: skip
GHANA_SETTINGS = {
    "profile": "mtnghana",
    "expires_in_s": 60,
    "switches": {"payment_status": "published", "payment_scope": "separate"},
}


def details(namespace: Namespace | None) -> list[object]:
    assert namespace is not None
    return [event.detail for event in namespace.log.after(0)]


def shop(fake: Fake) -> list[object]:
    return details(fake.registry.find("shop"))


async def test_every_namespace_is_described_before_anything_happens_in_it(fake: Fake) -> None:
    await fake.control("PUT", SHOP, GHANA_SETTINGS)

    assert details(fake.registry.default) == [PLAIN]
    assert shop(fake) == [GHANA]
    assert next(fake.registry.default.log.after(0)).at_ms == WALL_MS


async def test_a_namespace_that_a_key_opens_is_described_before_its_first_request(
    fake: Fake,
) -> None:
    fake.registry._opens_by_key = True  # noqa: SLF001  # as the flag does
    headers = fake.headers() | {"Ocp-Apim-Subscription-Key": "test-1"}
    await fake.ask("GET", BALANCE, headers)

    (opened,) = (row for row in fake.registry.all() if row is not fake.registry.default)
    described, began, _ended = details(opened)
    assert described == PLAIN
    assert isinstance(began, ExchangeBegan)


async def test_one_that_is_emptied_is_described_again(fake: Fake) -> None:
    await fake.control("PUT", SHOP)
    await fake.control("POST", f"{SHOP}/reset")
    await fake.control("PUT", SHOP, GHANA_SETTINGS)

    assert shop(fake) == [PLAIN, NamespaceReset(), PLAIN, NamespaceReset(), GHANA]


@pytest.mark.parametrize(
    ("settings", "described"),
    [
        (GHANA_SETTINGS, [GHANA]),
        ({"expires_in_s": 3600, "seed": 7, "opening_balance": "5"}, []),
        ({}, []),
    ],
)
async def test_other_settings_describe_it_again_where_its_description_is_another(
    fake: Fake, settings: dict[str, object], described: list[object]
) -> None:
    await fake.control("PUT", SHOP)
    await fake.control("PATCH", SHOP, settings)

    assert shop(fake) == [PLAIN, *described]


async def test_other_defaults_describe_every_namespace_that_has_them(fake: Fake) -> None:
    await fake.control("PUT", SHOP, {"expires_in_s": 5})
    of_its_own = shop(fake)
    fake.registry.replace_defaults(
        Settings(
            Profile.of("mtnghana"),
            expires_in_s=60,
            chosen={"payment_status": "published", "payment_scope": "separate"},
        ),
        (),
        WALL_MS,
    )

    assert details(fake.registry.default) == [PLAIN, GHANA]
    assert shop(fake) == of_its_own


async def test_a_state_that_is_put_back_brings_its_description(fake: Fake) -> None:
    await fake.control("PUT", SHOP, GHANA_SETTINGS)
    state = (await fake.control("GET", f"{SHOP}/state")).json
    await fake.control("PUT", "namespaces/other/state", state | {"namespace": "other"})

    assert details(fake.registry.find("other")) == [PLAIN, GHANA]
    again = (await fake.control("GET", "namespaces/other/state")).json
    assert again["events"] == state["events"], "a description is no event of the world's own"


async def test_a_server_that_takes_another_port_does_not_describe_again() -> None:
    registry = Registry(Settings())
    for _ in range(2):
        FakeServer(registry, lambda: WALL_MS)

    registry.create("shop", Settings())

    assert details(registry.default) == details(registry.find("shop")) == [PLAIN]
