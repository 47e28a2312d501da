"""Whatever goes wrong with a request is written down in the world that it is about."""

import pytest

from mock_momo.core.settings import Settings
from momo_contracts.events import ExchangeEnded
from tests.mock_momo.edge.wire import Fake

REQUEST_TO_PAY = "/collection/v1_0/requesttopay"


@pytest.mark.parametrize("prefix", ["", "/ns/mine"])
async def test_an_oversized_body_is_logged_where_its_prefix_or_key_points(
    fake: Fake, prefix: str
) -> None:
    mine = fake.registry.create("mine", Settings())

    answer = await fake.ask("POST", prefix + REQUEST_TO_PAY, fake.headers(mine), b"x" * 2**21)

    assert answer.status == 413
    assert _statuses(fake, "mine") == [413]
    assert _statuses(fake, "default") == []


async def test_a_mistyped_prefix_never_reaches_the_wallet_of_its_key(fake: Fake) -> None:
    mine = fake.registry.create("mine", Settings())

    answer = await fake.ask("GET", "/ns/mien/collection/v1_0/account/balance", fake.headers(mine))

    assert (answer.status, _statuses(fake, "mine")) == (404, [404])
    assert answer.why == "no namespace 'mien'; create it with PUT /_mock/v1/namespaces/mien"


def _statuses(fake: Fake, name: str) -> list[int]:
    namespace = fake.registry.find(name)
    assert namespace is not None
    details = (event.detail for event in namespace.log.after(0))
    return [detail.status for detail in details if isinstance(detail, ExchangeEnded)]
