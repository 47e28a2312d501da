"""What the answer to a status read or a balance read says. What is strange settles nothing."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import ClassVar, NamedTuple

from tests.mutants.client.payment import COMPLETED, FAILED, PENDING, Payment
from tests.mutants.client.reading import Pauses, code_in, document_of, text_in
from tests.mutants.client.reply import Reply, Unreadable


class Seen(NamedTuple):
    """The provider's own view of a payment."""

    state: str
    word: object
    code: str | None
    financial_id: str | None
    mismatch: str | None
    """What in the answer is not as in the order; None when all that it echoes is."""


class Absent(NamedTuple):
    """The provider does not know the payment."""


class NoNews(NamedTuple):
    """The read went wrong, which says nothing about the payment."""

    why: str
    wait_ms: int = 0


News = Seen | Absent | NoNews


class StatusAnswers:
    """Reads the answer to a status read."""

    LIMITED_WAIT_MS = 1000
    """The least pause after 429."""
    MEANING: ClassVar[Mapping[str, str]] = {
        "SUCCESSFUL": COMPLETED,
        "FAILED": FAILED,
        "TIMEOUT": FAILED,
        "REJECTED": FAILED,
    }

    def __init__(self) -> None:
        self.pauses = Pauses()

    def read(self, payment: Payment, reply: Reply) -> News:
        if self.is_absent(reply):
            return Absent()
        if reply.status != 200:
            return self.error(reply)
        try:
            document = reply.document()
        except Unreadable as problem:
            return NoNews(str(problem))
        return Seen(
            state=self.meaning(document.get("status")),
            word=document.get("status"),
            code=self.code(document.get("reason")),
            financial_id=self.financial_id(document.get("financialTransactionId")),
            mismatch=self.mismatch(payment, document),
        )

    def is_absent(self, reply: Reply) -> bool:
        """The wallet itself says so; a 404 of the gateway is about the address."""
        return reply.status == 404 and code_in(reply) == "RESOURCE_NOT_FOUND"

    def error(self, reply: Reply) -> News:
        wait_ms = self.pauses.wait_ms(reply)
        if reply.status == 429:
            wait_ms = max(wait_ms, self.LIMITED_WAIT_MS)
        return NoNews(f"HTTP {reply.status}", wait_ms)

    def meaning(self, word: object) -> str:
        """The state that a status word settles; all but four words settle nothing."""
        return self.MEANING.get(word, PENDING) if isinstance(word, str) else PENDING

    def code(self, reason: object) -> str | None:
        """The code of a reason, which is a text or an object with one."""
        if isinstance(reason, dict):
            reason = reason.get("code")
        return text_in(reason)

    def financial_id(self, value: object) -> str | None:
        return str(value) if type(value) is int else text_in(value)

    def mismatch(self, payment: Payment, document: Mapping[str, object]) -> str | None:
        """The first echo that is not as ordered. What is absent, null or empty says nothing."""
        for name, is_same in (
            ("referenceId", self.is_reference),
            ("externalId", self.is_key),
            ("amount", self.is_amount),
            ("currency", self.is_currency),
        ):
            echo = document.get(name)
            if echo not in (None, "") and not is_same(payment, echo):
                return name
        return None

    def is_reference(self, payment: Payment, echo: object) -> bool:
        return isinstance(echo, str) and echo.lower() == payment.reference_id

    def is_key(self, payment: Payment, echo: object) -> bool:
        return echo == payment.key

    def is_amount(self, payment: Payment, echo: object) -> bool:
        """Numerically: 12.50 is 12.5."""
        if isinstance(echo, bool):
            return False
        try:
            return Decimal(str(echo)) == Decimal(payment.amount)
        except InvalidOperation:
            return False

    def is_currency(self, payment: Payment, echo: object) -> bool:
        return echo == payment.currency


class BalanceAnswers:
    """Reads the answer to a balance read."""

    def read(self, reply: Reply) -> tuple[str, str] | None:
        """The available amount as a plain decimal, and its currency; None without them."""
        document = document_of(reply)
        amount = self.amount(document.get("availableBalance"))
        currency = text_in(document.get("currency"))
        return None if reply.status != 200 or not amount or not currency else (amount, currency)

    def amount(self, value: object) -> str | None:
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            return None
        return format(amount, "f") if amount.is_finite() else None
