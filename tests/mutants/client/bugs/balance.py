"""Bugs about what is credited and debited."""

import time

from tests.mutants.client.books import CREATED, Books
from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.ledger import Ending, Ledger
from tests.mutants.client.payment import COMPLETED, FAILED, Payment
from tests.mutants.client.sender import Sender

GAP_S = 0.2
"""Between a look and a commit, or two commits: wide enough to be hit for certain."""


def without(*event: str) -> None:
    """Nothing is booked for this event."""
    replace(Books, MOVES={name: sides for name, sides in Books.MOVES.items() if name != event})


@bug("MOMO-BAL-01", "credits per observation", "has 2 credits")
def _credits_per_observation() -> None:
    claim = Ledger.claim
    replace(Ledger, claim=lambda self, *ending: claim(self, *ending) or True)
    replace(Payment, is_final=property(lambda _self: False))


@bug("MOMO-BAL-01", "no credit", "has no credit")
def _no_credit() -> None:
    without("request_to_pay", COMPLETED)


@bug("MOMO-BAL-02", "rounds the ledger amount", "moved the wallet by")
def _rounds() -> None:
    minor = Books.minor
    replace(Books, minor=lambda self, payment: round(minor(self, payment), -2))


@bug("MOMO-BAL-02", "one side is rounded", "not to zero")
def _one_side() -> None:
    post = Ledger.post

    def uneven(self: Ledger, payment: Payment, event: str) -> None:
        post(self, payment, event)
        self.write("UPDATE entries SET minor = minor / 100 * 100 WHERE account = 'payers'")

    replace(Ledger, post=uneven)


@bug("MOMO-BAL-03", "books what is pending", "has not succeeded, and moves")
def _books_pending() -> None:
    moves = {**Books.MOVES, ("request_to_pay", CREATED): (("wallet", -1), ("payers", 1))}
    replace(Books, MOVES=moves)


@bug("MOMO-BAL-03", "credits failures", "has not succeeded, and moves")
def _credits_failures() -> None:
    credit = Books.MOVES["request_to_pay", COMPLETED]
    replace(Books, MOVES={**Books.MOVES, ("request_to_pay", FAILED): credit})


@bug("MOMO-BAL-03", "releases a hold twice", "was released, more than once")
def _releases_twice() -> None:
    replace(Books, MOVES={**Books.MOVES, ("transfer", FAILED): Books.GIVE_BACK * 2})


@bug("MOMO-BAL-04", "looks, then books", "credits")
def _looks_then_books() -> None:
    def settle(self: Ledger, payment: Payment, ending: Ending) -> bool:
        if self.get(payment.reference_id).is_final:
            return False
        time.sleep(GAP_S)
        with self.transaction():
            self.claim(payment, ending)
            self.post(payment, ending.state)
        return True

    replace(Ledger, settle=settle)


@bug("MOMO-BAL-05", "credit, then state", "has 2 credits")
def _credit_first() -> None:
    def settle(self: Ledger, payment: Payment, ending: Ending) -> bool:
        if self.get(payment.reference_id).is_final:
            return False
        self.post(payment, ending.state)
        time.sleep(GAP_S)
        return self.claim(payment, ending)

    replace(Ledger, settle=settle)


@bug("MOMO-BAL-05", "state, then credit", "has no credit")
def _state_first() -> None:
    def settle(self: Ledger, payment: Payment, ending: Ending) -> bool:
        if not self.claim(payment, ending):
            return False
        time.sleep(GAP_S)
        self.post(payment, ending.state)
        return True

    replace(Ledger, settle=settle)


@bug("MOMO-BAL-06", "no refund", "is FAILED, and moves -")
def _no_refund() -> None:
    without("transfer", FAILED)


@bug("MOMO-BAL-06", "debits per attempt", "is debited 2 times")
def _debits_per_attempt() -> None:
    right = Sender.may_repeat

    def may_repeat(self: Sender, payment: Payment) -> bool:
        self.ledger.post(payment, CREATED)
        return right(self, payment)

    replace(Sender, may_repeat=may_repeat)
