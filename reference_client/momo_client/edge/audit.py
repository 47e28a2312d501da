"""The audit of a ledger: its pages, read in one transaction and judged in `core`."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection, RowMapping, exists, select

from momo_client.core.audit import NAMED, Page
from momo_client.core.audit import audit as judge
from momo_client.edge.ledger import Ledger
from momo_client.edge.rows import payment_of, posting_of
from momo_client.edge.schema import PAYMENTS, POSTINGS

_AT_ONCE = 1000
"""How many rows are in memory."""


def audit(ledger: Ledger) -> tuple[str, ...]:
    """What is wrong with the file and the books; empty when all is well. Reads every row.

    Raises LedgerError.
    """
    with ledger.reading() as connection:
        return _damage(connection) or judge(_pages(connection))


def _damage(connection: Connection) -> tuple[str, ...]:
    """What SQLite says about its file. A server looks after its own."""
    if connection.dialect.name != "sqlite":
        return ()
    said = connection.exec_driver_sql(f"PRAGMA quick_check({NAMED})").scalars()
    return tuple(f"the file is damaged: {line}" for line in said if line != "ok")


def _pages(connection: Connection) -> Iterator[Page]:
    # Payments and postings in one statement: between two, PostgreSQL may show another's commit.
    booked = (column.label(f"booked_{column.name}") for column in POSTINGS.c)
    statement = (
        select(*PAYMENTS.c, *booked)
        .outerjoin_from(PAYMENTS, POSTINGS)
        .order_by(PAYMENTS.c.reference_id)
        .execution_options(yield_per=_AT_ONCE)
    )
    rows = connection.execute(statement).mappings()
    for reference_id, group in groupby(rows, key=lambda row: str(row["reference_id"])):
        yield _page(reference_id, list(group))
    is_known = exists().where(PAYMENTS.c.reference_id == POSTINGS.c.reference_id)
    for stray in connection.scalars(select(POSTINGS.c.reference_id).distinct().where(~is_known)):
        yield Page(stray, None)


def _page(reference_id: str, rows: list[RowMapping]) -> Page:
    names = [column.name for column in POSTINGS.c]
    booked = ({name: row[f"booked_{name}"] for name in names} for row in rows)
    try:
        postings = tuple(posting_of(one) for one in booked if one["reference_id"])
        return Page(reference_id, payment_of(rows[0]), postings)
    except (LookupError, ValueError):  # no such operation, cause, currency or number
        return Page(reference_id, None)
