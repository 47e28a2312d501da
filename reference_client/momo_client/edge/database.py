"""The connection to the ledger's database.

SQLite: durable, one writer at a time. PostgreSQL: many writers, each locks the rows it changes.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from momo_client.errors import LedgerError

READ_ONLY = {"is_read_only": True}
"""Execution options of a transaction that only reads, and so never waits for a writer."""

BUSY_TIMEOUT_S = 30
"""Assumed: how long a writer waits for another one, and anybody for a connection."""

_SCHEMA_LOCK = 0x6D6F6D6F
"""Any number that others are unlikely to lock: 'momo'."""

_RETRY_S = 0.01


def connect(url: str) -> Engine:
    """An engine for the ledger's URL: an SQLite file or PostgreSQL. Raises LedgerError."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed and "@" in (parsed.host or ""):
        parsed = None  # a password that is not URL-encoded would be shown as a part of the host
    match parsed and parsed.get_backend_name():
        case "sqlite" if parsed and parsed.database not in (None, "", ":memory:"):
            return _connect_sqlite(parsed)
        case "postgresql" if parsed:
            return _connect_postgresql(parsed)
    # The URL itself stays out of the message: it may hold a password.
    raise LedgerError(
        "the ledger URL names neither an SQLite file nor a PostgreSQL database",
        remedy="Set MTN_LEDGER_URL to, say, sqlite:///momo-ledger.sqlite3 or "
        "postgresql://user@host/database, its password URL-encoded.",
        code="LEDGER_URL",
    )


def place_of(url: URL) -> str:
    """Where the ledger is, for people: the whole path of a file, or a URL without its password."""
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or "").absolute())
    return f"{url.host or 'local'}/{url.database}"


def lock_schema(connection: Connection) -> None:
    """Let nobody else create or migrate until this transaction ends; SQLite's begin did that."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_SCHEMA_LOCK)))


def _connect_sqlite(url: URL) -> Engine:
    folder = Path(url.database or "").absolute().parent
    if not folder.is_dir():
        raise LedgerError(
            f"the ledger's folder does not exist: {folder}",
            remedy="Create it, or set MTN_LEDGER_URL to a file in an existing folder.",
            code="LEDGER_URL",
        )
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_S},
        pool_timeout=BUSY_TIMEOUT_S,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _connect_postgresql(url: URL) -> Engine:
    """Reads see what is committed; a writer locks the rows that it changes."""
    own_options = url.query.get("options", "")
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={
                "connect_timeout": BUSY_TIMEOUT_S,
                "tcp_user_timeout": BUSY_TIMEOUT_S * 1000,
                "options": f"{own_options} -c lock_timeout={BUSY_TIMEOUT_S}s".strip(),
            },
            pool_timeout=BUSY_TIMEOUT_S,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError:
        raise LedgerError(
            "a PostgreSQL ledger needs psycopg, which is not installed",
            remedy='Install the extra: pip install "mock-momo[postgres]".',
            code="LEDGER_URL",
        ) from None


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the database's own errors, and those of values it cannot hold, into LedgerError."""
    try:
        yield
    except (SQLAlchemyError, UnicodeError, OverflowError) as error:
        # Without its cause: PostgreSQL's own words may hold a whole row, with the payer's number.
        raise LedgerError(
            f"the ledger cannot be used: {_words(error)}",
            remedy="Check what MTN_LEDGER_URL names: the file's permissions, disk and owner; or "
            "that the database server runs and lets this user in.",
            code="LEDGER_UNUSABLE",
        ) from None


def _words(error: Exception) -> str:
    """What went wrong, without the values at hand."""
    origin = getattr(error, "orig", None) or error
    primary = getattr(getattr(origin, "diag", None), "message_primary", None)
    return str(primary or origin)


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: `_begin` does, and takes the write lock.
    connection.isolation_level = None
    _use_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _use_wal(connection: sqlite3.Connection) -> None:
    # Of two that switch a new file at once SQLite refuses one without waiting: it tries again.
    until_s = monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until_s:
                raise
            sleep(_RETRY_S)
        else:
            return


def _begin(connection: Connection) -> None:
    # A writer locks at once: a deferred one fails if another has written since it read.
    is_read_only = connection.get_execution_options().get("is_read_only")
    connection.exec_driver_sql("BEGIN DEFERRED" if is_read_only else "BEGIN IMMEDIATE")
