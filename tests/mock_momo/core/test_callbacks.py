"""Whatever happens to callbacks, in any order, a model that knows no engine foresees."""

from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mock_momo.core.callback_terms import SCHEDULES, CallbackTerms
from mock_momo.core.commands import CreatePayment, ReadStatus
from mock_momo.core.decisions import Decision
from mock_momo.core.deliveries import Attempt, Stage
from mock_momo.core.effects import Effect, SendCallback
from mock_momo.core.engine import Engine
from mock_momo.core.payments import Order
from mock_momo.core.settings import Settings
from mock_momo.errors import InvalidSetting
from momo_contracts.events import EMPTY_BODY
from momo_contracts.operations import READ_REQUEST_TO_PAY, REQUEST_TO_PAY
from momo_contracts.plans import parse_plan
from momo_contracts.values import Party

NOW_MS = 1_700_000_000_000
URL = "http://localhost/x"
PLANS = ("SUCCESSFUL", "FAILED; after=3s", "TIMEOUT; on_approval=5s", "PENDING")


def order() -> Order:
    return Order(REQUEST_TO_PAY, Decimal(5), "EUR", Party("MSISDN", "1"), None, None, None)


def create(name: str, plan: str, terms: CallbackTerms | None = None) -> CreatePayment:
    return CreatePayment(name, order(), parse_plan(plan), terms or CallbackTerms(URL))


def wallet(retry: str = "once") -> Engine:
    return Engine(Settings(chosen={"callback_retry": retry}), b"secret")


def sends(effects: tuple[Effect, ...]) -> list[SendCallback]:
    return [effect for effect in effects if isinstance(effect, SendCallback)]


def test_a_callback_is_owed_once_for_each_way_in_which_a_payment_can_end() -> None:
    engine = wallet()
    for name, plan in (
        ("at once", "SUCCESSFUL"), ("later", "FAILED; after=1s"),
        ("polled", "TIMEOUT; after_polls=0"),
        ("approved", "SUCCESSFUL; on_approval"), ("expired", "SUCCESSFUL; on_approval=1s"),
        ("rejected", "PENDING"), ("never", "PENDING"),
    ):  # fmt: skip
        engine.submit(create(name, plan), NOW_MS)
    engine.decide("approved", "approve", NOW_MS)
    engine.decide("rejected", "reject", NOW_MS)
    engine.submit(ReadStatus(READ_REQUEST_TO_PAY, "polled"), NOW_MS)
    engine.advance(NOW_MS + 9000)

    assert {row.reference_id for row in engine.callbacks.deliveries.values()} == {
        "at once", "later", "polled", "approved", "expired", "rejected",
    }  # fmt: skip


def test_nothing_wakes_the_fake_for_a_payment_that_nobody_waits_for() -> None:
    engine = wallet()
    engine.submit(CreatePayment("a", order(), parse_plan("SUCCESSFUL; after=1s"), None), NOW_MS)
    assert (engine.next_due_ms, engine.next_wake_ms) == (NOW_MS + 1000, None)

    engine.submit(create("b", "SUCCESSFUL; after=2s"), NOW_MS)
    assert (engine.next_due_ms, engine.next_wake_ms) == (NOW_MS + 1000, NOW_MS + 2000)


@pytest.mark.parametrize("what", ["resend", "delay"])
def test_a_delivery_that_is_on_the_wire_cannot_be_sent_or_moved(what: str) -> None:
    engine = wallet()
    engine.submit(create("a", "SUCCESSFUL"), NOW_MS)

    with pytest.raises(InvalidSetting, match="being sent"):
        getattr(engine.callbacks, what)("a.1", *([1] if what == "delay" else []), NOW_MS)


class Lab(RuleBasedStateMachine):
    """Payments with callbacks under every control, against a model of who owes what to whom."""

    @initialize(retry=st.sampled_from(["once", "backoff"]))
    def begin(self, retry: str) -> None:
        self.engine, self.now_ms, self.retries = wallet(retry), NOW_MS, len(SCHEDULES[retry])
        self.in_hand: list[str] = []
        self.tries: dict[str, int] = {}
        self.acknowledged: set[str] = set()
        self.dropped: set[str] = set()
        self.copies: dict[str, int] = {}
        self.not_before: dict[str, int] = {}

    def take(self, effects: tuple[Effect, ...]) -> None:
        for send in sends(effects):
            assert send.delivery_id not in self.in_hand, "never twice at the same time"
            assert send.delivery_id not in self.dropped
            assert self.now_ms >= self.not_before.get(send.delivery_id, 0)
            assert send.attempt == self.tries.get(send.delivery_id, 0) + 1
            self.in_hand.append(send.delivery_id)

    @rule(plan=st.sampled_from(PLANS), copies=st.integers(1, 2), delay=st.sampled_from([0, 2000]))
    def pay(self, plan: str, copies: int, delay: int) -> None:
        terms = CallbackTerms(URL, copies=copies, delay_ms=delay)
        name = str(len(self.engine.payments))
        self.copies[name] = copies
        self.take(self.engine.submit(create(name, plan, terms), self.now_ms)[1])

    @rule(by_ms=st.sampled_from([0, 1000, 2000, 5000]))
    def wait(self, by_ms: int) -> None:
        self.now_ms += by_ms
        self.take(self.engine.advance(self.now_ms))

    @precondition(lambda self: self.in_hand)
    @rule(status=st.sampled_from([200, 204, 302, 500, None]))
    def answer(self, status: int | None) -> None:
        identity = self.in_hand.pop(0)
        self.tries[identity] = self.tries.get(identity, 0) + 1
        if status in (200, 204):
            self.acknowledged.add(identity)
        attempt = Attempt(self.now_ms, EMPTY_BODY, status)
        self.take(self.engine.callbacks.answered(identity, attempt))

    @rule()
    def pause(self) -> None:
        self.engine.callbacks.pause()

    @rule()
    def resume(self) -> None:
        self.take(self.engine.callbacks.resume(self.now_ms))

    @rule()
    def step(self) -> None:
        effects = self.engine.callbacks.step(self.now_ms)
        assert len(effects) <= 1
        self.take(effects)

    @precondition(lambda self: self.idle())
    @rule(data=st.data(), by_ms=st.sampled_from([0, 4000]))
    def delay(self, data: st.DataObject, by_ms: int) -> None:
        identity = data.draw(st.sampled_from(self.idle()))
        self.engine.callbacks.delay(identity, by_ms, self.now_ms)
        self.dropped.discard(identity)
        self.not_before[identity] = self.now_ms + by_ms

    @precondition(lambda self: self.idle())
    @rule(data=st.data())
    def resend(self, data: st.DataObject) -> None:
        identity = data.draw(st.sampled_from(self.idle()))
        self.dropped.discard(identity)
        self.not_before.pop(identity, None)
        self.take(self.engine.callbacks.resend(identity, self.now_ms))

    @precondition(lambda self: self.engine.callbacks.deliveries)
    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        identity = data.draw(st.sampled_from(sorted(self.engine.callbacks.deliveries)))
        self.engine.callbacks.drop(identity, self.now_ms)
        self.dropped.add(identity)

    @precondition(lambda self: self.open())
    @rule(data=st.data(), decision=st.sampled_from(["approve", "reject", "expire"]))
    def decide(self, data: st.DataObject, decision: Decision) -> None:
        name = data.draw(st.sampled_from(self.open()))
        self.take(self.engine.decide(name, decision, self.now_ms))

    def open(self) -> list[str]:
        self.take(self.engine.advance(self.now_ms))
        return [name for name, row in self.engine.payments.items() if not row.is_final]

    def idle(self) -> list[str]:
        known = sorted(self.engine.callbacks.deliveries)
        return [identity for identity in known if identity not in self.in_hand]

    @invariant()
    def every_delivery_is_somewhere(self) -> None:
        rows = self.engine.callbacks.deliveries.items()
        held = {identity for identity, row in rows if row.stage is Stage.IN_HAND}
        assert held <= set(self.in_hand)
        for identity, row in rows:
            assert len(row.attempts) == self.tries.get(identity, 0)
            if row.stage is Stage.ACKNOWLEDGED:
                assert identity in self.acknowledged
            if row.stage is Stage.QUEUED:
                assert self.engine.callbacks.is_paused

    @invariant()
    def a_final_payment_owes_each_copy_once_and_an_open_one_nothing(self) -> None:
        for name, payment in self.engine.payments.items():
            owed = sum(1 for _ in self.engine.callbacks.of(name))
            assert owed == (self.copies[name] if payment.is_final else 0)

    def teardown(self) -> None:
        """Answered and given time, none is left waiting: delivered, dropped or failed."""
        self.engine.callbacks.is_paused = False
        self.take(self.engine.callbacks.resume(self.now_ms))
        for _ in range(300):
            while self.in_hand:
                self.answer(200)
            self.wait(5000)
        settled = {Stage.ACKNOWLEDGED, Stage.DROPPED, Stage.FAILED}
        assert {row.stage for row in self.engine.callbacks.deliveries.values()} <= settled
        assert self.engine.next_wake_ms is None


TestLab = Lab.TestCase
TestLab.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
