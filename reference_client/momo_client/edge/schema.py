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
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    select,
)

from momo_client.core.payments import PaymentStatus
from momo_client.edge.database import READ_ONLY
from momo_client.errors import LedgerError

METADATA = MetaData()

OPEN_STATUSES = (PaymentStatus.CREATED, PaymentStatus.PENDING)

SCHEMA_VERSION = Table("schema_version", METADATA, Column("version", Integer, primary_key=True))

PAYMENTS = Table(
    "payments",
    METADATA,
    Column("reference_id", String(36), primary_key=True),
    Column("external_id", String, nullable=False, index=True),
    Column("amount_minor", BigInteger, CheckConstraint("amount_minor > 0"), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("msisdn", String(15), nullable=False),
    Column("payer_message", String, nullable=False),
    Column("payee_note", String, nullable=False),
    Column(
        "status",
        String,
        CheckConstraint("status IN ('created', 'pending', 'completed', 'failed')"),
        nullable=False,
    ),
    Column("cause", String),
    Column("reason", String, nullable=False),
    Column("provider_status", String, nullable=False),
    Column("financial_transaction_id", String, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("deadline_at_ms", BigInteger, nullable=False),
    Column("next_check_at_ms", BigInteger, nullable=False),
    Column("checks", Integer, nullable=False),
    Column("lease_owner", String),
    Column("lease_until_ms", BigInteger),
)
_IS_OPEN = PAYMENTS.c.status.in_(OPEN_STATUSES)
Index("payments_due", PAYMENTS.c.next_check_at_ms, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN)

POSTINGS = Table(
    "postings",
    METADATA,
    Column("reference_id", ForeignKey(PAYMENTS.c.reference_id), nullable=False),
    Column("account", String, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    # The key that makes a second credit impossible, whatever the code above it does.
    PrimaryKeyConstraint("reference_id", "account"),
)

MIGRATIONS: tuple[Callable[[Connection], None], ...] = (METADATA.create_all,)
"""Step n leads from version n to version n + 1; steps are added, never changed."""

VERSION = len(MIGRATIONS)

_REMEDY = "Run `mock-momo client ledger init` (or Ledger.create(url)), once, before anything else."


def migrate(engine: Engine) -> None:
    """Bring the schema to this version. One writer at a time, by the transaction's lock."""
    with engine.begin() as connection:
        version = _read_version(connection)
        _refuse_newer(version)
        for step in MIGRATIONS[version:]:
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
