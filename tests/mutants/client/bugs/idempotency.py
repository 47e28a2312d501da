"""Bugs about ids and repetitions."""

import json
from decimal import Decimal
from hashlib import md5
from uuid import UUID, uuid4

from tests.mutants.client.api import Api
from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.client import Client
from tests.mutants.client.create_answers import CreateAnswers
from tests.mutants.client.intake import Intake
from tests.mutants.client.ledger import COLUMNS, MARKS, Ending, Ledger
from tests.mutants.client.payment import COMPLETED, FAILED, PENDING, Payment
from tests.mutants.client.reply import Reply
from tests.mutants.client.sender import Sender
from tests.mutants.client.settings import Message


@bug("MOMO-IDM-01", "same id for two orders", says="under the reference id of")
def _same_id_for_two_orders() -> None:
    replace(Intake, reference_id=lambda _self, order: _derived(order["amount"]))
    replace(Ledger, insert=_write_over)


@bug("MOMO-IDM-02", "id known only on success", says="names no reference id")
def _id_known_only_on_success() -> None:
    right = Client.answer

    def answer(self: Client, payment: Payment) -> Message:
        found = right(self, payment)
        if "unknown" in found:
            found["unknown"]["reference_id"] = None
        return found

    replace(Client, answer=answer)


@bug("MOMO-IDM-03", "new id on timeout", says="under another reference id")
def _new_id_on_timeout() -> None:
    right = Api.create

    def create(self: Api, payment: Payment) -> Reply:
        fresh = payment._replace(reference_id=str(uuid4()))
        return right(self, fresh if payment.attempts > 1 else payment)

    replace(Api, create=create)


@bug("MOMO-IDM-04", "amount changed on retry", says="another amount")
def _amount_changed_on_retry() -> None:
    right = Api.create

    def create(self: Api, payment: Payment) -> Reply:
        body = json.loads(payment.body)
        if payment.attempts > 1:
            body["amount"] = str(Decimal(body["amount"]).quantize(Decimal("0.001")))
        return right(self, payment._replace(body=json.dumps(body)))

    replace(Api, create=create)


@bug("MOMO-IDM-05", "409 is a failure", says="after 409 the payment was called failed")
def _conflict_is_a_failure() -> None:
    replace(CreateAnswers, is_taken=lambda _self, _reply: False)
    replace(
        Sender,
        refused=lambda self, payment, code: self.ledger.settle(payment, Ending(FAILED, code)),
    )


@bug("MOMO-IDM-05", "409 is a success", says="after 409 the payment was called completed")
def _conflict_is_a_success() -> None:
    replace(Client, exists=lambda self, payment: self.ledger.settle(payment, Ending(COMPLETED)))


@bug("MOMO-IDM-05", "409 is sent again", says="after 409 a create was sent again")
def _conflict_is_sent_again() -> None:
    right = CreateAnswers.is_refusal
    replace(
        CreateAnswers,
        is_taken=lambda _self, _reply: False,
        is_refusal=lambda self, reply, code: reply.status != 409 and right(self, reply, code),
    )


@bug("MOMO-IDM-06", "no double-submit guard", says="asked for twice at once")
def _no_double_submit_guard() -> None:
    """An order counts once it has been answered, as if it were written down only then."""
    right = Ledger.standing

    def standing(self: Ledger, payment: Payment) -> Payment | None:
        found = right(self, payment)
        return found if found and found.why != payment.why else None

    replace(Ledger, standing=standing)


@bug("MOMO-IDM-07", "new id while pending", says="was open, and was sent under a second")
def _new_id_while_pending() -> None:
    right = Ledger.standing

    def standing(self: Ledger, payment: Payment) -> Payment | None:
        found = right(self, payment)
        return found if found and found.state == COMPLETED else None

    replace(Ledger, standing=standing)


@bug("MOMO-IDM-08", "id only in memory", says="after the crash")
def _id_only_in_memory() -> None:
    """A payment is written down once it has been answered."""
    right = Ledger.__init__

    def start(self: Ledger, url: str, *, resume: bool) -> None:
        right(self, url, resume=resume)
        self.write("DELETE FROM payments WHERE state = ? AND NOT accepted", PENDING)

    replace(Ledger, __init__=start)


@bug("MOMO-IDM-09", "old id after a failure", says="failed payment's reference id was sent again")
def _old_id_after_a_failure() -> None:
    replace(Intake, reference_id=lambda _self, order: _derived(order["key"]))
    replace(Ledger, insert=_write_over)


def _derived(text: str) -> str:
    """An id that is always the same for a text, and looks as if it were not."""
    return str(UUID(bytes=md5(text.encode(), usedforsecurity=False).digest(), version=4))


def _write_over(self: Ledger, payment: Payment) -> None:
    sql = f"INSERT OR REPLACE INTO payments ({COLUMNS}) VALUES ({MARKS})"  # noqa: S608  # our own names
    self.write(sql, *payment)
