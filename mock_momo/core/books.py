"""The wallet's books: what a verdict can be read from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from mock_momo.core.namespace import Namespace
from momo_contracts.lifecycle import State


@dataclass(frozen=True, slots=True)
class Books:
    """Totals of one namespace. `balance` = `opening` + `credited` - `debited`, in
    `currency`.

    `payments` counts them by state, `calls` counts requests by operation, refused ones included.
    """

    currency: str
    opening: Decimal
    credited: Decimal
    debited: Decimal
    balance: Decimal
    payments: Mapping[State, int]
    calls: Mapping[str, int]


def books_of(namespace: Namespace) -> Books:
    """The books as they stand; payments by state are counted afresh from the payments."""
    engine = namespace.engine
    return Books(
        currency=namespace.settings.target_environment.currency.code,
        opening=namespace.settings.opening_balance,
        credited=engine.account.credited,
        debited=engine.account.debited,
        balance=engine.account.balance,
        payments=Counter(payment.state for payment in engine.payments.values()),
        calls=dict(namespace.calls),
    )
