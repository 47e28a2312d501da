"""Bugs about being told to wait."""

from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.checker import Checker
from tests.mutants.client.client import Client
from tests.mutants.client.ledger import Ending
from tests.mutants.client.payment import FAILED, Payment
from tests.mutants.client.reading import Pauses
from tests.mutants.client.status_answers import NoNews


@bug("MOMO-RTL-01", "ignores Retry-After", says="after 429 with Retry-After of 60000 ms")
def _ignores_retry_after() -> None:
    replace(Pauses, wait_ms=lambda _self, _reply: 0)


@bug("MOMO-RTL-01", "sends again at once after 429", says="came 0 ms after 429")
def _again_at_once() -> None:
    right = Client.send

    def send(self: Client, payment: Payment) -> None:
        right(self, payment)
        if "too many" in self.ledger.get(payment.reference_id).why:
            right(self, payment)

    replace(Client, send=send)


@bug("MOMO-RTL-02", "429 to a status read is FAILED", says="answered 429")
def _limited_read_fails() -> None:
    def no_news(self: Checker, payment: Payment, news: NoNews) -> None:
        if "429" in news.why:
            self.ledger.settle(payment, Ending(FAILED, news.why))

    replace(Checker, no_news=no_news)


@bug("MOMO-RTL-03", "reads all that is due at once", says="when an outage was over")
def _burst() -> None:
    replace(Checker, BATCH=1_000_000)
