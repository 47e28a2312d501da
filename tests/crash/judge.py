"""The verdict on a ledger by the fake's books: what it should hold follows from those alone.

The ledger is read by plain SQL: the judge shares no code with what it judges.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, create_engine, text

from mock_momo.testing import PaymentRow, World

Row = RowMapping
Booked = list[tuple[str, str, int]]
"""Step, account and minor units, sorted."""

MINOR = 100
INCOME = ("requesttopay", "requesttowithdraw")
FAILED = ("FAILED", "TIMEOUT", "REJECTED")


@dataclass(frozen=True, slots=True)
class Books:
    """The two tables of a ledger, row by row."""

    payments: Sequence[Row]
    postings: Sequence[Row]


def read_books(ledger_url: str) -> Books:
    """The ledger's rows."""
    engine = create_engine(ledger_url)
    try:
        with engine.connect() as connection:
            payments = connection.execute(text("SELECT * FROM payments")).mappings().all()
            postings = connection.execute(text("SELECT * FROM postings")).mappings().all()
    finally:
        engine.dispose()
    return Books(payments, postings)


def judge(world: World, ledger_url: str) -> list[str]:
    """What is wrong once everything is reconciled; empty when nothing is."""
    theirs = {row.reference_id: row for row in world.payments()}
    books = read_books(ledger_url)
    return [
        *_unknown(theirs, books),
        *_doubled(theirs.values()),
        *_unbalanced(books.postings),
        *_wrong(theirs, books),
        *_wrong_in_all(world, books),
    ]


def _unknown(theirs: Mapping[str, PaymentRow], books: Books) -> Iterator[str]:
    """A payment is written down before its first byte is sent, as it is sent."""
    ours = {row["reference_id"]: row for row in books.payments}
    for reference_id, paid in theirs.items():
        row = ours.get(reference_id)
        if row is None:
            yield f"{_named(paid)} was sent, and the ledger does not know it"
        elif (row["external_id"], row["amount_minor"], row["currency"]) != (
            paid.external_id,
            int(paid.amount * MINOR),
            paid.currency,
        ):
            yield f"{_named(paid)} was sent otherwise than it was written down"


def _doubled(theirs: Iterable[PaymentRow]) -> Iterator[str]:
    """What has failed may be ordered again; nothing else may."""
    paid = Counter((row.operation, row.external_id) for row in theirs if row.state not in FAILED)
    for (operation, external_id), count in paid.items():
        if count > 1:
            yield f"{operation} {external_id} was paid {count} times"


def _unbalanced(postings: Sequence[Row]) -> Iterator[str]:
    sums: Counter[tuple[str, ...]] = Counter()
    for row in postings:
        sums[row["currency"],] += row["amount_minor"]
        sums[row["reference_id"], row["step"]] += row["amount_minor"]
    for what, total in sums.items():
        if total:
            yield f"the postings of {' '.join(what)} sum to {total}"


def _wrong(theirs: Mapping[str, PaymentRow], books: Books) -> Iterator[str]:
    """Each payment: whether it ended, as the fake says, with the bookings of that end."""
    booked: dict[str, Booked] = defaultdict(list)
    for posting in books.postings:
        one = (posting["step"], posting["account"], posting["amount_minor"])
        booked[posting["reference_id"]].append(one)
    for row in books.payments:
        paid = theirs.get(row["reference_id"])
        state = paid.state if paid else "absent"
        name = f"{row['operation']} {row['external_id']}, {state} at the fake,"
        if row["next_check_at_ms"] is not None or row["review"] == "open":
            yield f"{name} is left {row['status']}, review {row['review']}"
        counts = state == "SUCCESSFUL" and row["review"] != "dismissed"
        if (row["status"] == "completed") is not counts:
            yield f"{name} is {row['status']}"
        if sorted(booked[row["reference_id"]]) != _expected(row, is_paid=counts):
            yield f"{name} is booked {booked[row['reference_id']]}"


def _expected(row: Row, *, is_paid: bool) -> Booked:
    amount = row["amount_minor"]
    if _is_income(row["operation"]):
        return [("closed", "parties", -amount), ("closed", "wallet", amount)] if is_paid else []
    return [
        ("closed", "in_transit", -amount),
        ("closed", "parties" if is_paid else "wallet", amount),
        ("opened", "in_transit", amount),
        ("opened", "wallet", -amount),
    ]


def _wrong_in_all(world: World, books: Books) -> Iterator[str]:
    """The wallet against the fake's own sums, but for what people have dismissed."""
    theirs = world.books()
    wallet = sum(row["amount_minor"] for row in books.postings if row["account"] == "wallet")
    dismissed = sum(
        row["amount_minor"] * (1 if _is_income(row["operation"]) else -1)
        for row in books.payments
        if row["review"] == "dismissed"
    )
    due = int((theirs.credited - theirs.debited) * MINOR) - dismissed
    if wallet != due:
        yield f"the wallet holds {wallet}, the fake's books say {due}"


def _is_income(operation: str) -> bool:
    return operation.split(".")[1] in INCOME


def _named(paid: PaymentRow) -> str:
    return f"{paid.operation} {paid.external_id} ({paid.reference_id})"
