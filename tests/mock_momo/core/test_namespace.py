from collections.abc import Callable

import pytest

from mock_momo.core.agenda import Agenda, Settle
from mock_momo.core.books import books_of
from mock_momo.core.clock import LATEST_MS, FrozenClock
from mock_momo.core.commands import CreatePayment
from mock_momo.core.credentials import credentials_of
from mock_momo.core.draws import draw, draw_hex, draw_number, draw_uuid
from mock_momo.core.effects import Effect, Happened
from mock_momo.core.namespace import MOST_STEPS, Journey, Namespace
from mock_momo.core.payments import Order
from mock_momo.core.settings import Settings
from mock_momo.errors import InvalidSetting
from momo_contracts.events import (
    ClockMoved,
    Detail,
    NamespaceDescribed,
    NamespaceReset,
    PaymentSettled,
)
from momo_contracts.operations import REQUEST_TO_PAY
from momo_contracts.plans import parse_plan
from momo_contracts.values import Party, Product, ReferenceId, parse_amount

WALL_MS = 1_700_000_000_000


def world(name: str = "default") -> Namespace:
    return Namespace(name, Settings())


def pay(namespace: Namespace, plan: str, name: str = "a") -> None:
    order = Order(REQUEST_TO_PAY, parse_amount("5"), "EUR", Party("MSISDN", "1"), None, None, None)
    command = CreatePayment(name, order, parse_plan(plan), None)
    namespace.engine.submit(command, namespace.now_ms(WALL_MS))


def walk(namespace: Namespace, journey: Journey) -> tuple[Effect, ...]:
    """Walk a journey of the clock to its end, writing down what happens."""
    fired: list[Effect] = []
    for effects in journey:
        namespace.note(effects, WALL_MS)
        fired += effects
    return tuple(fired)


def details(namespace: Namespace) -> list[Detail]:
    return [event.detail for event in namespace.log.after(0)]


def test_a_real_clock_runs_with_the_wall_and_keeps_its_lead() -> None:
    namespace = world()
    assert namespace.now_ms(WALL_MS) == WALL_MS
    walk(namespace, namespace.advance(60_000, WALL_MS))
    walk(namespace, namespace.advance(1000, WALL_MS))
    assert namespace.now_ms(WALL_MS + 5) == WALL_MS + 61_005


def test_a_frozen_clock_stands_until_it_is_advanced_or_set_free() -> None:
    namespace = world()
    walk(namespace, namespace.freeze(WALL_MS))
    assert namespace.now_ms(WALL_MS + 999) == WALL_MS
    walk(namespace, namespace.advance(60_000, WALL_MS + 999))
    assert namespace.now_ms(WALL_MS + 5000) == WALL_MS + 60_000
    walk(namespace, namespace.run(WALL_MS + 5000))
    assert namespace.now_ms(WALL_MS + 5001) == WALL_MS + 60_001


def test_freezing_never_turns_time_back() -> None:
    namespace = world()
    walk(namespace, namespace.freeze(WALL_MS, at_ms=WALL_MS - 1))
    assert namespace.now_ms(WALL_MS) == WALL_MS
    walk(namespace, namespace.freeze(WALL_MS, at_ms=WALL_MS + 10))
    assert namespace.now_ms(WALL_MS) == WALL_MS + 10


@pytest.mark.parametrize(
    "move",
    [
        lambda namespace: walk(namespace, namespace.freeze(WALL_MS, at_ms=LATEST_MS + 1)),
        lambda namespace: walk(namespace, namespace.advance(LATEST_MS, WALL_MS)),
    ],
)
def test_no_clock_leaves_the_years_that_can_be_written(move: Callable[[Namespace], object]) -> None:
    namespace = world()

    with pytest.raises(InvalidSetting, match="3000"):
        move(namespace)

    assert namespace.now_ms(WALL_MS) == WALL_MS
    assert details(namespace) == []


def test_advancing_settles_what_comes_due_and_logs_both() -> None:
    namespace = world()
    walk(namespace, namespace.freeze(WALL_MS))
    pay(namespace, "SUCCESSFUL; after=30s")
    walk(namespace, namespace.advance(29_999, WALL_MS))
    walk(namespace, namespace.advance(1, WALL_MS))

    assert details(namespace) == [
        ClockMoved("frozen", WALL_MS, WALL_MS),
        ClockMoved("advanced", WALL_MS, WALL_MS + 29_999),
        ClockMoved("advanced", WALL_MS + 29_999, WALL_MS + 30_000),
        PaymentSettled("a", "SUCCESSFUL", None),
    ]


def test_running_until_idle_visits_each_instant_and_tells_what_came_due() -> None:
    namespace = world()
    walk(namespace, namespace.freeze(WALL_MS))
    pay(namespace, "SUCCESSFUL; after=24h")
    pay(namespace, "TIMEOUT; after=5m", "b")
    pay(namespace, "PENDING; after=1m; pending=CREATED", "c")

    fired = walk(namespace, namespace.run_until_idle(WALL_MS))

    assert fired == (
        Happened(WALL_MS + 300_000, PaymentSettled("b", "TIMEOUT", "EXPIRED")),
        Happened(WALL_MS + 86_400_000, PaymentSettled("a", "SUCCESSFUL", None)),
    )
    assert namespace.is_idle
    assert namespace.now_ms(WALL_MS) == WALL_MS + 86_400_000
    assert walk(namespace, namespace.run_until_idle(WALL_MS)) == ()


def test_running_until_idle_stops_after_ten_thousand_instants_and_is_then_not_idle() -> None:
    namespace = world()
    for number in range(MOST_STEPS + 1):
        pay(namespace, f"SUCCESSFUL; after={number + 1}ms", str(number))

    fired = walk(namespace, namespace.run_until_idle(WALL_MS))

    assert (len(fired), namespace.is_idle) == (MOST_STEPS, False)


def test_what_came_due_unseen_is_logged_at_its_own_instant() -> None:
    namespace = world()
    pay(namespace, "SUCCESSFUL; after=30s")

    namespace.note(namespace.catch_up(WALL_MS + 90_000), WALL_MS + 90_000)

    assert [event.at_ms for event in namespace.log.after(0)] == [WALL_MS + 30_000]


def test_a_reset_empties_the_world_but_keeps_its_name_credentials_and_log() -> None:
    namespace = world()
    credentials = namespace.credentials
    pay(namespace, "SUCCESSFUL")
    namespace.calls["x"] += 1
    walk(namespace, namespace.freeze(WALL_MS, at_ms=WALL_MS + 10))

    namespace.reset(WALL_MS)

    books = books_of(namespace)
    assert not books.payments
    assert not books.calls
    assert books.balance == books.opening
    assert not isinstance(namespace.clock, FrozenClock)
    assert namespace.credentials == credentials
    reset, described = details(namespace)[-2:]
    assert reset == NamespaceReset()
    assert isinstance(described, NamespaceDescribed)


def test_another_seed_changes_nothing_that_is_there() -> None:
    namespace = world()
    pay(namespace, "SUCCESSFUL")
    pay(namespace, "SUCCESSFUL; after=30s", "b")
    settled = namespace.engine.payments["a"].financial_transaction_id

    namespace.configure(Settings(seed=5), WALL_MS)
    namespace.catch_up(WALL_MS + 30_000)
    pay(namespace, "SUCCESSFUL", "c")

    payments = namespace.engine.payments
    assert settled is not None
    assert payments["a"].financial_transaction_id == settled
    assert [payment.seed for payment in payments.values()] == [0, 0, 5]


def test_worlds_share_nothing() -> None:
    one, other = world("one"), world("other")
    pay(one, "SUCCESSFUL")
    walk(one, one.advance(60_000, WALL_MS))

    assert books_of(other).balance == books_of(one).opening
    assert (other.now_ms(WALL_MS), details(other)) == (WALL_MS, [])


def test_credentials_are_constant_well_formed_and_begin_with_the_tag() -> None:
    mine, other = credentials_of("mine"), credentials_of("other")
    keys = [*mine.subscription_keys.values(), mine.api_key]

    assert credentials_of("mine") == mine != other
    assert len(set(keys)) == len(Product) + 1
    assert all(key.startswith(mine.tag) and len(key) == 32 for key in keys)
    assert ReferenceId(mine.api_user).text.replace("-", "").startswith(mine.tag)
    assert not {*keys} & {*other.subscription_keys.values(), other.api_key}


def test_draws_depend_on_seed_and_purpose_alone() -> None:
    assert draw(1, "a", "b") == draw(1, "a", "b")
    assert len({draw(1, "a", "b"), draw(2, "a", "b"), draw(1, "ab"), draw(1, "b", "a")}) == 4
    assert len(draw_hex(1, "a", digits=12)) == 12
    assert ReferenceId(draw_uuid(1, "a")).text == draw_uuid(1, "a")
    assert {draw_number(1, str(n), below=3) for n in range(50)} == {0, 1, 2}


def test_an_agenda_hands_out_what_is_due_by_instant_then_by_arrival() -> None:
    agenda = Agenda()
    for due_at_ms, name in ((30, "c"), (10, "a"), (30, "b"), (10, "d")):
        agenda.add(due_at_ms, Settle(name), wakes=name in "bd")

    assert (agenda.next_due_ms, agenda.next_wake_ms, agenda.pop_due(9)) == (10, 10, None)
    assert [agenda.pop_due(30) for _ in range(5)] == [
        (10, Settle("a")),
        (10, Settle("d")),
        (30, Settle("c")),
        (30, Settle("b")),
        None,
    ]
    assert (len(agenda), agenda.next_due_ms) == (0, None)
