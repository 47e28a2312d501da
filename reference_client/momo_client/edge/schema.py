"""The ledger's tables, and the only code that creates or migrates them.

Amounts are whole minor units beside their currency, because SQLite would keep a decimal as a
float. Instants are milliseconds since the epoch.
"""

from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    event,
    insert,
    inspect,
    select,
    text,
)

from momo_client.edge.database import READ_ONLY, lock_schema
from momo_client.errors import LedgerError

METADATA = MetaData()

SCHEMA_VERSION = Table("schema_version", METADATA, Column("version", Integer, primary_key=True))

PAYMENTS = Table(
    "payments",
    METADATA,
    Column("reference_id", String(36), primary_key=True),
    Column("operation", String, nullable=False),
    Column("external_id", String, nullable=False, index=True),
    # The operation and the external id while no other payment may have both; else null.
    Column("only_key", String, unique=True),
    Column("amount_minor", BigInteger, CheckConstraint("amount_minor > 0"), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("msisdn", String(15), nullable=False),
    Column("payer_message", String, nullable=False),
    Column("payee_note", String, nullable=False),
    Column("refunds", String(36), nullable=False),
    Column(
        "status",
        String,
        CheckConstraint("status IN ('created', 'pending', 'completed', 'failed')"),
        nullable=False,
    ),
    Column("cause", String),
    Column("review", String, index=True),
    Column("reason", String, nullable=False),
    Column("provider_status", String, nullable=False),
    Column("financial_transaction_id", String, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("deadline_at_ms", BigInteger, nullable=False),
    Column("next_check_at_ms", BigInteger),
    Column("checks", Integer, nullable=False),
    Column("lease_owner", String),
    Column("lease_until_ms", BigInteger),
)


@event.listens_for(PAYMENTS, "after_create")
def _create_due_index(_table: Table, connection: Connection, **_options: object) -> None:
    """In SQL that both databases know: an Index would load all of PostgreSQL's dialect always."""
    connection.execute(
        text(
            "CREATE INDEX payments_due ON payments (next_check_at_ms)"
            " WHERE next_check_at_ms IS NOT NULL"
        )
    )


POSTINGS = Table(
    "postings",
    METADATA,
    Column("reference_id", ForeignKey(PAYMENTS.c.reference_id), nullable=False),
    Column("step", String, CheckConstraint("step IN ('opened', 'closed')"), nullable=False),
    Column("account", String, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    # The key that makes a second credit impossible, whatever the code above it does.
    PrimaryKeyConstraint("reference_id", "step", "account"),
)


def _from_1_to_2(connection: Connection) -> None:
    """Version 1 knew only requests to pay, in SQLite, and asked for what was open."""
    for index in ("payments_due", "ix_payments_external_id"):
        connection.execute(text(f"DROP INDEX {index}"))
    for table in ("payments", "postings"):
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_1"))
    METADATA.create_all(connection)
    connection.execute(
        text("""
        INSERT INTO payments (
          reference_id, operation, external_id, amount_minor, currency, msisdn, payer_message,
          payee_note, refunds, status, cause, reason, provider_status, financial_transaction_id,
          created_at_ms, deadline_at_ms, next_check_at_ms, checks, lease_owner, lease_until_ms)
        SELECT
          reference_id, 'collection.requesttopay.create', external_id, amount_minor, currency,
          msisdn, payer_message, payee_note, '', status, cause, reason, provider_status,
          financial_transaction_id, created_at_ms, deadline_at_ms,
          CASE WHEN status IN ('created', 'pending') THEN next_check_at_ms END, checks,
          lease_owner, lease_until_ms
        FROM payments_1""")
    )
    connection.execute(
        text("""
        INSERT INTO postings (reference_id, step, account, amount_minor, currency)
        SELECT reference_id, 'closed', replace(account, 'payers', 'parties'), amount_minor, currency
        FROM postings_1""")
    )
    for table in ("postings", "payments"):
        connection.execute(text(f"DROP TABLE {table}_1"))


STEPS: tuple[Callable[[Connection], None], ...] = (_from_1_to_2,)
"""Step n leads from version n to version n + 1; steps are added, never changed."""

VERSION = 1 + len(STEPS)

_REMEDY = "Run `mock-momo client ledger init` (or Ledger.create(url)), once, before anything else."


def migrate(engine: Engine) -> None:
    """Bring the schema to this version. One writer at a time, by a lock of the database's."""
    with engine.begin() as connection:
        lock_schema(connection)
        version = _read_version(connection)
        _refuse_newer(version)
        for step in STEPS[version - 1 :] if version else (METADATA.create_all,):
            step(connection)
        if version < VERSION:
            connection.execute(SCHEMA_VERSION.delete())
            connection.execute(insert(SCHEMA_VERSION).values(version=VERSION))


def check_version(engine: Engine) -> None:
    """Raise LedgerError with the remedy unless the schema is this version."""
    with engine.execution_options(**READ_ONLY).begin() as connection:
        version = _read_version(connection)
    _refuse_newer(version)
    if version < VERSION:
        what = f"has schema version {version}, not {VERSION}" if version else "has no tables yet"
        raise LedgerError(f"the ledger {what}", remedy=_REMEDY, code="LEDGER_SCHEMA")


def _read_version(connection: Connection) -> int:
    if not inspect(connection).has_table(SCHEMA_VERSION.name):
        return 0
    return connection.scalar(select(SCHEMA_VERSION.c.version)) or 0


def _refuse_newer(version: int) -> None:
    if version > VERSION:
        raise LedgerError(
            f"the ledger has schema version {version}, newer than this program's {VERSION}",
            remedy="Upgrade this program; the ledger is untouched.",
            code="LEDGER_SCHEMA",
        )
