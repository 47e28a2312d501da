from collections.abc import Generator, Iterator

import pytest

from tests import documented
from tests.postgres import Postgres, missing, running_postgres

documented.watch()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """A test fails in which the fake answered what its OpenAPI document does not say."""
    documented.complaints.clear()
    yield
    assert documented.complaints == []


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the run, or for each of its workers."""
    if reason := missing():
        pytest.skip(reason)
    with running_postgres(durable=False) as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A new database, empty, for this test alone."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)
