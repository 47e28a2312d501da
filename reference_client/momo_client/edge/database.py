"""The connection to the ledger's database: SQLite, durable, one writer at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from momo_client.errors import LedgerError

READ_ONLY = {"is_read_only": True}
"""Execution options of a transaction that only reads, and so never waits for a writer."""

BUSY_TIMEOUT_S = 30
"""Assumed: how long a writer waits for another one, and anybody for a connection."""

_RETRY_S = 0.01


def connect(url: str) -> Engine:
    """An engine for the ledger's URL. Raises LedgerError for anything but an SQLite file."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    # The URL itself stays out of the message: it may hold a password.
    database = parsed.database if parsed and parsed.get_backend_name() == "sqlite" else None
    if parsed is None or database in (None, "", ":memory:"):
        raise LedgerError(
            "the ledger URL does not name an SQLite file",
            remedy="Set MTN_LEDGER_URL to, say, sqlite:///momo-ledger.sqlite3.",
            code="LEDGER_URL",
        )
    folder = file_of(parsed).parent
    if not folder.is_dir():
        raise LedgerError(
            f"the ledger's folder does not exist: {folder}",
            remedy="Create it, or set MTN_LEDGER_URL to a file in an existing folder.",
            code="LEDGER_URL",
        )
    engine = create_engine(
        parsed,
        connect_args={"timeout": BUSY_TIMEOUT_S},
        pool_timeout=BUSY_TIMEOUT_S,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def file_of(url: URL) -> Path:
    """The SQLite file that a URL names, whole."""
    return Path(url.database or "").absolute()


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the database's own errors, and those of values it cannot hold, into LedgerError."""
    try:
        yield
    except (SQLAlchemyError, UnicodeError, OverflowError) as error:
        raise LedgerError(
            f"the ledger cannot be used: {getattr(error, 'orig', None) or error}",
            remedy="Check the file behind MTN_LEDGER_URL: its permissions, its disk, its owner.",
            code="LEDGER_UNUSABLE",
        ) from error


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
