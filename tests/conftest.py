from collections.abc import Generator

import pytest

from tests import documented

documented.watch()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """A test fails in which the fake answered what its OpenAPI document does not say."""
    documented.complaints.clear()
    yield
    assert documented.complaints == []
