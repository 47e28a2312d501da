from collections.abc import AsyncIterator

import pytest

from tests.mock_momo.edge.receiver import Receiver, receiving
from tests.mock_momo.edge.wire import Fake


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    """A fake on a free port; a test during which it met a defect of its own fails."""
    running = Fake()
    await running.start()
    yield running
    await running.server.stop(drain_s=0.1)
    assert running.server.crashes == []


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as running:
        yield running
