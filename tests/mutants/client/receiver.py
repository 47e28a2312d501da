"""The receiver of callbacks: it notes that something was said, and believes nothing."""

import json

from tests.mutants.client.ledger import Ledger
from tests.mutants.client.log import Log
from tests.mutants.client.payment import PENDING, Payment
from tests.mutants.client.status_answers import StatusAnswers


class Receiver:
    """Answers callbacks. What it noted is confirmed later by a status read."""

    METHODS = frozenset({"PUT", "POST"})
    BODY_LIMIT = 64 * 1024

    def __init__(self, ledger: Ledger, log: Log) -> None:
        self.ledger = ledger
        self.log = log
        self.answers = StatusAnswers()

    def take(self, method: str, path: str, body: str) -> int:
        """The HTTP status of the answer; the note is durable before it."""
        if method not in self.METHODS:
            return 405
        if self.is_oversized(body):
            return 413
        word = self.word_in(body)
        if word is None:
            return 400
        payment = self.payment(path)
        if payment is None:
            return self.unknown()
        self.heard(payment, word)
        return 200

    def is_oversized(self, body: str) -> bool:
        return len(body.encode(errors="replace")) > self.BODY_LIMIT

    def word_in(self, body: str) -> str | None:
        """The status word of a callback; None when the body is none."""
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            return None
        word = document.get("status") if isinstance(document, dict) else None
        return word if isinstance(word, str) and word else None

    def payment(self, path: str) -> Payment | None:
        """The payment whose address this is."""
        return self.ledger.find(path.strip("/").lower())

    def unknown(self) -> int:
        """Nobody's callback: there is nothing to tell its sender."""
        self.log.write("a callback came for a payment that is not ours")
        return 200

    def heard(self, payment: Payment, word: str) -> None:
        if payment.is_watched:
            self.ledger.hint(payment)
        else:
            self.compare(payment, word)

    def compare(self, payment: Payment, word: str) -> None:
        """A final state stays; a contradiction is worth a line."""
        if self.answers.meaning(word) not in (payment.state, PENDING):
            self.log.surface(payment.reference_id, "a callback contradicts its final state")
