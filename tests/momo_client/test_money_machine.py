"""Whatever happens in whatever order: no credit is lost, none is doubled, none is made up."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

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
    rule,
    run_state_machine_as_test,
)

from mock_momo.testing import Control
from momo_client import (
    Accept,
    BlockingMomoClient,
    Dismiss,
    InvalidRequest,
    Payment,
    PaymentRefused,
    PaymentStatus,
    Review,
    TokenError,
)
from momo_client.core.flows import confirm, take_hint
from momo_client.core.requests import StatusView
from momo_contracts.operations import Kind
from tests.momo_client.audit import Audit, is_settled
from tests.momo_client.rough_road import (
    Killed,
    Mixup,
    be_killed_after,
    be_killed_before,
    fail_after_all,
    time_out_after_all,
)
from tests.momo_client.shop import PLANS, Shop

MOVES = {
    "collection.requesttopay.create": BlockingMomoClient.request_to_pay,
    "collection.requesttowithdraw.create": BlockingMomoClient.request_to_withdraw,
    "disbursement.transfer.create": BlockingMomoClient.transfer,
    "disbursement.deposit.create": BlockingMomoClient.deposit,
}
REFUND = "disbursement.refund.create"
NUMBERS = ("46733120001", *(f"46733123{digits}" for digits in range(450, 465)))
HOUR_S = 3600
DAY_S = 24 * HOUR_S
WAITS_S = (1, 30, 61, 5 * 60, 11 * 60, HOUR_S, 12 * HOUR_S, DAY_S, 3 * DAY_S, 9 * DAY_S)
BUSY_S = (0, 61, 11 * 60)
"""How long an answer may be on its way while a colleague is at work."""

SHAPES = (
    "stuck_pending", "late_success", {"late_success": {"after_s": 3 * DAY_S}}, "callback_lost",
    "callback_duplicated", "callback_delayed", "callback_early", "callback_contradicts",
)  # fmt: skip
ANSWERS = (
    "reset_before", "lose_reply", "empty_reply", "truncated_body", "malformed_json",
    "wrong_content_type", "waf_page", "server_error", {"server_error": {"status": 500}},
    "wallet_error", {"wallet_error": {"code": "NOT_ALLOWED"}}, "gateway_failure",
    "rate_limited", {"rate_limited": {"retry_after_s": HOUR_S}},
    {"rate_limited": {"retry_after_s": None}}, "out_of_quota", "forbidden", "unauthorized",
    "token_revoked", "conflict", "not_visible",
)  # fmt: skip
MIXED_UP = {
    "amount": "77", "currency": "UGX", "externalId": "another", "payer": {"partyId": "1"},
    "referenceId": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip
CREATES, LOOKS, TOKENS = Kind.CREATE, Kind.READ_STATUS, Kind.CREATE_TOKEN

amounts = st.sampled_from([1, 2, *range(10, 10 + len(PLANS))])
names = st.sampled_from([f"order-{n}" for n in range(6)])
mixups = st.builds(
    lambda status, field: Mixup(status, field, MIXED_UP[field]),
    st.sampled_from(["SUCCESSFUL", "FAILED"]),
    st.sampled_from(sorted(MIXED_UP)),
)


class MoneyMachine(RuleBasedStateMachine):
    """A merchant, payers, a provider, a network and a clock, each at its worst."""

    payments: Bundle[str] = Bundle("payments")

    def __init__(self, fake: Control, ledger: Path) -> None:
        super().__init__()
        self._fake = fake
        self._file = ledger
        self.verdicts: dict[str, Review] = {}

    @initialize(view=st.sampled_from(StatusView))
    def open(self, view: StatusView) -> None:
        self.shop = Shop(self._fake, self._file, view)
        self.before = Audit.of(self.shop.ledger, self.shop.world)

    @rule(target=payments, operation=st.sampled_from(INCOMING), order=orders)
    def be_paid(self, operation: str, order: Order) -> str | MultipleResults[str]:
        return self.pay(operation, order)

    @rule(target=payments, operation=st.sampled_from(OUTGOING), order=orders)
    def pay_out(self, operation: str, order: Order) -> str | MultipleResults[str]:
        return self.pay(operation, order)

    @rule(target=payments, original=payments, order=orders)
    def refund(self, original: str, order: Order) -> str | MultipleResults[str]:
        paid = self.before.ours[original]
        is_refused = (
            not (paid.is_income and paid.status is PaymentStatus.COMPLETED)
            or order.amount > paid.money.amount
            or self.is_taken(REFUND, order)
        )
        ask = partial(self.shop.client.refund, original, order.amount, order.name)
        return self.submit(partial(ask, again=order.again), is_refused=is_refused)

    @rule(payment=payments)
    def submit_again_under_the_same_reference_id(self, payment: str) -> None:
        with pytest.raises(InvalidRequest, match="already in the ledger"):
            self.shop.client.transfer(1, NUMBERS[0], "other", reference_id=payment, again=True)

    @rule(payment=payments)
    def check_one(self, payment: str) -> None:
        with self.at_work(TokenError):
            found = self.shop.client.check_payment_status(payment)
            assert found == self.shop.ledger.find(payment)

    @rule()
    def check_round(self) -> None:
        with self.at_work():
            self.shop.check()

    @rule(seconds=st.sampled_from(WAITS_S), is_checked=st.booleans())
    def wait(self, seconds: int, is_checked: bool) -> None:
        self.shop.pass_time(seconds)
        if is_checked:
            self.check_round()

    @rule(data=st.data(), is_confirmed=st.booleans())
    def take_callback(self, data: st.DataObject, is_confirmed: bool) -> None:
        deliveries = self.shop.world.callbacks().deliveries
        queued = [delivery for delivery in deliveries if delivery.stage == "queued"]
        if queued:
            taken = data.draw(st.sampled_from(queued))
            self.shop.world.drop_callback(taken.id)
            self.take_forged_callback(taken.reference_id, is_confirmed)

    @rule(payment=payments | st.just("a stranger's"), is_confirmed=st.booleans())
    def take_forged_callback(self, payment: str, is_confirmed: bool) -> None:
        client, now_ms = self.shop.client, self.shop.clock.now_ms()
        with self.at_work(TokenError):
            known = client.drive(take_hint(payment, now_ms))
            assert (known is not None) == (payment in self.before.ours)
            if known and is_confirmed:
                client.drive(confirm(client.merchant, payment, now_ms, client.policy))

    @rule(
        fault=st.sampled_from(ANSWERS),
        operation=st.sampled_from(["*", "*.create", "*.status", "*.token"]),
        times=st.sampled_from([1, 2, 5, None]),
        probability=st.sampled_from([1, 0.5]),
        scope=st.sampled_from(["rule", "reference"]),
    )
    def answer_badly(self, fault: object, operation: str, **terms: object) -> None:
        self.shop.misbehave(fault=fault, match={"operation": operation}, **terms)

    @rule(fault=st.sampled_from(SHAPES), times=st.sampled_from([1, None]))
    def settle_badly(self, fault: object, times: int | None) -> None:
        on_creates = {"operation": "*.create"}
        self.shop.misbehave(fault=fault, match=on_creates, times=times, scope="rule")

    @rule()
    def behave(self) -> None:
        self.shop.behave()

    @rule(mishap=mishaps, kind=st.sampled_from([Kind.CREATE, Kind.READ_STATUS]))
    def await_mishap(self, mishap: Mishap, kind: Kind) -> None:
        self.shop.road.await_mishap(mishap, kind)

    @rule(mixup=mixups)
    def await_mixup(self, mixup: Mixup) -> None:
        self.shop.road.await_mishap(mixup, Kind.READ_STATUS)

    @rule(seconds=st.sampled_from(BUSY_S), kind=st.sampled_from([Kind.CREATE, Kind.READ_STATUS]))
    def await_race(self, seconds: int, kind: Kind) -> None:
        """So long an answer is on its way, and then a colleague is faster."""

        def race(road: Transport, request: HttpRequest) -> Answer:
            answer = road.send(request)
            self.shop.pass_time(seconds)
            self.shop.let_colleague_check()
            return answer

        self.shop.road.await_mishap(race, kind)

    @rule()
    def restart(self) -> None:
        self.shop.restart()

    @precondition(lambda self: self.undecided)
    @rule(data=st.data(), decision=st.sampled_from(["approve", "reject", "expire"]))
    def decide_at_provider(self, data: st.DataObject, decision: str) -> None:
        payment = data.draw(st.sampled_from(self.undecided))
        getattr(self.shop.world, decision)(payment)

    @precondition(lambda self: self.reviews)
    @rule(data=st.data(), is_accepted=st.booleans())
    def review(self, data: st.DataObject, is_accepted: bool) -> None:
        payment = data.draw(st.sampled_from(self.reviews))
        self.verdicts[payment] = Review.ACCEPTED if is_accepted else Review.DISMISSED
        self.review_nothing(payment, is_accepted)

    @invariant()
    def the_books_agree(self) -> None:
        if hasattr(self, "shop"):
            now = Audit.of(self.shop.ledger, self.shop.world)
            now.check()
            now.check_since(self.before, self.verdicts)
            self.before = now

    def teardown(self) -> None:
        if not hasattr(self, "shop"):
            return
        try:
            if sys.exc_info()[0] is None:
                self.come_to_rest()
        finally:
            self.shop.close()
            self._file.unlink()

    def come_to_rest(self) -> None:
        self.shop.behave()
        for row in self.shop.undecided():
            if "on_approval" in row.plan:
                self.shop.world.approve(row.reference_id)
        for _ in range(10):
            self.shop.pass_time(DAY_S)
            while self.shop.check().checked:
                pass
        self.the_books_agree()
        self.before.check_rest()

    def is_taken(self, operation: str, name: str) -> bool:
        return any(
            (row.operation.name, row.external_id) == (operation, name)
            and row.status is not PaymentStatus.FAILED
            for row in self.before.ours.values()
        )

    def submit(
        self, ask: Callable[..., Payment], is_refused: bool
    ) -> str | MultipleResults[str]:
        reference_id = self.shop.new_reference_id()
        with self.at_work(PaymentRefused, TokenError):
            if is_refused:
                with pytest.raises(InvalidRequest):
                    ask(reference_id=reference_id)
            else:
                paid = ask(reference_id=reference_id)
                assert paid == self.shop.ledger.find(reference_id)
        return multiple() if is_refused else reference_id

    @contextmanager
    def at_work(self, *expected: type[Exception]) -> Iterator[None]:
        try:
            with suppress(*expected):
                yield
        except Killed:
            self.shop.restart()


def run(fake: Control, folder: Path, *, examples: int) -> None:
    files = (folder / f"{n}.sqlite3" for n in count())
    run_state_machine_as_test(
        lambda: MoneyMachine(fake, next(files)),
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_order_of_events_loses_or_doubles_a_credit(fake: Control, tmp_path: Path) -> None:
    run(fake, tmp_path, examples=30)


@pytest.mark.long
@pytest.mark.parametrize("_half", [1, 2])
def test_two_thousand_orders_of_events_do_not(fake: Control, tmp_path: Path, _half: int) -> None:
    run(fake, tmp_path, examples=1000)
