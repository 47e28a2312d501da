from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_momo.core.commands import (
    Command,
    CreateApiKey,
    CreateApiUser,
    CreatePayment,
    ReadApiUser,
    ReadBalance,
    ReadStatus,
)
from mock_momo.core.decisions import Decision
from mock_momo.core.effects import Effect, Happened
from mock_momo.core.engine import Engine
from mock_momo.core.payments import Order
from mock_momo.core.replies import (
    Accepted,
    ApiKeyIssued,
    BalanceFound,
    Created,
    MissionFound,
    Refusal,
    Reply,
    StatusFound,
)
from mock_momo.core.settings import Settings
from mock_momo.errors import InvalidSetting
from momo_contracts.events import PaymentSettled
from momo_contracts.lifecycle import State
from momo_contracts.operations import READ_PAYMENT, READ_REQUEST_TO_PAY, REQUEST_TO_PAY
from momo_contracts.plans import parse_plan
from momo_contracts.values import Party
from momo_contracts.wire_errors import DUPLICATE_REFERENCE, NOT_FOUND

NOW_MS = 1_700_000_000_000
PLANS = (
    "SUCCESSFUL", "FAILED", "PENDING", "TIMEOUT", "REJECTED",
    "SUCCESSFUL; after=1s", "SUCCESSFUL; after=2s; pending=CREATED", "FAILED; after=1s",
    "SUCCESSFUL; after=0s", "PENDING; after=1s; pending=CREATED",
    "FAILED; sequence=PENDING,PENDING", "SUCCESSFUL; on_approval=2s",
    "SUCCESSFUL; after_polls=0", "SUCCESSFUL; after_polls=2", "REJECTED; after_polls=1",
)  # fmt: skip
amounts = st.decimals(Decimal("0.01"), Decimal("9" * 30), places=2)
ids = st.sampled_from(["a", "b", "c", "d", "e"])


def engine() -> Engine:
    return Engine(Settings(), b"secret")


def pay(reference_id: str, plan: str = "SUCCESSFUL", amount: str | Decimal = "5") -> CreatePayment:
    order = Order(REQUEST_TO_PAY, Decimal(amount), "EUR", Party("MSISDN", "1"), None, None, None)
    return CreatePayment(reference_id, order, parse_plan(plan), None)


def state(wallet: Engine, reference_id: str, now_ms: int = NOW_MS) -> State:
    reply, _ = wallet.submit(ReadStatus(READ_REQUEST_TO_PAY, reference_id), now_ms)
    assert isinstance(reply, StatusFound)
    return reply.payment.state


def happened(*effects: tuple[Effect, ...]) -> list[Happened]:
    found = [effect for some in effects for effect in some]
    assert all(isinstance(effect, Happened) for effect in found)
    return [effect for effect in found if isinstance(effect, Happened)]


@dataclass
class Expected:
    """What a payment should be, told without the engine's words."""

    amount: Decimal
    plan: str
    made_at_ms: int
    reads: int = 0

    def state(self, now_ms: int) -> str:
        outcome, _, rest = self.plan.partition("; ")
        waiting = "CREATED" if "CREATED" in rest else "PENDING"
        if "on_approval=" in rest:
            return "TIMEOUT" if now_ms >= self.made_at_ms + 2000 else "PENDING"
        if "sequence=" in rest:
            return outcome if self.reads > 2 else "PENDING"
        if "after=" in rest:
            return outcome if now_ms >= self.made_at_ms + int(rest[6]) * 1000 else waiting
        if "after_polls=" in rest:
            return outcome if self.reads > int(rest[12]) else waiting
        return outcome


steps = st.one_of(
    st.tuples(st.just("pay"), ids, st.sampled_from(PLANS), amounts),
    st.tuples(st.sampled_from(["v1", "v2"]), ids),
    st.tuples(st.just("wait"), st.sampled_from([0, 1, 999, 1000, 5000])),
)


@given(st.lists(steps, max_size=40))
def test_any_history_agrees_with_a_model_that_knows_no_engine(history: list[tuple]) -> None:  # type: ignore[type-arg]  # shapes differ by step
    wallet, now_ms, books = engine(), NOW_MS, dict[str, Expected]()
    settled: list[str] = []
    for kind, *details in history:
        match kind, details:
            case "wait", [by_ms]:
                now_ms += by_ms
                effects = wallet.advance(now_ms)
            case "pay", [name, plan, amount]:
                reply, effects = wallet.submit(pay(name, plan, amount), now_ms)
                assert isinstance(reply, Refusal if name in books else Accepted)
                books.setdefault(name, Expected(amount, plan, now_ms))
            case _, [name]:
                effects = _check_read(wallet, books, kind, name, now_ms)
        settled += [row.detail.reference_id for row in happened(effects, wallet.advance(now_ms))]
        credited = [row.amount for row in books.values() if row.state(now_ms) == "SUCCESSFUL"]
        assert Fraction(wallet.account.balance) == 1000 + sum(map(Fraction, credited))
    assert len(settled) == len(set(settled))
    assert set(settled) == {
        name for name, row in books.items() if row.state(now_ms) not in ("PENDING", "CREATED")
    }


def _check_read(
    wallet: Engine, books: dict[str, Expected], view: str, name: str, now_ms: int
) -> tuple[Effect, ...]:
    command = (
        ReadStatus(READ_REQUEST_TO_PAY, name) if view == "v1" else ReadStatus(READ_PAYMENT, name)
    )
    reply, effects = wallet.submit(command, now_ms)
    if name not in books:
        assert isinstance(reply, Refusal)
        assert reply.error is NOT_FOUND
        return effects
    books[name].reads += 1
    assert isinstance(reply, StatusFound | MissionFound)
    assert reply.payment.state == books[name].state(now_ms)
    assert reply.payment.order.amount == books[name].amount
    return effects


@given(st.lists(steps, max_size=25))
def test_the_same_commands_at_the_same_instants_give_the_same_replies(history: list[tuple]) -> None:  # type: ignore[type-arg]  # shapes differ by step
    assert _replies(history) == _replies(history)


def _replies(history: list[tuple]) -> list[object]:  # type: ignore[type-arg]  # shapes differ by step
    wallet, now_ms = engine(), NOW_MS
    found: list[object] = []
    for kind, *details in history:
        match kind, details:
            case "wait", [by_ms]:
                now_ms += by_ms
            case "pay", [name, plan, amount]:
                found.append(wallet.submit(pay(name, plan, amount), now_ms))
            case _, [name]:
                found.append(wallet.submit(ReadStatus(READ_REQUEST_TO_PAY, name), now_ms))
    return found


def test_a_delayed_outcome_comes_exactly_at_its_instant() -> None:
    wallet = engine()
    wallet.submit(pay("a", "SUCCESSFUL; after=30s; pending=CREATED"), NOW_MS)

    assert state(wallet, "a", NOW_MS + 29_999) is State.CREATED
    assert state(wallet, "a", NOW_MS + 30_000) is State.SUCCESSFUL


def test_a_polled_outcome_comes_with_the_read_after_the_counted_ones_of_either_view() -> None:
    wallet = engine()
    wallet.submit(pay("a", "FAILED; after_polls=2"), NOW_MS)

    assert state(wallet, "a") is State.PENDING
    wallet.submit(ReadStatus(READ_PAYMENT, "a"), NOW_MS)
    assert state(wallet, "a") is State.FAILED


def test_what_comes_due_is_settled_in_order_of_its_instant_then_of_its_making() -> None:
    wallet = engine()
    for name, seconds in (("a", 3), ("b", 1), ("c", 3), ("d", 2)):
        wallet.submit(pay(name, f"SUCCESSFUL; after={seconds}s"), NOW_MS)

    effects = wallet.advance(NOW_MS + 3000)

    assert [(row.at_ms - NOW_MS, row.detail.reference_id) for row in happened(effects)] == [
        (1000, "b"),
        (2000, "d"),
        (3000, "a"),
        (3000, "c"),
    ]
    assert wallet.advance(NOW_MS + 9000) == ()


def test_a_command_lets_everything_due_happen_first() -> None:
    wallet = engine()
    wallet.submit(pay("a", "SUCCESSFUL; after=1s", "7"), NOW_MS)

    reply, effects = wallet.submit(ReadBalance(), NOW_MS + 5000)

    assert reply == BalanceFound(Decimal(1007), "EUR")
    assert effects == (Happened(NOW_MS + 1000, PaymentSettled("a", "SUCCESSFUL", None)),)


def test_a_repeated_reference_id_is_refused_and_leaves_the_first_payment_as_it_was() -> None:
    wallet = engine()
    wallet.submit(pay("a", "SUCCESSFUL; after=30s", "5"), NOW_MS)
    before = wallet.payments["a"]

    reply, effects = wallet.submit(pay("a", "FAILED", "900"), NOW_MS + 1)

    assert isinstance(reply, Refusal)
    assert reply.error is DUPLICATE_REFERENCE
    assert (wallet.payments["a"], effects) == (before, ())
    assert state(wallet, "a", NOW_MS + 30_000) is State.SUCCESSFUL
    assert wallet.account.balance == Decimal(1005)


@pytest.mark.parametrize("second", [pay("a"), CreateApiUser("a", "localhost")])
@pytest.mark.parametrize("first", [pay("a"), CreateApiUser("a", "localhost")])
def test_reference_ids_are_unique_over_everything_that_is_created(
    first: Command, second: Command
) -> None:
    wallet = engine()

    accepted, _ = wallet.submit(first, NOW_MS)
    refused, _ = wallet.submit(second, NOW_MS)

    assert isinstance(accepted, Accepted | Created)
    assert isinstance(refused, Refusal)
    assert refused.error is DUPLICATE_REFERENCE


def test_sums_are_exact_where_the_default_decimal_context_would_round() -> None:
    wallet = engine()
    for name, amount in (("a", "9" * 30), ("b", "0.000000000000000001")):
        wallet.submit(pay(name, amount=amount), NOW_MS)

    assert str(wallet.account.balance) == "1" + "0" * 27 + "999.000000000000000001"


def test_each_api_key_is_new_and_all_of_them_stay_valid() -> None:
    wallet = engine()
    wallet.submit(CreateApiUser("u", "localhost"), NOW_MS)
    replies: list[Reply] = [wallet.submit(CreateApiKey("u"), NOW_MS)[0] for _ in range(3)]

    keys = [reply.api_key for reply in replies if isinstance(reply, ApiKeyIssued)]
    assert len(set(keys)) == 3
    assert wallet.api_users["u"].api_keys == tuple(keys)


@pytest.mark.parametrize(
    "command", [ReadApiUser("x"), CreateApiKey("x"), ReadStatus(READ_PAYMENT, "x")]
)
def test_the_unknown_is_not_found(command: Command) -> None:
    reply, _ = engine().submit(command, NOW_MS)

    assert isinstance(reply, Refusal)
    assert reply.error is NOT_FOUND


def test_a_sequence_is_shown_read_by_read_and_then_the_outcome() -> None:
    wallet = engine()
    wallet.submit(pay("a", "FAILED; sequence=CREATED,CREATED,PENDING"), NOW_MS)

    seen = [state(wallet, "a") for _ in range(5)]

    assert seen == ["CREATED", "CREATED", "PENDING", "FAILED", "FAILED"]


DECISIONS: tuple[tuple[str, Decision, str, str | None], ...] = (
    # plan, decision, state, reason
    ("SUCCESSFUL; on_approval", "approve", "SUCCESSFUL", None),
    ("FAILED; reason=NOT_ENOUGH_FUNDS; on_approval", "approve", "FAILED", "NOT_ENOUGH_FUNDS"),
    ("SUCCESSFUL; on_approval", "reject", "REJECTED", "APPROVAL_REJECTED"),
    ("FAILED; reason=NOT_ENOUGH_FUNDS; after=1s", "expire", "TIMEOUT", "EXPIRED"),
    ("PENDING", "approve", "SUCCESSFUL", None),
    ("PENDING; pending=CREATED; after=1h", "reject", "REJECTED", "APPROVAL_REJECTED"),
)


@pytest.mark.parametrize(("plan", "decision", "ends", "reason"), DECISIONS)
def test_a_decision_ends_a_payment_at_once_and_for_good(
    plan: str, decision: Decision, ends: str, reason: str | None
) -> None:
    wallet = engine()
    wallet.submit(pay("a", plan), NOW_MS)

    effects = wallet.decide("a", decision, NOW_MS + 500)

    assert effects == (Happened(NOW_MS + 500, PaymentSettled("a", ends, reason)),)
    assert wallet.advance(NOW_MS + 10**9) == ()
    assert state(wallet, "a", NOW_MS + 10**9) == ends
    assert wallet.account.credited == (5 if ends == "SUCCESSFUL" else 0)


@pytest.mark.parametrize("decision", ["approve", "reject", "expire"])
def test_what_is_final_or_unknown_cannot_be_decided(decision: Decision) -> None:
    wallet = engine()
    wallet.submit(pay("a"), NOW_MS)

    with pytest.raises(InvalidSetting, match="a is final: SUCCESSFUL"):
        wallet.decide("a", decision, NOW_MS)
    with pytest.raises(InvalidSetting, match="no payment has the reference id 'b'"):
        wallet.decide("b", decision, NOW_MS)


def test_what_nobody_approves_in_time_has_expired() -> None:
    wallet = engine()
    wallet.submit(pay("a", "SUCCESSFUL; on_approval"), NOW_MS)

    assert state(wallet, "a", NOW_MS + 299_999) is State.PENDING
    assert wallet.advance(NOW_MS + 300_000) == (
        Happened(NOW_MS + 300_000, PaymentSettled("a", "TIMEOUT", "EXPIRED")),
    )
