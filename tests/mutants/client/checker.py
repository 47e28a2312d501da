"""Status reads: when the provider is asked about a payment, and what follows from its answer."""

from tests.mutants.client.api import Api
from tests.mutants.client.clock import Clock
from tests.mutants.client.ledger import Ending, Ledger
from tests.mutants.client.log import Log
from tests.mutants.client.payment import COMPLETED, FAILED, PENDING, Payment
from tests.mutants.client.sender import Sender
from tests.mutants.client.status_answers import Absent, News, NoNews, Seen, StatusAnswers
from tests.mutants.client.tokens import NoToken
from tests.mutants.client.wire import NoAnswer

DAY_MS = 24 * 3600 * 1000


class Checker:
    """Looks at what is due, and settles what the provider has settled."""

    INTERVAL_MS = 30_000
    BATCH = 10
    DEADLINE_MS = DAY_MS
    DEADLINE_CODE = "DEADLINE"
    WATCH_INTERVAL_MS = DAY_MS
    WATCH_MS = 7 * DAY_MS
    """So long after the deadline a payment that was given up is still looked at."""

    def __init__(self, ledger: Ledger, api: Api, clock: Clock, sender: Sender, log: Log) -> None:
        self.ledger = ledger
        self.api = api
        self.clock = clock
        self.sender = sender
        self.log = log
        self.answers = StatusAnswers()

    def round(self) -> list[Payment]:
        """One look at each of the payments that are due, as they are after it."""
        due = self.ledger.due_for_check(self.clock.now_ms, self.BATCH)
        for payment in due:
            if self.take(payment):
                self.apply(payment, self.news(payment))
        return [self.ledger.get(payment.reference_id) for payment in due]

    def confirm(self, payment: Payment) -> None:
        """Ask whether a callback told the truth, if nobody has done so yet."""
        if self.ledger.take_hint(payment):
            self.look(self.ledger.get(payment.reference_id))
            self.ledger.drop_hint(payment)

    def should_ask(self, payment: Payment) -> bool:
        """Whether a status read, asked for by a user, goes to the provider."""
        return not payment.is_final and self.clock.now_ms >= payment.quiet_until_ms

    def look(self, payment: Payment) -> None:
        """One status read, now."""
        self.take(payment)
        self.apply(payment, self.news(payment))

    def take(self, payment: Payment) -> bool:
        """Put its next look off; False when another caller has just done so."""
        return self.ledger.move_check(payment, self.next_check_ms(payment))

    def next_check_ms(self, payment: Payment) -> int | None:
        """When a payment that stays as it is will be looked at again."""
        if not payment.is_final:
            return self.clock.now_ms + self.INTERVAL_MS
        if payment.next_check_ms is None:
            return None
        later_ms = self.clock.now_ms + self.WATCH_INTERVAL_MS
        end_ms = payment.created_ms + self.DEADLINE_MS + self.WATCH_MS
        return later_ms if later_ms <= end_ms else None

    def news(self, payment: Payment) -> News:
        try:
            return self.answers.read(payment, self.api.status(payment))
        except (NoToken, NoAnswer) as problem:
            return NoNews(str(problem))

    def apply(self, payment: Payment, news: News) -> None:
        match news:
            case Seen() if payment.is_final:
                self.late(payment, news)
            case Seen():
                self.seen(payment, news)
            case Absent():
                self.absent(payment)
            case NoNews():
                self.no_news(payment, news)

    def seen(self, payment: Payment, seen: Seen) -> None:
        if seen.mismatch is not None:
            self.mismatch(payment, seen.mismatch)
            self.still_open(payment)
        elif seen.state == PENDING:
            self.ledger.note(payment.reference_id, accepted=1, next_send_ms=None, why="")
            self.surface_word(payment, seen)
            self.still_open(payment)
        else:
            self.ledger.note(payment.reference_id, accepted=1)
            self.settle(payment, seen)

    def settle(self, payment: Payment, seen: Seen) -> None:
        self.ledger.settle(payment, Ending(seen.state, seen.code, seen.financial_id))

    def mismatch(self, payment: Payment, name: str) -> None:
        """The answer is about another order: believe none of it."""
        self.ledger.review(payment)
        self.log.surface(payment.reference_id, f"the provider's {name} is not as ordered")

    def surface_word(self, payment: Payment, seen: Seen) -> None:
        if seen.word not in ("PENDING", "CREATED"):
            self.log.surface(payment.reference_id, "the provider's status has no known meaning")

    def absent(self, payment: Payment) -> None:
        if payment.is_final:
            return
        self.sender.absent(payment)
        self.still_open(payment)

    def no_news(self, payment: Payment, news: NoNews) -> None:
        """A read that went wrong changes no state; the provider may want a pause."""
        if news.wait_ms:
            self.pause(payment, self.clock.now_ms + news.wait_ms)

    def pause(self, payment: Payment, until_ms: int) -> None:
        next_check_ms = max(until_ms, self.clock.now_ms + self.INTERVAL_MS)
        self.ledger.note(payment.reference_id, quiet_until_ms=until_ms, next_check_ms=next_check_ms)

    def still_open(self, payment: Payment) -> None:
        """A look has shown it open: past the deadline that was the last one."""
        if self.is_overdue(payment):
            self.expire(payment)

    def is_overdue(self, payment: Payment) -> bool:
        return self.clock.now_ms >= payment.created_ms + self.DEADLINE_MS

    def expire(self, payment: Payment) -> None:
        """Give it up, and keep an eye on it."""
        watch_ms = self.clock.now_ms + self.WATCH_INTERVAL_MS
        self.ledger.settle(payment, Ending(FAILED, self.DEADLINE_CODE, next_check_ms=watch_ms))

    def late(self, payment: Payment, seen: Seen) -> None:
        """News of a payment that was given up: money is for a person to decide about."""
        if seen.state == PENDING or seen.mismatch is not None:
            return
        self.stop_watching(payment)
        if seen.state == COMPLETED:
            self.review_late_success(payment)

    def stop_watching(self, payment: Payment) -> None:
        current = self.ledger.get(payment.reference_id)
        self.ledger.move_check(current, None)

    def review_late_success(self, payment: Payment) -> None:
        self.ledger.review(payment)
        self.log.surface(payment.reference_id, "it succeeded after it had been given up")
