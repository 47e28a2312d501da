"""Any order of payments, faults, callbacks, restarts and days: no credit is lost, none is doubled.

A callback is a reference id, so faults of callbacks are hints: early, late, twice, never, or false.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mock_momo.testing import Control, in_process_fake
from momo_client import (
    Accept,
    BlockingMomoClient,
    Dismiss,
    HttpRequest,
    InvalidRequest,
    Payment,
    PaymentRefused,
    PaymentStatus,
    Review,
    TokenError,
)
from momo_client.edge import blocking_shell
from momo_contracts.operations import Kind
from tests.momo_client import secrets
from tests.momo_client.both_books import BothBooks
from tests.momo_client.distortions import Change, losses, mixups
from tests.momo_client.provider_rules import DAY_S, HOUR_S, PAY, REFUND, TRANSFER, provider_rules
from tests.momo_client.trader import Killed, Mishap, Trader

MOVES = {PAY: BlockingMomoClient.request_to_pay, TRANSFER: BlockingMomoClient.transfer}
NUMBERS = ("46733123499", *(f"46733123{digits}" for digits in range(450, 457)))
AMOUNTS = (1, 500)
WAITS_S = (1, 30, 61, 301, 601, HOUR_S, 23 * HOUR_S, 25 * HOUR_S, 3 * DAY_S, 9 * DAY_S)
MOST_RULES = 4

Made = str | MultipleResults[str]
"""The reference ids of payments that were made."""


orders = st.tuples(
    st.sampled_from(sorted(MOVES)),
    st.sampled_from(AMOUNTS),
    st.just(NUMBERS[0]) | st.sampled_from(NUMBERS),
    st.sampled_from("abcd"),
)


class MoneyMachine(RuleBasedStateMachine):
    """A merchant, those who pay and are paid, a provider, a network and a calendar."""

    payments: Bundle[str] = Bundle("payments")

    def __init__(self, fake: Control, file: Path) -> None:
        super().__init__()
        self.fake, self.file = fake, file
        self.in_force: list[dict[str, object]] = []
        self.verdicts: dict[str, Review] = {}
        self.refusals: set[int | None] = set()

    @initialize(is_patient=st.booleans(), rules=st.lists(provider_rules, max_size=2))
    def open(self, rules: list[dict[str, object]], *, is_patient: bool) -> None:
        self.trader = Trader(self.fake, self.file, is_patient=is_patient)
        self.books = BothBooks.of(self.trader.ledger, self.trader.world)
        for terms in rules:
            self.add_rule(terms)

    @rule(target=payments, order=orders, again=st.booleans())
    def pay(self, order: tuple[str, int, str, str], *, again: bool) -> Made:
        operation, amount, number, name = order

        def ask(reference_id: str) -> Payment:
            move, client = MOVES[operation], self.trader.client
            return move(client, amount, number, name, again=again, reference_id=reference_id)

        return self.submit(ask, (operation, name), again=again)

    @rule(target=payments, several=st.lists(orders, min_size=2, max_size=4))
    def pay_several(self, several: list[tuple[str, int, str, str]]) -> Made:
        made = [self.pay(order, again=True) for order in several]
        return multiple(*(one for one in made if isinstance(one, str)))

    @rule(
        target=payments,
        original=payments,
        amount=st.sampled_from(AMOUNTS),
        name=st.sampled_from("ab"),
        again=st.booleans(),
    )
    def refund(self, original: str, amount: int, name: str, *, again: bool) -> Made:
        paid = self.books.ours[original]
        is_paid = paid.is_income and paid.status is PaymentStatus.COMPLETED
        if not is_paid or amount > paid.money.amount:
            return multiple()

        def ask(reference_id: str) -> Payment:
            options = {"again": again, "reference_id": reference_id}
            return self.trader.client.refund(original, amount, name, **options)  # type: ignore[arg-type]  # the two are Options

        return self.submit(ask, (REFUND, name), again=again)

    @rule(payment=payments)
    def check_status(self, payment: str) -> None:
        with self.at_work():
            found = self.trader.client.check_payment_status(payment)
            assert found == self.trader.ledger.find(payment)

    @rule()
    def check_round(self) -> None:
        with self.at_work():
            self.trader.check()

    @rule(seconds=st.sampled_from(WAITS_S), is_checked=st.booleans())
    def wait(self, seconds: int, *, is_checked: bool) -> None:
        self.trader.wait(seconds)
        if is_checked:
            self.check_round()

    @rule(payment=payments, is_confirmed=st.booleans())
    def take_callback(self, payment: str, *, is_confirmed: bool) -> None:
        with self.at_work():
            self.trader.take_callback(payment, is_confirmed=is_confirmed)

    @rule(terms=provider_rules)
    def add_rule(self, terms: dict[str, object]) -> None:
        self.in_force = [*self.in_force[1 - MOST_RULES :], terms]
        named = [rule | {"name": str(n)} for n, rule in enumerate(self.in_force)]
        self.trader.world.set_rules(named)

    @rule()
    def mend(self) -> None:
        self.in_force.clear()
        self.trader.world.set_rules([])

    @rule(
        kind=st.sampled_from([Kind.CREATE, Kind.READ_STATUS]),
        is_before=st.booleans(),
        name=st.sampled_from(["be killed", "be called back", "be overtaken"]),
        seconds=st.sampled_from([0, 61, 601, 25 * HOUR_S]),
        change=losses,
    )
    def have_a_mishap(
        self, kind: Kind, name: str, seconds: int, change: Change, *, is_before: bool
    ) -> None:
        def happen(request: HttpRequest) -> None:
            self.trader.wait(seconds)
            match name:
                case "be killed":
                    raise Killed
                case "be called back":
                    self.trader.take_callback(request.reference_id, is_confirmed=True)
                case "be overtaken":
                    self.trader.check_elsewhere()

        self.trader.road.ahead = Mishap(kind, is_before, happen, change)

    @rule(change=mixups)
    def be_told_of_another_payment(self, change: Change) -> None:
        self.trader.road.ahead = Mishap(Kind.READ_STATUS, is_before=True, change=change)

    @rule()
    def restart_and_be_called_back_by_a_stranger(self) -> None:
        self.trader.restart()
        self.trader.take_callback(self.trader.new_reference_id(), is_confirmed=True)

    @rule(payment=payments, decision=st.sampled_from(["approve", "reject", "expire"]))
    def decide(self, payment: str, decision: str) -> None:
        """Nobody decides what nobody asks for any more: a watch has an end."""
        is_asked_for = self.books.ours[payment].next_check_at_ms is not None
        if is_asked_for and self.books.truth(payment) in ("CREATED", "PENDING"):
            getattr(self.trader.world, decision)(payment)

    @precondition(lambda self: any(row.review is Review.OPEN for row in self.books.ours.values()))
    @rule(data=st.data(), verdict=st.sampled_from([Review.ACCEPTED, Review.DISMISSED]))
    def judge(self, data: st.DataObject, verdict: Review) -> None:
        """People are asked, and have the last word."""
        asked = sorted(row.reference_id for row in self.trader.ledger.reviews())
        payment = data.draw(st.sampled_from(asked))
        self.verdicts[payment] = verdict
        decision = Accept() if verdict is Review.ACCEPTED else Dismiss()
        self.trader.ledger.settle(payment, decision)

    @invariant()
    def both_books_agree(self) -> None:
        if not hasattr(self, "books"):
            return
        now = BothBooks.of(self.trader.ledger, self.trader.world)
        assert 409 not in self.refusals, "that an id is in use says nothing about its payment"
        now.check()
        now.check_since(self.books, self.verdicts)
        self.books = now

    def teardown(self) -> None:
        if not hasattr(self, "trader"):
            return
        try:
            if sys.exc_info()[0] is None:
                self.come_to_rest()
                assert secrets.found() == []
        finally:
            secrets.forget()
            self.trader.close()

    def come_to_rest(self) -> None:
        """All is well again, who still can approves, and the checker goes on past every watch."""
        self.mend()
        self.trader.road.ahead = None
        for payment in self.books.ours:
            self.decide(payment, "approve")
        for seconds in (0, 25 * HOUR_S, 9 * DAY_S):
            self.trader.wait(seconds)
            while self.trader.check():
                self.both_books_agree()
        self.books.check_at_rest()

    def submit(self, ask: Callable[[str], Payment], key: tuple[str, str], *, again: bool) -> Made:
        """A name belongs to whatever payment may count under it, unless another comes `again`."""
        is_taken = not again and key in {
            (row.operation.name, row.external_id)
            for row in self.books.ours.values()
            if row.status is not PaymentStatus.FAILED
        }
        reference_id = self.trader.new_reference_id()
        if is_taken:
            with pytest.raises(InvalidRequest, match="is already payment"):
                ask(reference_id)
            return multiple()
        with self.at_work():
            try:
                paid = ask(reference_id)
            except InvalidRequest as error:
                if error.code != "INVALID_AMOUNT":  # of a refund, with those before it
                    raise
                return multiple()
            assert paid == self.trader.ledger.find(reference_id)
        return reference_id

    @contextmanager
    def at_work(self) -> Iterator[None]:
        try:
            yield
        except PaymentRefused as refusal:
            self.refusals.add(refusal.http_status)
        except TokenError:
            pass
        except Killed:
            self.trader.restart()


@pytest.mark.parametrize(
    "examples", [30, pytest.param(2000, marks=[pytest.mark.long, pytest.mark.timeout(1100)])]
)
def test_no_order_of_events_loses_or_doubles_a_credit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, examples: int
) -> None:
    monkeypatch.setattr(blocking_shell, "SIDE_BY_SIDE", 1)  # threads are no part of an example
    with in_process_fake() as fake:
        run_state_machine_as_test(
            partial(MoneyMachine, fake, tmp_path / "ledger.sqlite3"),  # type: ignore[arg-type]  # a factory will do
            settings=settings(
                max_examples=examples,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
