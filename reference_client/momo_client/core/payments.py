"""The ledger's row: one payment and all that is known about it."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from momo_client.errors import InvalidRequest
from momo_contracts.operations import Operation
from momo_contracts.values import Money, Msisdn, ReferenceId

DAY_MS = 24 * 3600 * 1000
DEADLINE_MS = DAY_MS
"""Mission: a payment that is still open 24 h after its creation is given up."""

SENDING_MS = 60_000
"""Assumed: so long a new payment may be on its way before the checker asks for it."""

RESEND_MS = 10 * 60_000
"""Assumed: how old a payment that the provider does not know may be and still be sent again."""

TEXT_LIMIT = 160
"""Documented: the longest payer message or payee note, in characters."""


_REFUSED_IN_TEXTS = re.compile(r"[^\w .,:()/-]|/(?=/)")
"""Documented: an apostrophe is refused. Observed: with & or /// a payment was taken, and lost."""


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
    """Who decided that a payment failed. After DEADLINE the provider's state is undecided."""

    NOT_SENT = "not_sent"
    REFUSED = "refused"
    PROVIDER = "provider"
    DEADLINE = "deadline"


class Review(StrEnum):
    """What people are asked: whether a payment that was given up counts after all."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One movement of money, made by `operation`. Instants are in ms since the epoch.

    `msisdn` is the other side's. `refunds` is the reference id of the payment that a refund gives
    back. `reason` is the latest explanation: the provider's reason code once it failed, and while
    it is open why nothing is known yet ('timeout'). `cause` is there once it failed.
    `provider_status` is the provider's own last word. `checks` counts how often the checker has
    asked; it asks when `next_check_at_ms` has come, and never again once that is None.
    """

    operation: Operation
    reference_id: str
    external_id: str
    money: Money
    msisdn: Msisdn = field(repr=False)
    payer_message: str = field(repr=False)
    payee_note: str = field(repr=False)
    created_at_ms: int
    deadline_at_ms: int
    next_check_at_ms: int | None
    refunds: str = ""
    status: PaymentStatus = PaymentStatus.CREATED
    cause: Cause | None = None
    review: Review | None = None
    reason: str = ""
    provider_status: str = ""
    financial_transaction_id: str = ""
    checks: int = 0

    @property
    def is_final(self) -> bool:
        """True once the payment is completed or failed: only a review changes it again."""
        return self.status in (PaymentStatus.COMPLETED, PaymentStatus.FAILED)

    @property
    def is_undecided(self) -> bool:
        """True while nobody can tell whether the provider has the payment."""
        return self.status is PaymentStatus.CREATED

    @property
    def is_watched(self) -> bool:
        """True for a payment that was given up and of which the provider may still decide."""
        return self.status is PaymentStatus.FAILED and self.next_check_at_ms is not None

    @property
    def is_income(self) -> bool:
        """True when its success raises our balance."""
        return self.operation.resource.is_income


def draft(
    operation: Operation,
    reference_id: ReferenceId,
    money: Money,
    msisdn: Msisdn,
    texts: tuple[str, str, str],
    now_ms: int,
) -> Payment:
    """A new payment. `texts` are the external id, the payer's message and the payee's note.

    An empty text becomes the external id, because empty ones were answered 500 in production
    (observed once) and absent ones are documented as invalid. What a provider does not take in the
    message or the note becomes a blank. Raises InvalidRequest.
    """
    for name, text in zip(("external id", "payer message", "payee note"), texts, strict=True):
        _check_text(name, text or texts[0])
    external_id = texts[0]
    payer_message, payee_note = (_sendable(text or external_id) for text in texts[1:])
    return Payment(
        operation=operation,
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


def _sendable(text: str) -> str:
    """The text without what a provider does not take; never a blank one."""
    plain = _REFUSED_IN_TEXTS.sub(" ", text)
    return plain if plain.strip() else "-"
