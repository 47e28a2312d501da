"""The pytest plugin: `momo`, a namespace of its own for each test, in one fake per session.

    @pytest.mark.momo(outcome="FAILED; reason=NOT_ENOUGH_FUNDS")
    def test_checkout(momo):
        client = MyClient(momo.base_url, momo.api_user, momo.api_key)

When the test has ended, a request that the API does not know and a callback that was not delivered
are errors. Nothing of the fake is imported until a test asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_momo.testing import Control, Verification, World

_MARKER = (
    "momo(verify=True, **settings): settings of the namespace that the fixture `momo` gives "
    "(outcome, rules, profile, …); verify=False lets it end with unknown requests and "
    "undelivered callbacks."
)
_REMEDY = "if that is meant, mark the test with @pytest.mark.momo(verify=False)"


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def momo_server() -> Iterator[Control]:
    """A running fake, one per session (and per worker under xdist)."""
    from mock_momo.testing import running_fake  # noqa: PLC0415  # keeps pytest's start-up free of us

    with running_fake() as control:
        yield control


@pytest.fixture
def momo(momo_server: Control, request: pytest.FixtureRequest) -> Iterator[World]:
    """A fresh namespace, seen by no other test: `momo.base_url`, `momo.books()`.

    Verified and taken away after the test; @pytest.mark.momo(outcome="FAILED", verify=False)
    chooses its settings and whether it is verified.
    """
    settings = _marked(request.node)
    is_verified = settings.pop("verify", True)
    world = _fresh(momo_server, request.node, settings)
    yield world
    if world.name not in momo_server.names():
        return
    verification = world.verify() if is_verified else None
    world.delete()
    if verification is not None and not verification.is_ok:
        pytest.fail(_complaint(verification), pytrace=False)


def _marked(item: pytest.Item) -> dict[str, Any]:
    """What the test's markers say, the nearest first."""
    settings: dict[str, Any] = {}
    for marker in item.iter_markers("momo"):
        if marker.args:
            pytest.fail(
                f"@pytest.mark.momo takes keywords only, such as outcome={marker.args[0]!r}",
                pytrace=False,
            )
        settings = {**marker.kwargs, **settings}
    return settings


def _fresh(server: Control, item: pytest.Item, settings: dict[str, Any]) -> World:
    import hashlib  # noqa: PLC0415  # keeps pytest's start-up free of us

    from mock_momo.testing import InvalidSetting  # noqa: PLC0415  # likewise

    digest = hashlib.blake2b(item.nodeid.encode(), digest_size=8).hexdigest()
    try:
        return server.namespace(f"test-{digest}", **settings)
    except InvalidSetting as problem:
        told = f"@pytest.mark.momo takes verify and the settings of a namespace: {problem}"
        raise pytest.fail.Exception(told, pytrace=False) from None


def _complaint(verification: Verification) -> str:
    problems = [
        f"{problem.kind.replace('_', ' ')}: {problem.why}" for problem in verification.problems
    ]
    return "\n".join(f"momo: {line}" for line in [*problems, _REMEDY])
