"""What a flow asks of its shell, as values. A flow yields one and is sent the answer.

A shell that cannot answer throws the `MomoClientError` into the flow instead.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from momo_client.core.http import HttpRequest
from momo_client.core.payments import Payment
from momo_client.core.settlement import Decision
from momo_contracts.values import Product

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request once. Answer: HttpReply or NoAnswer."""

    request: HttpRequest


@dataclass(frozen=True, slots=True)
class GetToken:
    """Give a product's token, from the cache or fetched by one caller for all. Answer: str."""

    product: Product


@dataclass(frozen=True, slots=True)
class DropToken:
    """Forget this token, unless the cache already holds another one. Answer: None."""

    product: Product
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait for a random time between the two bounds. Answer: bool, False if it cannot wait."""

    least_s: float
    most_s: float


@dataclass(frozen=True, slots=True)
class RunAll:
    """Run flows side by side as far as the shell can. Answer: tuple of their results."""

    flows: "tuple[Flow[Payment], ...]"


@dataclass(frozen=True, slots=True)
class Record:
    """Write a new payment down, durably, before anything is sent. Answer: None.

    Unless it comes `again`, InvalidRequest is thrown for an external id that the same operation
    has used for a payment that is open or completed.
    """

    payment: Payment
    again: bool = False


@dataclass(frozen=True, slots=True)
class Find:
    """Answer: the Payment; UnknownPayment is thrown if there is none."""

    reference_id: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Lease up to `limit` open payments that are due, the longest due first.

    Each moves to `next_check_at_ms` at once, so a crash cannot make it starve the others.
    Answer: tuple of Payment.
    """

    owner: str
    limit: int
    now_ms: int
    next_check_at_ms: int
    lease_until_ms: int


@dataclass(frozen=True, slots=True)
class Settle:
    """Apply a decision to a payment and book what follows, in one transaction.

    Answer: the Payment as it is now, which is another worker's result if that one was first.
    """

    reference_id: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Hint:
    """Somebody says that a payment has ended: make it due at `due_at_ms`, unless it is sooner.

    Durable; believes nothing. Answer: the Payment, or None when the ledger has no such payment.
    """

    reference_id: str
    due_at_ms: int


LedgerEffect = Record | Find | Claim | Settle | Hint
Effect = Send | GetToken | DropToken | Pause | RunAll | LedgerEffect

Flow = Generator[Effect, Any, T]
"""A protocol in steps: yields effects, is sent their answers, returns a T."""
