"""Money over all resources, in any order of events: nothing is made, lost, or paid back twice."""

from collections.abc import Iterator
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mock_momo.core.commands import CreatePayment, ReadStatus
from mock_momo.core.engine import Engine
from mock_momo.core.namespace import Namespace
from mock_momo.core.payments import Order, Payment
from mock_momo.core.replies import Accepted
from mock_momo.core.settings import Settings
from mock_momo.core.snapshot import put_back, take
from momo_contracts import resources
from momo_contracts.lifecycle import State
from momo_contracts.operations import CATALOGUE, OPERATIONS, Kind
from momo_contracts.plans import parse_plan
from momo_contracts.values import Party

WALL_MS = 1_700_000_000_000
CREATES = [row.name for row in CATALOGUE if row.kind is Kind.CREATE]
PAY, REFUND = "collection.requesttopay.create", "disbursement.refund.create"
PLANS = [
    "SUCCESSFUL", "FAILED", "PENDING", "REJECTED", "SUCCESSFUL; after=2s", "FAILED; after=1s",
    "SUCCESSFUL; on_approval=3s", "SUCCESSFUL; after_polls=1", "TIMEOUT; sequence=CREATED,PENDING",
]  # fmt: skip
NAMES = [f"p{n}" for n in range(30)]
amounts = st.sampled_from([Decimal(n) for n in ("0.01", "300", "500")])


class Money(RuleBasedStateMachine):
    """A merchant who does everything at once, and whoever decides and lets time pass."""

    funds = "unlimited"

    def __init__(self) -> None:
        super().__init__()
        self.world = Namespace("default", Settings(chosen={"funds": self.funds}))
        self.now_ms = WALL_MS
        self.final: dict[str, State] = {}

    @rule(
        name=st.sampled_from(NAMES),
        operation=st.sampled_from(CREATES),
        amount=amounts,
        plan=st.just("SUCCESSFUL") | st.sampled_from(PLANS),
        original=st.sampled_from(NAMES[:3]),
    )
    def create(self, name: str, operation: str, amount: Decimal, plan: str, original: str) -> None:
        made_by = OPERATIONS[operation]
        is_refund = made_by.resource is resources.REFUND
        party = Party("MSISDN", "1") if made_by.resource.party else None
        refunds = original if is_refund else None
        order = Order(made_by, amount, "EUR", party, None, None, None, refunds)
        is_new = name not in self.payments
        command = CreatePayment(name, order, parse_plan(plan), None)
        reply, _ = self.engine.submit(command, self.now_ms)
        assert isinstance(reply, Accepted) == is_new

    @initialize()
    def be_paid(self) -> None:
        self.create(NAMES[0], PAY, Decimal(500), "SUCCESSFUL", "")

    @rule(name=st.sampled_from(NAMES), amount=amounts, plan=st.sampled_from(PLANS))
    def pay_back(self, name: str, amount: Decimal, plan: str) -> None:
        self.create(name, REFUND, amount, plan, NAMES[0])

    @rule(by_ms=st.integers(0, 3_000))
    def wait(self, by_ms: int) -> None:
        self.now_ms += by_ms
        self.engine.advance(self.now_ms)

    @rule(name=st.sampled_from(NAMES))
    def look(self, name: str) -> None:
        payment = self.payments.get(name)
        if payment is not None:
            made_by = payment.order.made_by
            status = OPERATIONS[f"{made_by.product}.{made_by.resource.name}.status"]
            self.engine.submit(ReadStatus(status, name), self.now_ms)

    @precondition(lambda self: any(not row.is_final for row in self.payments.values()))
    @rule(data=st.data(), decision=st.sampled_from(["approve", "reject", "expire"]))
    def decide(self, data: st.DataObject, decision: str) -> None:
        waiting = sorted(name for name, row in self.payments.items() if not row.is_final)
        self.engine.decide(data.draw(st.sampled_from(waiting)), decision, self.now_ms)  # type: ignore[arg-type]  # one of three

    @rule()
    def move_to_another_world(self) -> None:
        snapshot = take(self.world, self.now_ms)
        self.world = Namespace("default", Settings())
        put_back(self.world, snapshot, self.now_ms)

    @invariant()
    def the_balance_is_what_came_in_less_what_went_out(self) -> None:
        books = Decimal(1000)
        for row in self.succeeded():
            books += row.order.amount if row.order.made_by.resource.is_income else -row.order.amount
        assert self.engine.account.balance == books

    @invariant()
    def no_more_is_paid_back_than_was_paid(self) -> None:
        for name in {row.order.refunds for row in self.payments.values()} - {None}:
            back = [
                row.order.amount
                for row in self.payments.values()
                if row.order.refunds == name and row.state in ("SUCCESSFUL", "PENDING", "CREATED")
            ]
            original = self.payments.get(str(name))
            paid = original is not None and original.state is State.SUCCESSFUL
            assert sum(back) <= (original.order.amount if original and paid else 0)

    @invariant()
    def a_final_state_stays(self) -> None:
        for name, row in self.payments.items():
            assert self.final.get(name, row.state) is row.state
            if row.is_final:
                self.final[name] = row.state

    @property
    def engine(self) -> Engine:
        return self.world.engine

    @property
    def payments(self) -> dict[str, Payment]:
        return self.world.engine.payments

    def succeeded(self) -> Iterator[Payment]:
        return (row for row in self.payments.values() if row.state is State.SUCCESSFUL)


class EnforcedMoney(Money):
    """The same where money goes out only as far as the balance."""

    funds = "enforced"

    @invariant()
    def nobody_spends_what_is_not_there(self) -> None:
        assert self.engine.account.balance >= 0


TestMoney = Money.TestCase
TestEnforcedMoney = EnforcedMoney.TestCase
TestMoney.settings = TestEnforcedMoney.settings = settings(stateful_step_count=40)
