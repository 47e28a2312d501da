"""The connection to the ledger's database: SQLite, durable, one writer at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry

from momo_client.errors import LedgerError

READ_ONLY = {"is_read_only": True}
"""Execution options of a transaction that only reads, and so never waits for a writer."""

BUSY_TIMEOUT_S = 30
"""Assumed: how long a writer waits for another one."""


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
    folder = Path(database).absolute().parent
    if not folder.is_dir():
        raise LedgerError(
            f"the ledger's folder does not exist: {folder}",
            remedy="Create it, or set MTN_LEDGER_URL to a file in an existing folder.",
            code="LEDGER_URL",
        )
    engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the database's own errors into LedgerError; a broken key is left to the caller."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise LedgerError(
            f"the ledger cannot be used: {error.orig}",
            remedy="Check the file behind MTN_LEDGER_URL: its permissions, its disk, its owner.",
            code="LEDGER_UNUSABLE",
        ) from error


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: `_begin` does, and takes the write lock.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    # A writer locks at once: a deferred one fails if another has written since it read.
    is_read_only = connection.get_execution_options().get("is_read_only")
    connection.exec_driver_sql("BEGIN DEFERRED" if is_read_only else "BEGIN IMMEDIATE")
