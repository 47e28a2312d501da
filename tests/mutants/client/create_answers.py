"""What the answer to a create proves. What is strange proves nothing."""

from typing import ClassVar, NamedTuple

from tests.mutants.client.reading import Pauses, code_in
from tests.mutants.client.reply import Reply


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
