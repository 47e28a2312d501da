"""The client's ledger as its driver shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from momo_conformance.protocol import Fields

WALLET = "wallet"
"""The account that completed payments are credited to; `balance` is what it holds."""


@dataclass(frozen=True, slots=True)
class Booked:
    """One payment of the ledger; `key` is the order that it was made for.

    `needs_review`: a person must decide about it.
    """

    reference_id: str
    key: str
    state: str
    amount: Decimal
    currency: str
    needs_review: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a booking."""

    reference_id: str
    account: str
    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} on {self.account!r}"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Payments, entries, and what has been credited by currency."""

    payments: tuple[Booked, ...]
    entries: tuple[Entry, ...]
    balance: Mapping[str, Decimal]

    @property
    def is_at_rest(self) -> bool:
        """True when no payment is pending."""
        return all(row.state != "pending" for row in self.payments)


def read_ledger(fields: Fields) -> Ledger:
    """The ledger in an answer that has passed its schema."""
    return Ledger(
        tuple(
            Booked(
                row["reference_id"].lower(),
                row["key"],
                row["state"],
                Decimal(row["amount"]),
                row["currency"],
                row.get("needs_review", False),
            )
            for row in fields["payments"]
        ),
        tuple(
            Entry(
                row["reference_id"].lower(),
                row["account"],
                Decimal(row["amount"]),
                row["currency"],
            )
            for row in fields["entries"]
        ),
        {currency: Decimal(amount) for currency, amount in fields["balance"].items()},
    )
