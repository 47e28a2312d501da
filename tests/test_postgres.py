"""The PostgreSQL that tests and benches ask for: a real one, and gone when nobody needs it."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.postgres import Postgres, missing, running_postgres

OWNER = """
import sys
from tests.postgres import running_postgres

with running_postgres(durable=False) as server:
    print(server.folder, flush=True)
    sys.stdin.read()
"""
GONE_S = 60

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


def test_it_is_version_16_and_two_databases_are_separate(
    postgres: Postgres, postgres_url: str
) -> None:
    other = postgres.new_database()
    with connected(postgres_url) as here, connected(other) as there:
        here.execute("CREATE TABLE payments (reference_id uuid PRIMARY KEY)")

        assert here.info.server_version // 10_000 == 16
        assert tables(here) == ["payments"]
        assert tables(there) == []
    postgres.drop(other)


def test_it_stops_when_the_body_raises() -> None:
    seen = []

    def fail() -> None:
        with running_postgres(durable=False) as server:
            seen.append((server.folder, postmaster(server.folder)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    [(folder, pid)] = seen
    assert not is_running(pid)
    assert not folder.exists()


def test_it_stops_when_its_owner_is_killed() -> None:
    command = [sys.executable, "-c", OWNER]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as owner:
        assert owner.stdout
        folder = Path(owner.stdout.readline().strip())
        pid = postmaster(folder)
        owner.kill()
        owner.communicate(timeout=GONE_S)  # who guards the server shares its standard error

    assert not is_running(pid)
    assert not folder.exists()


def connected(url: str) -> psycopg.Connection[tuple[object, ...]]:
    conninfo = make_url(url).set(drivername="postgresql").render_as_string()
    return psycopg.connect(conninfo, autocommit=True)


def tables(connection: psycopg.Connection[tuple[object, ...]]) -> list[object]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [row[0] for row in found]


def postmaster(folder: Path) -> int:
    """The id of the server's first process, which runs."""
    pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    assert is_running(pid)
    return pid


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
