"""The ledger's row: one payment and all that is known about it."""

from dataclasses import dataclass, field
from enum import StrEnum

from momo_client.errors import InvalidRequest
from momo_contracts.values import Money, Msisdn, ReferenceId

DEADLINE_MS = 24 * 3600 * 1000
"""Mission: a payment that is still open 24 h after its creation is given up."""

SENDING_MS = 60_000
"""Assumed: so long a new payment may be on its way before the checker asks for it."""

TEXT_LIMIT = 160
"""Documented: the longest payer message or payee note, in characters."""


class PaymentStatus(StrEnum):
    """Where a payment stands in our books.

    CREATED: written down, and perhaps sent; whether the provider has it is undecided.
    PENDING: the provider has it. COMPLETED and FAILED are final.
    """

    CREATED = "created"
    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


class Cause(StrEnum):
    """Who decided that a payment failed."""

    NOT_SENT = "not_sent"
    REFUSED = "refused"
    PROVIDER = "provider"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One request to pay. Instants are in ms since the epoch.

    `reason` is the latest explanation: the provider's reason code once it failed, and while it is
    open why nothing is known yet ('timeout'). `cause` is there once it failed. `provider_status`
    is the provider's own last word. `checks` counts how often the checker has asked.
    """

    reference_id: str
    external_id: str
    money: Money
    msisdn: Msisdn = field(repr=False)
    payer_message: str = field(repr=False)
    payee_note: str = field(repr=False)
    created_at_ms: int
    deadline_at_ms: int
    next_check_at_ms: int
    status: PaymentStatus = PaymentStatus.CREATED
    cause: Cause | None = None
    reason: str = ""
    provider_status: str = ""
    financial_transaction_id: str = ""
    checks: int = 0

    @property
    def is_final(self) -> bool:
        """True once the payment is completed or failed: it never changes again."""
        return self.status in (PaymentStatus.COMPLETED, PaymentStatus.FAILED)

    @property
    def is_undecided(self) -> bool:
        """True while nobody can tell whether the provider has the payment."""
        return self.status is PaymentStatus.CREATED


def draft(
    reference_id: ReferenceId,
    external_id: str,
    money: Money,
    msisdn: Msisdn,
    texts: tuple[str, str],
    now_ms: int,
) -> Payment:
    """A new payment. `texts` are the payer's message and the payee's note.

    An empty text becomes the external id, because empty ones were answered 500 in production
    (observed once) and absent ones are documented as invalid. Raises InvalidRequest.
    """
    payer_message, payee_note = (text or external_id for text in texts)
    named = {"external id": external_id, "payer message": payer_message, "payee note": payee_note}
    for name, text in named.items():
        _check_text(name, text)
    return Payment(
        reference_id=reference_id.text,
        external_id=external_id,
        money=money,
        msisdn=msisdn,
        payer_message=payer_message,
        payee_note=payee_note,
        created_at_ms=now_ms,
        deadline_at_ms=now_ms + DEADLINE_MS,
        next_check_at_ms=now_ms + SENDING_MS,
    )


def _check_text(name: str, text: str) -> None:
    if not (text.strip() and len(text) <= TEXT_LIMIT and text.isprintable()):
        raise InvalidRequest(
            f"{name} {text[:40]!r} is not 1 to {TEXT_LIMIT} printable characters",
            remedy=f"Pass a shorter, plain {name}.",
            code="INVALID_TEXT",
        )


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a booking; the money may be negative."""

    account: str
    money: Money


WALLET = "wallet"
"""The account of the merchant's wallet: what completed payments have credited."""

PAYERS = "payers"
"""The account of all payers together: the other side of every credit."""


def credit(payment: Payment) -> tuple[Posting, Posting]:
    """The double entry of a completed payment; it sums to zero."""
    money = payment.money
    taken = Money.of_minor(-money.minor_units, money.currency)
    return Posting(WALLET, money), Posting(PAYERS, taken)
