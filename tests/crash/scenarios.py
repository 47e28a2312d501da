"""What the processes were doing when they were killed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from momo_client.core.flows import confirm, take_hint
from momo_client.core.settlement import Accept, Dismiss
from tests.crash.shop import EVER, LATER, NEVER, PAYER, Shop, reference_of
from tests.crash.version_1 import look_at_migration, look_at_new, write_version_1

LOST, HIDDEN, SLOW = 11, 12, 13
LATE_IN, LATE_OUT, LATE_NOT = 21, 22, 23
"""Orders with a fate of their own, see RULES."""

CREATES = {"operation": "*.create"}
RULES: tuple[Mapping[str, object], ...] = (
    {
        "name": "never arrives",
        "match": CREATES | {"external_id": str(LOST)},
        "fault": "reset_before",
        "times": 1,
    },
    {
        "name": "arrives, and nobody knows",
        "match": CREATES | {"external_id": str(HIDDEN)},
        "fault": "lose_reply",
        "times": 1,
    },
    {"name": "slow", "match": {"external_id": str(SLOW)}, "outcome": "SUCCESSFUL; after=10m"},
    *(
        {"name": f"late {order}", "match": {"external_id": str(order)}, "fault": "late_success"}
        for order in (LATE_IN, LATE_OUT, LATE_NOT)
    ),
)
PLAN = "SUCCESSFUL; after=20s"
PAID_S, DUE_S, DAY_S = 30, 70, 24 * 3600
"""Until a payment has ended; until a checker asks for one that nobody has confirmed."""


def nothing(_shop: Shop) -> None:
    """There is nothing to do."""


def no_findings(_ledger_url: str) -> list[str]:
    """Whatever is wrong shows after the recovery."""
    return []


@dataclass(frozen=True, slots=True)
class Scenario:
    """`act` is killed, in the world that `prepare` has left.

    `look` at what it has left behind comes next; after a restart, `again`; after the checker's last
    round, `decide`.
    """

    name: str
    act: Callable[[Shop], None]
    prepare: Callable[[Shop], None] = nothing
    look: Callable[[str], list[str]] = no_findings
    again: Callable[[Shop], None] = nothing
    decide: Callable[[Shop], None] = nothing
    databases: tuple[str, ...] = ("sqlite", "postgresql")


def ask(shop: Shop) -> None:
    payment = shop.ask(1)
    shop.wait(PAID_S)
    shop.client.check_payment_status(payment.reference_id)


def ask_again(shop: Shop) -> None:
    shop.ask_again(1)


def send(shop: Shop) -> None:
    sent = [shop.send(1), shop.send(2, NEVER)]
    shop.wait(PAID_S)
    for payment in sent:
        shop.client.check_payment_status(payment.reference_id)


def give_back(shop: Shop) -> None:
    refund = shop.refund(2, original=1)
    shop.wait(PAID_S)
    shop.client.check_payment_status(refund.reference_id)


def give_back_again(shop: Shop) -> None:
    shop.refund_again(2, original=1)


def place_orders(shop: Shop) -> None:
    for order, payer in ((1, PAYER), (2, NEVER), (3, LATER), (4, EVER)):
        shop.ask(order, payer)
    for order in (LOST, HIDDEN, SLOW):
        shop.ask(order)
    shop.send(5)
    shop.send(6, NEVER)
    shop.wait(DUE_S)


def check(shop: Shop) -> None:
    shop.check()


def await_callback(shop: Shop) -> None:
    """Paid since a checker has asked, which will not ask again before long."""
    shop.ask(1)
    shop.check()
    shop.wait(PAID_S - 5)


def take_callback(shop: Shop) -> None:
    """It comes twice, as callbacks do."""
    client, reference_id, now_ms = shop.client, str(reference_of(1)), shop.clock.now_ms()
    for _ in range(2):
        client.drive(take_hint(reference_id, now_ms))
        client.drive(confirm(client.merchant, reference_id, now_ms, client.policy))


def place_late_orders(shop: Shop) -> None:
    shop.ask(LATE_IN)
    shop.ask(LATE_NOT)
    shop.send(LATE_OUT)


def give_up_and_review(shop: Shop) -> None:
    """Twice a day later: the deadline, the late success, then the verdicts of people."""
    for _ in range(2):
        shop.wait(DAY_S)
        shop.check()
    decide(shop)


def decide(shop: Shop) -> None:
    for payment in shop.ledger.reviews():
        verdict = Dismiss() if payment.external_id == str(LATE_NOT) else Accept()
        shop.ledger.settle(payment.reference_id, verdict)


def leave_version_1(shop: Shop) -> None:
    """Completed, pending, and of no known fate."""
    placed = Shop(replace(shop.site, ledger_url=f"sqlite:///{shop.site.folder}/placed.sqlite3"))
    ask(placed)
    placed.ask(3, LATER)
    placed.ask(HIDDEN)
    write_version_1(shop.site.ledger_url, placed.ledger.payments())
    placed.close()


def open_ledger(shop: Shop) -> None:
    assert shop.ledger


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("request to pay", ask, open_ledger, again=ask_again),
    Scenario("transfers", send, open_ledger),
    Scenario("refund", give_back, ask, again=give_back_again),
    Scenario("checker", check, place_orders),
    Scenario("callback, twice", take_callback, await_callback),
    Scenario("deadline, review", give_up_and_review, place_late_orders, decide=decide),
    Scenario("new ledger", ask, look=look_at_new, again=ask_again),
    Scenario(
        "migration",
        open_ledger,
        leave_version_1,
        look=look_at_migration,
        databases=("sqlite",),
    ),
)
