"""What the provider's answers mean. Every answer means something; what is strange settles nothing.

An answer to a create is Accepted, Exists, Refused, Limited or Unclear; one to a status read is
Seen, Absent or Unreadable news.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import ClassVar, NamedTuple

from tests.mutants.client.payment import COMPLETED, FAILED, PENDING, Payment
from tests.mutants.client.reply import Reply, Unreadable

Document = Mapping[str, object]


class Accepted(NamedTuple):
    """The provider has it."""


class Exists(NamedTuple):
    """The id is taken, by an attempt of ours that got no answer: a status read will tell."""


class Refused(NamedTuple):
    """A definite no. `code` is the provider's word for it, or ours."""

    code: str


class Limited(NamedTuple):
    """Not carried out: too many requests. `wait_ms` is how long the provider wants to rest."""

    wait_ms: int


class Unclear(NamedTuple):
    """It may have been carried out. `wait_ms` is 0 when the provider named no time."""

    why: str
    wait_ms: int = 0


Verdict = Accepted | Exists | Refused | Limited | Unclear


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


def document_of(reply: Reply) -> Document:
    """The body as a JSON object; empty when it is none."""
    try:
        return reply.document()
    except Unreadable:
        return {}


def code_in(reply: Reply) -> str | None:
    """The wallet's word for what is wrong, where it gives one."""
    return _text(document_of(reply).get("code"))


class Pauses:
    """How long the provider wants to be left alone."""

    LONGEST_S = 24 * 3600

    def wait_ms(self, reply: Reply) -> int:
        """What Retry-After asks for; 0 without one that can be read."""
        text = reply.headers.get("retry-after", "").strip()
        seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        return 1000 * min(seconds, self.LONGEST_S)


class CreateAnswers:
    """Reads the answer to a create."""

    PERMANENT: ClassVar[frozenset[str]] = frozenset(
        {
            "NOT_ALLOWED",
            "NOT_ALLOWED_TARGET_ENVIRONMENT",
            "INVALID_CALLBACK_URL_HOST",
            "INVALID_CURRENCY",
            "PAYER_NOT_FOUND",
            "PAYEE_NOT_FOUND",
            "NOT_ENOUGH_FUNDS",
            "PAYER_LIMIT_REACHED",
            "PAYEE_NOT_ALLOWED_TO_RECEIVE",
            "VALIDATION_ERROR",
        }
    )
    """No second attempt can change these, whatever HTTP status they come with."""

    def __init__(self) -> None:
        self.pauses = Pauses()

    def read(self, reply: Reply) -> Verdict:
        code = code_in(reply)
        if self.is_accepted(reply):
            return Accepted()
        if self.is_taken(reply):
            return Exists()
        if self.is_limit(reply):
            return Limited(self.pauses.wait_ms(reply))
        if self.is_refusal(reply, code):
            return Refused(code or f"HTTP_{reply.status}")
        return Unclear(f"HTTP {reply.status} {code or ''}".strip(), self.pauses.wait_ms(reply))

    def is_accepted(self, reply: Reply) -> bool:
        return reply.status == 202 and self.is_acceptable(reply)

    def is_acceptable(self, reply: Reply) -> bool:
        """A 202 is empty; a page of somebody else's is none of the wallet's."""
        return not reply.body or reply.is_json

    def is_taken(self, reply: Reply) -> bool:
        return reply.status == 409

    def is_limit(self, reply: Reply) -> bool:
        return reply.status == 429

    def is_refusal(self, reply: Reply, code: str | None) -> bool:
        if reply.status >= 400 and self.is_permanent(code):
            return True
        return 400 <= reply.status < 500 and reply.status not in (408, 425)

    def is_permanent(self, code: str | None) -> bool:
        return code in self.PERMANENT


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
        return _text(reason)

    def financial_id(self, value: object) -> str | None:
        return str(value) if type(value) is int else _text(value)

    def mismatch(self, payment: Payment, document: Document) -> str | None:
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
        currency = _text(document.get("currency"))
        return None if reply.status != 200 or not amount or not currency else (amount, currency)

    def amount(self, value: object) -> str | None:
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            return None
        return format(amount, "f") if amount.is_finite() else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
