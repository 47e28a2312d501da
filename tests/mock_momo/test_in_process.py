"""Fakes in this process: there for as long as their block, beside a test's own event loop."""

import asyncio
import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from mock_momo.errors import FakeUnavailable, InvalidSetting
from mock_momo.testing import AsyncControl, Control, async_fake, in_process_fake
from tests.mock_momo.customer import REFERENCE_ID, get, pay
from tests.mock_momo.edge.receiver import receiving


async def test_moving_the_clock_delivers_to_a_receiver_on_the_same_loop() -> None:
    async with async_fake(outcome="SUCCESSFUL; after=30s") as fake, receiving() as receiver:
        world = await fake.namespace("shop")
        await world.freeze()
        await pay(world, callback_url=receiver.url)

        moved = await world.advance(30)

        assert receiver.statuses_seen == ["SUCCESSFUL"]
        assert [row.kind for row in moved.fired] == ["payment_settled", "callback_attempted"]
        assert moved.fired[1].status == 200
        assert (await world.verify()).is_ok


async def test_a_receiver_may_ask_the_fake_while_it_receives() -> None:
    async with async_fake(outcome="SUCCESSFUL; after=30s") as fake, receiving() as receiver:
        world = await fake.namespace("shop")
        await world.freeze()
        await pay(world, callback_url=receiver.url)
        receiver.on_request = world.payments

        await asyncio.gather(world.advance(30), world.advance(0))

        assert receiver.statuses_seen == ["SUCCESSFUL"]


def test_namespaces_have_the_settings_of_their_fake_unless_they_have_others() -> None:
    with in_process_fake(outcome="FAILED", profile="mtnzambia") as fake:
        worlds = [fake.find("default"), fake.namespace("a"), fake.namespace("b", outcome="TIMEOUT")]
        for world in worlds:
            asyncio.run(pay(world))

        states = [(row.state, row.currency) for world in worlds for row in world.payments()]

    assert states == [("FAILED", "ZMW"), ("FAILED", "ZMW"), ("TIMEOUT", "ZMW")]


def test_namespaces_have_the_rules_of_their_fake() -> None:
    with in_process_fake(rules=[{"name": "all", "outcome": "FAILED"}]) as fake:
        worlds = [fake.namespace("a"), fake.namespace("b", rules=[])]

        assert [[rule.name for rule in world.rules()] for world in worlds] == [["all"], []]


@pytest.mark.parametrize(("auto_namespaces", "opened"), [(True, 1), (False, 0)])
async def test_a_made_up_key_opens_a_namespace_where_that_is_wanted(
    *, auto_namespaces: bool, opened: int
) -> None:
    async with async_fake(auto_namespaces=auto_namespaces) as fake:
        default = await fake.find("default")
        stranger = {"collection": "test-made-up"}

        await get(replace(default, base_url=fake.url, subscription_keys=stranger), "/")

        assert len(await fake.names()) == 1 + opened


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"outcom": "FAILED"}, "did you mean 'outcome'"),
        ({"outcome": "NEVER"}, "NEVER"),
        ({"rules": [{"name": "x"}]}, "either an outcome or a fault"),
    ],
)
def test_a_wrong_setting_is_told_before_anything_starts(
    settings: dict[str, Any], told: str
) -> None:
    with pytest.raises(InvalidSetting, match=told), in_process_fake(**settings):
        pass


async def test_a_blocking_fake_can_be_used_where_a_loop_is_running() -> None:
    with in_process_fake() as fake:
        world = fake.namespace("shop")

        assert await pay(world) == 202
        assert [row.reference_id for row in await world.aio.payments()] == [REFERENCE_ID]


async def test_fakes_in_one_process_know_nothing_of_each_other() -> None:
    with in_process_fake() as one:
        async with async_fake() as other:
            await other.namespace("shop")

            assert one.names() == ["default"]
            assert one.url != other.url


async def test_a_fake_that_has_ended_is_unavailable() -> None:
    with in_process_fake() as fake:
        pass

    with pytest.raises(FakeUnavailable, match="inside its `with` block"):
        fake.names()
    with pytest.raises(FakeUnavailable, match=fake.url):
        await fake.aio.names()
    with pytest.raises(FakeUnavailable, match=fake.url):
        Control(fake.url).names()


async def test_another_server_is_told_from_a_fake() -> None:
    async with receiving() as receiver:
        url = f"http://localhost:{receiver.port}"

        with pytest.raises(FakeUnavailable, match=f"what answers at {url} with 200 is not a fake"):
            await AsyncControl(url).names()


def test_importing_the_kit_imports_nothing_of_the_fake_and_of_others() -> None:
    script = (
        "import sys; before = set(sys.modules); import mock_momo.testing;"
        "found = {name for name in set(sys.modules) - before};"
        "print(*{name.split('.')[0] for name in found} - set(sys.stdlib_module_names));"
        "print(*sorted(name for name in found if name.startswith('mock_momo.')))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    packages, modules = done.stdout.splitlines()
    assert packages == "mock_momo"
    assert [
        name for name in modules.split() if re.match(r"mock_momo\.(core|edge|comm)", name)
    ] == []
