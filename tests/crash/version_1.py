"""A ledger of version 1 as its program left it, and what a killed migration may leave of one."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, make_url, text

from momo_client import Payment, PaymentStatus

_DUMP = Path(__file__).parents[1] / "momo_client" / "ledger_version_1.sql"
SCHEMA = ";\n".join(
    statement
    for statement in _DUMP.read_text("utf-8").split(";\n")
    if not statement.startswith(('INSERT INTO "payments"', 'INSERT INTO "postings"'))
)
"""What that program made before its first payment."""

TABLES = {"payments", "postings", "schema_version"}
VERSION = 2
PAYMENTS, CREDITED = 3, -1250
"""What `write_version_1` is given: so many, one of which is completed."""


def write_version_1(ledger_url: str, payments: Sequence[Payment]) -> None:
    """A ledger with these requests to pay, those that are completed credited."""
    with closing(sqlite3.connect(make_url(ledger_url).database or "")) as connection, connection:
        connection.executescript(SCHEMA)
        for payment in payments:
            row = _row(payment)
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO payments VALUES ({marks})", row)  # noqa: S608
            if payment.status is PaymentStatus.COMPLETED:
                for account, sign in (("wallet", 1), ("payers", -1)):
                    booked = (account, sign * payment.money.minor_units, row[3])
                    connection.execute(
                        "INSERT INTO postings VALUES (?, ?, ?, ?)", (payment.reference_id, *booked)
                    )


def _row(payment: Payment) -> tuple[str | int | None, ...]:
    return (
        payment.reference_id,
        payment.external_id,
        payment.money.minor_units,
        payment.money.currency.code,
        payment.msisdn.digits,
        payment.payer_message,
        payment.payee_note,
        payment.status,
        payment.cause,
        payment.reason,
        payment.provider_status,
        payment.financial_transaction_id,
        payment.created_at_ms,
        payment.deadline_at_ms,
        payment.next_check_at_ms or payment.created_at_ms,
        payment.checks,
        None,
        None,
    )


def look_at_migration(ledger_url: str) -> list[str]:
    """What is wrong with a ledger in migration: it is of one version or the other, and whole."""
    with _reading(ledger_url) as connection:
        tables = inspect(connection).get_table_names()
        if set(tables) != TABLES:
            return [f"the ledger was left with the tables {tables}"]
        columns = {column["name"] for column in inspect(connection).get_columns("payments")}
        is_new = "operation" in columns
        payers = text("SELECT sum(amount_minor) FROM postings WHERE account = :account")
        found = (
            connection.scalar(text("SELECT version FROM schema_version")),
            connection.scalar(text("SELECT count(*) FROM payments")),
            connection.scalar(payers, {"account": "parties" if is_new else "payers"}),
        )
    whole = (2 if is_new else 1, PAYMENTS, CREDITED)
    return [] if found == whole else [f"the ledger was left with {found}, not {whole}"]


def look_at_new(ledger_url: str) -> list[str]:
    """What is wrong with a ledger in the making: there is nothing, or all of it."""
    with _reading(ledger_url) as connection:
        tables = inspect(connection).get_table_names()
        if not tables:
            return []
        version = connection.scalar(text("SELECT version FROM schema_version"))
    is_whole = set(tables) == TABLES and version == VERSION
    return [] if is_whole else [f"the ledger was left at {version} with the tables {tables}"]


@contextmanager
def _reading(ledger_url: str) -> Iterator[Connection]:
    engine = create_engine(ledger_url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
