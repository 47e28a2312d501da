"""Bugs about answers that are late, lost, unreadable or a no."""

import os
from collections.abc import Mapping

from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.checker import Checker
from tests.mutants.client.create_answers import CreateAnswers, Refused, Unclear, Verdict
from tests.mutants.client.ledger import Ending
from tests.mutants.client.payment import COMPLETED, FAILED, Payment
from tests.mutants.client.reply import Reply, Unreadable
from tests.mutants.client.sender import Sender
from tests.mutants.client.status_answers import News, Seen, StatusAnswers
from tests.mutants.client.wire import Wire


@bug("MOMO-RTY-01", "no timeout", says="had no answer")
def _no_timeout() -> None:
    replace(Wire, timeout_s=lambda _self: 3600.0)


@bug(
    "MOMO-RTY-02",
    "no answer is a failure",
    says="the payment was called failed",
)
def _no_answer_is_a_failure() -> None:
    replace(Sender, not_answered=lambda _self, why: Refused(why))


@bug(
    "MOMO-RTY-02",
    "no answer is a success",
    says="the payment was called completed",
)
def _no_answer_is_a_success() -> None:
    right = Sender.record

    def record(self: Sender, payment: Payment, verdict: Verdict) -> None:
        right(self, payment, verdict)
        if isinstance(verdict, Unclear) and not verdict.why.startswith("HTTP"):
            self.ledger.settle(payment, Ending(COMPLETED))

    replace(Sender, record=record)


@bug("MOMO-RTY-03", "one error ends polling", says="was not repeated")
def _one_error_ends_polling() -> None:
    replace(
        Checker,
        no_news=lambda self, payment, _news: self.ledger.note(
            payment.reference_id, next_check_ms=None
        ),
    )


@bug(
    "MOMO-RTY-03",
    "an error on a read is a failure",
    says="the payment was called failed",
)
def _an_error_on_a_read_is_a_failure() -> None:
    replace(
        Checker,
        no_news=lambda self, payment, news: self.ledger.settle(payment, Ending(FAILED, news.why)),
    )


@bug("MOMO-RTY-04", "sends again after 4xx", says="the create was sent again")
def _sends_again_after_4xx() -> None:
    replace(CreateAnswers, is_refusal=lambda self, _reply, code: self.is_permanent(code))


@bug("MOMO-RTY-05", "sends again after a permanent 500", says="the caller was never told so")
def _sends_again_after_a_permanent_500() -> None:
    replace(CreateAnswers, is_permanent=lambda _self, _code: False)


@bug("MOMO-RTY-06", "never sends again", says="never sent again")
def _never_sends_again() -> None:
    replace(
        Sender,
        may_repeat=lambda _self, _payment: False,
        may_send_again=lambda _self, _payment: False,
    )


@bug("MOMO-RTY-06", "503 is a failure", says="the payment was called failed")
def _503_is_a_failure() -> None:
    right = CreateAnswers.is_refusal
    replace(
        CreateAnswers,
        is_refusal=lambda self, reply, code: reply.status == 503 or right(self, reply, code),
    )


@bug("MOMO-RTY-07", "constant gap", says="after exactly 500 ms, 500 ms")
def _constant_gap() -> None:
    replace(Sender, backoff_ms=lambda self, _attempts: self.FIRST_GAP_MS, jitter=lambda _self: 1.0)


@bug("MOMO-RTY-07", "no jitter", says="all sent again after exactly")
def _no_jitter() -> None:
    replace(Sender, jitter=lambda _self: 1.0)


@bug("MOMO-RTY-08", "unbounded attempts", says="attempts in a row")
def _unbounded_attempts() -> None:
    replace(Sender, may_repeat=lambda _self, _payment: True)


@bug("MOMO-RTY-09", "dies of a page", says="the client died")
def _dies_of_a_page() -> None:
    right = Reply.document

    def document(self: Reply) -> Mapping[str, object]:
        try:
            return right(self)
        except Unreadable:
            os._exit(1)

    replace(Reply, document=document)


@bug("MOMO-RTY-09", "a page is a success", says="called completed")
def _a_page_is_a_success() -> None:
    right = StatusAnswers.read

    def read(self: StatusAnswers, payment: Payment, reply: Reply) -> News:
        if reply.status == 200 and not reply.is_json:
            return Seen(COMPLETED, None, None, None, None)
        return right(self, payment, reply)

    replace(StatusAnswers, read=read)


@bug(
    "MOMO-RTY-10",
    "404 is a failure",
    says="404 to a status read",
)
def _404_is_a_failure() -> None:
    replace(
        Checker,
        absent=lambda self, payment: self.ledger.settle(payment, Ending(FAILED, "NOT_FOUND")),
    )
