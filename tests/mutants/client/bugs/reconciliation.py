"""Bugs about looking after what is open."""

from collections import Counter

from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.checker import Checker
from tests.mutants.client.ledger import Ending, Ledger
from tests.mutants.client.payment import COMPLETED, FAILED, PENDING, Payment
from tests.mutants.client.reply import Reply
from tests.mutants.client.status_answers import News, NoNews, Seen, StatusAnswers


@bug("MOMO-REC-01", "callbacks only", "its callback never came")
def _callbacks_only() -> None:
    replace(Checker, round=lambda _self: [])


@bug("MOMO-REC-02", "polls for ever", "it was asked for again")
def _polls_for_ever() -> None:
    def settle(self: Checker, payment: Payment, seen: Seen) -> None:
        at_ms = self.clock.now_ms + self.INTERVAL_MS
        self.ledger.settle(payment, Ending(seen.state, seen.code, seen.financial_id, at_ms))

    replace(
        Checker,
        settle=settle,
        next_check_ms=lambda self, _payment: self.clock.now_ms + self.INTERVAL_MS,
        late=lambda *_: None,
    )


@bug("MOMO-REC-03", "polls in a loop", "within a second")
def _polls_in_a_loop() -> None:
    right = Checker.news

    def news(self: Checker, payment: Payment) -> News:
        for _ in range(5):
            found = right(self, payment)
            if not isinstance(found, Seen) or found.state != PENDING:
                break
        return found

    replace(Checker, news=news)


@bug("MOMO-REC-03", "polls more and more often", "the gaps between reads shrink")
def _more_and_more_often() -> None:
    looks: Counter[str] = Counter()

    def next_check_ms(self: Checker, payment: Payment) -> int | None:
        gap_ms = max(1000, 40_000 >> looks[payment.reference_id])
        looks[payment.reference_id] += 1
        return None if payment.is_final else self.clock.now_ms + gap_ms

    replace(Checker, INTERVAL_MS=1000, next_check_ms=next_check_ms)


@bug("MOMO-REC-04", "never gives up", "still pending and not flagged")
def _never_gives_up() -> None:
    replace(Checker, is_overdue=lambda *_: False)


@bug("MOMO-REC-04", "credits after 24 h", "after 24 h")
def _credits_after_a_day() -> None:
    def expire(self: Checker, payment: Payment) -> None:
        self.ledger.settle(payment, Ending(COMPLETED))

    replace(Checker, expire=expire)


@bug("MOMO-REC-04", "sweeps twice", "its hold was released more than once")
def _sweeps_twice() -> None:
    def late(self: Checker, payment: Payment, _seen: Seen) -> None:
        self.ledger.post(payment, FAILED)

    replace(Checker, late=late)


@bug("MOMO-REC-04", "gives up again and again", "after 24 h")
def _again_and_again() -> None:
    def late(self: Checker, payment: Payment, _seen: Seen) -> None:
        self.ledger.write(
            "UPDATE payments SET state = 'pending' WHERE reference_id = ?", payment.reference_id
        )

    replace(Checker, late=late)


@bug("MOMO-REC-05", "drops a late success", "nothing for review")
def _drops_late_success() -> None:
    replace(Checker, review_late_success=lambda *_: None)


@bug("MOMO-REC-05", "never looks after 24 h", "nobody has asked for it")
def _never_looks_again() -> None:
    def expire(self: Checker, payment: Payment) -> None:
        self.ledger.settle(payment, Ending(FAILED, self.DEADLINE_CODE))

    replace(Checker, expire=expire)


@bug("MOMO-REC-05", "credits a late success twice", "2 credits")
def _credits_late_success_twice() -> None:
    def review(self: Checker, payment: Payment) -> None:
        for _ in range(2):
            self.ledger.post(payment, COMPLETED)

    replace(Checker, review_late_success=review)


@bug("MOMO-REC-06", "forgets on restart", "the client was restarted")
def _forgets_on_restart() -> None:
    right = Ledger.__init__

    def init(self: Ledger, url: str, *, resume: bool) -> None:
        right(self, url, resume=resume)
        self.write("UPDATE payments SET next_check_ms = NULL, next_send_ms = NULL")

    replace(Ledger, __init__=init)


def failing_on(*statuses: int) -> None:
    """These errors to a status read are taken for the payment's end."""
    right = StatusAnswers.error

    def error(self: StatusAnswers, reply: Reply) -> News:
        if reply.status in statuses:
            return Seen(FAILED, None, f"HTTP_{reply.status}", None, None)
        return right(self, reply)

    replace(StatusAnswers, error=error)


bug("MOMO-REC-07", "401 to a read fails", "answered 401, and the client says failed")(
    lambda: failing_on(401)
)
bug("MOMO-REC-07", "500 to a read fails", "answered 500, and the client says failed")(
    lambda: failing_on(500)
)


@bug("MOMO-REC-07", "404 to a read fails", "answered 404, and the client says failed")
def _absent_fails() -> None:
    replace(StatusAnswers, is_absent=lambda *_: False)
    failing_on(404)


@bug("MOMO-REC-07", "no answer to a read fails", "had no answer, and the client says failed")
def _no_answer_fails() -> None:
    right = Checker.no_news

    def no_news(self: Checker, payment: Payment, news: NoNews) -> None:
        right(self, payment, news)
        if not news.why.startswith("HTTP"):
            self.ledger.settle(payment, Ending(FAILED, "NO_ANSWER"))

    replace(Checker, no_news=no_news)
