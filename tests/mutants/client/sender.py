"""Attempts to create a payment: one id and one body, again and again, but not for ever."""

from random import SystemRandom

from tests.mutants.client.api import Api
from tests.mutants.client.clock import Clock
from tests.mutants.client.create_answers import (
    Accepted,
    CreateAnswers,
    Exists,
    Limited,
    Refused,
    Unclear,
    Verdict,
)
from tests.mutants.client.ledger import Ending, Ledger
from tests.mutants.client.payment import FAILED, Payment
from tests.mutants.client.tokens import NoToken, TokenRefused
from tests.mutants.client.wire import NoAnswer

RANDOM = SystemRandom()


class Sender:
    """Sends payments that the ledger has, and writes down what came of it."""

    IN_A_ROW = 4
    """Attempts until only a status read can say whether another one makes sense."""
    IN_ALL = 5
    FIRST_GAP_MS = 500
    LONGEST_GAP_MS = 8000
    JITTER = 0.5
    LIMITED_GAP_MS = 1000
    """The least gap after 429."""

    def __init__(self, ledger: Ledger, api: Api, clock: Clock) -> None:
        self.ledger = ledger
        self.api = api
        self.clock = clock
        self.answers = CreateAnswers()
        self.in_flight: set[str] = set()

    def attempt(self, payment: Payment) -> Verdict:
        """One attempt; what it proves is in the ledger on return."""
        payment = self.ledger.begin_attempt(payment.reference_id)
        self.in_flight.add(payment.reference_id)
        try:
            verdict = self.verdict(payment)
        finally:
            self.in_flight.discard(payment.reference_id)
        self.record(payment, verdict)
        return verdict

    def verdict(self, payment: Payment) -> Verdict:
        try:
            return self.answers.read(self.api.create(payment))
        except TokenRefused as refusal:
            return Refused(refusal.code)
        except NoToken as problem:
            return self.not_sent(payment, str(problem))
        except NoAnswer as problem:
            return self.not_answered(str(problem))

    def not_sent(self, payment: Payment, why: str) -> Verdict:
        self.ledger.clear_doubt(payment.reference_id)
        return Unclear(why)

    def not_answered(self, why: str) -> Verdict:
        return Unclear(why)

    def record(self, payment: Payment, verdict: Verdict) -> None:
        match verdict:
            case Accepted():
                self.ledger.note(payment.reference_id, accepted=1, next_send_ms=None, why="")
            case Exists():
                self.ledger.note(payment.reference_id, next_send_ms=None, why="it exists")
            case Refused(code):
                self.refused(payment, code)
            case Limited(wait_ms):
                self.ledger.clear_doubt(payment.reference_id)
                gap_ms = max(self.gap_ms(payment, wait_ms), self.LIMITED_GAP_MS)
                self.postpone(payment, gap_ms, "too many requests")
                self.ledger.note(
                    payment.reference_id,
                    next_check_ms=self.clock.now_ms + gap_ms,
                    quiet_until_ms=self.clock.now_ms + gap_ms,
                )
            case Unclear(why, wait_ms):
                self.postpone(payment, self.gap_ms(payment, wait_ms), why)

    def refused(self, payment: Payment, code: str) -> None:
        """Final, unless an earlier attempt may have been carried out."""
        if self.ledger.clear_doubt(payment.reference_id).doubtful:
            self.give_up_sending(payment, code)
        else:
            self.ledger.settle(payment, Ending(FAILED, code))

    def give_up_sending(self, payment: Payment, why: str) -> None:
        self.ledger.note(payment.reference_id, next_send_ms=None, attempts=self.IN_ALL, why=why)

    def postpone(self, payment: Payment, gap_ms: int, why: str) -> None:
        next_send_ms = self.clock.now_ms + gap_ms if self.may_repeat(payment) else None
        self.ledger.note(payment.reference_id, next_send_ms=next_send_ms, why=why)

    def may_repeat(self, payment: Payment) -> bool:
        return payment.attempts < self.IN_A_ROW

    def gap_ms(self, payment: Payment, wait_ms: int) -> int:
        """Until the next attempt: it doubles, is never the same, and obeys the provider."""
        return max(int(self.backoff_ms(payment.attempts) * self.jitter()), wait_ms)

    def backoff_ms(self, attempts: int) -> int:
        return min(self.FIRST_GAP_MS << (attempts - 1), self.LONGEST_GAP_MS)

    def jitter(self) -> float:
        return RANDOM.uniform(1 - self.JITTER, 1 + self.JITTER)

    def absent(self, payment: Payment) -> None:
        """The provider does not know it: send it again, if that may help."""
        if self.may_send_again(payment):
            self.ledger.note(payment.reference_id, next_send_ms=self.clock.now_ms)

    def may_send_again(self, payment: Payment) -> bool:
        return (
            not payment.accepted
            and payment.next_send_ms is None
            and payment.attempts < self.IN_ALL
            and payment.reference_id not in self.in_flight
        )
