"""The control token, over a real socket."""

from collections.abc import AsyncIterator

import pytest

from mock_momo.core.registry import Registry
from mock_momo.core.settings import Settings
from mock_momo.edge.wire.server import FakeServer
from tests.mock_momo.edge.wire import Fake

TOKEN = "correct-horse-battery"
ROUTES = ("namespaces", "namespaces/default/events/stream", "openapi.json", "%68ealth", "health/")
AUTHORIZATIONS = (None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer \u00ff", TOKEN)


@pytest.fixture
async def guarded() -> AsyncIterator[Fake]:
    fake = Fake()
    fake.registry = Registry(Settings())
    fake.server = FakeServer(fake.registry, fake.wall, control_token=TOKEN)
    await fake.start()
    yield fake
    await fake.server.stop(drain_s=0.1)
    assert fake.server.crashes == []


@pytest.mark.parametrize("path", ROUTES)
async def test_nothing_but_health_and_ready_is_answered_without_it(
    guarded: Fake, path: str
) -> None:
    answer = await guarded.control("GET", path)

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "Authorization: Bearer <token>" in str(answer.json["error"])


@pytest.mark.parametrize("authorization", AUTHORIZATIONS)
async def test_what_is_not_it_opens_nothing(guarded: Fake, authorization: str | None) -> None:
    headers = {"Host": "x", "Authorization": authorization}
    answer = await guarded.ask("GET", "/_mock/v1/namespaces", headers)

    assert answer.status == 401
    is_a_token = (authorization or "").startswith("Bearer ")
    assert ("the one sent is another" in str(answer.json["error"])) is is_a_token


async def test_the_api_itself_does_not_ask_for_it(guarded: Fake) -> None:
    assert (await guarded.ask("GET", "/nothing", {"Host": "x"})).status == 404
