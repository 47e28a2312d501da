"""The pytest plugin: `momo`, a namespace of its own for each test, in one fake per session.

    def test_checkout(momo):
        client = MyClient(momo.base_url, momo.api_user, momo.api_key)

Nothing of the fake is imported until a test asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_momo.testing import Control, World


@pytest.fixture(scope="session")
def momo_server() -> Iterator[Control]:
    """A running fake, one per session (and per worker under xdist)."""
    from mock_momo.testing import running_fake  # noqa: PLC0415  # keeps pytest's start-up free of us

    with running_fake() as control:
        yield control


@pytest.fixture
def momo(momo_server: Control, request: pytest.FixtureRequest) -> World:
    """A fresh namespace, seen by no other test: `momo.base_url`, `momo.books()`."""
    import hashlib  # noqa: PLC0415  # keeps pytest's start-up free of us

    digest = hashlib.blake2b(request.node.nodeid.encode(), digest_size=8).hexdigest()
    return momo_server.namespace(f"test-{digest}")
