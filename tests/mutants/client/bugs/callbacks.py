"""Bugs about callbacks."""

import json

from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.client import Client
from tests.mutants.client.ledger import Ending, Ledger
from tests.mutants.client.payment import COMPLETED, FAILED, PENDING, Payment
from tests.mutants.client.receiver import Receiver
from tests.mutants.client.settings import Message
from tests.mutants.client.status_answers import StatusAnswers


@bug("MOMO-CBK-01", "PUT is 405", says="by PUT was answered 405")
def _put_is_405() -> None:
    replace(Receiver, METHODS=frozenset({"POST"}))


@bug("MOMO-CBK-01", "PUT is taken and ignored", says="by PUT was answered 200 and had no effect")
def _put_is_ignored() -> None:
    right = Receiver.take

    def take(self: Receiver, method: str, path: str, body: str) -> int:
        return 200 if method == "PUT" else right(self, method, path, body)

    replace(Receiver, take=take)


@bug("MOMO-CBK-02", "a callback that comes again is credited again", says="stand in the wallet")
def _copies_credit() -> None:
    right = Receiver.heard

    def heard(self: Receiver, payment: Payment, word: str) -> None:
        right(self, payment, word)
        if payment.state == COMPLETED and word == "SUCCESSFUL":
            self.ledger.post(payment, COMPLETED)

    replace(Receiver, heard=heard)


@bug("MOMO-CBK-02", "a callback that comes again is 409", says="a copy of a callback")
def _copies_refused() -> None:
    right = Receiver.take
    seen: set[str] = set()

    def take(self: Receiver, method: str, path: str, body: str) -> int:
        if path in seen:
            return 409
        seen.add(path)
        return right(self, method, path, body)

    replace(Receiver, take=take)


@bug("MOMO-CBK-03", "an unknown payment's callback is 500", says="was answered 500")
def _unknown_is_500() -> None:
    replace(Receiver, unknown=lambda _self: 500)


@bug("MOMO-CBK-03", "an unknown payment's callback makes one", says="got into the books")
def _unknown_is_made() -> None:
    right = Receiver.payment

    def payment(self: Receiver, path: str) -> Payment | None:
        found = right(self, path)
        if found is None:
            made = Payment(path.strip("/"), "request_to_pay", "callback", "10", "EUR", None, "", 0)
            self.ledger.insert(made)
        return found

    replace(Receiver, payment=payment)


@bug("MOMO-CBK-04", "believes callbacks", says="by a callback alone")
def _believes() -> None:
    def heard(self: Receiver, payment: Payment, word: str) -> None:
        state = StatusAnswers().meaning(word)
        if state != PENDING:
            self.ledger.settle(payment, Ending(state))

    replace(Receiver, heard=heard)


def _known_once_accepted(status: int) -> None:
    right = Receiver.payment

    def payment(self: Receiver, path: str) -> Payment | None:
        found = right(self, path)
        return found if found and found.accepted else None

    replace(Receiver, payment=payment, unknown=lambda _self: status)


@bug("MOMO-CBK-05", "an early callback is 404", says="before the 202 was answered 404")
def _early_is_404() -> None:
    _known_once_accepted(404)


@bug("MOMO-CBK-05", "an early callback is dropped", says="was taken and forgotten")
def _early_is_dropped() -> None:
    _known_once_accepted(200)


@bug("MOMO-CBK-06", "confirms before it answers", says="it waited for a status read")
def _confirms_first() -> None:
    right = Client.deliver_callback

    def deliver_callback(self: Client, callback: Message) -> Message:
        answer = right(self, callback)
        self.catch_up()
        return answer

    replace(Client, deliver_callback=deliver_callback)


@bug("MOMO-CBK-07", "a malformed callback breaks the receiver", says="was not answered")
def _malformed_breaks() -> None:
    replace(Receiver, word_in=lambda _self, body: json.loads(body)["status"])


@bug("MOMO-CBK-07", "a malformed callback is 200", says="was answered 200, not 4xx")
def _malformed_is_200() -> None:
    right = Receiver.word_in
    replace(Receiver, word_in=lambda self, body: right(self, body) or "")


@bug("MOMO-CBK-07", "callbacks of any size", says="is too large was answered 200")
def _no_limit() -> None:
    replace(Receiver, is_oversized=lambda _self, _body: False)


@bug("MOMO-CBK-08", "callbacks are kept in memory", says="is forgotten")
def _in_memory() -> None:
    noted: dict[str, Payment] = {}
    replace(
        Ledger,
        hint=lambda _self, payment: noted.update({payment.reference_id: payment}),
        hinted=lambda _self, _now_ms: list(noted.values()),
        take_hint=lambda _self, payment: noted.pop(payment.reference_id, None) is not None,
    )


@bug("MOMO-CBK-09", "a late FAILED reverses", says="a completed payment became failed")
def _late_reverses() -> None:
    def compare(self: Receiver, payment: Payment, word: str) -> None:
        self.ledger.write(
            "UPDATE payments SET state = ? WHERE reference_id = ?",
            StatusAnswers().meaning(word),
            payment.reference_id,
        )

    replace(Receiver, compare=compare)


@bug("MOMO-CBK-09", "a late FAILED takes the money back", says="changed the books")
def _late_takes_back() -> None:
    def compare(self: Receiver, payment: Payment, word: str) -> None:
        if StatusAnswers().meaning(word) == FAILED:
            self.ledger.write(
                "INSERT INTO entries SELECT reference_id, account, -minor, currency"
                " FROM entries WHERE reference_id = ?",
                payment.reference_id,
            )

    replace(Receiver, compare=compare)
