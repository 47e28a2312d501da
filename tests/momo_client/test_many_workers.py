"""Many processes on one PostgreSQL, with faults, duplicate callbacks and races: one credit each."""

import asyncio
import os
import subprocess
import sys
from collections import Counter

import pytest

from mock_momo.testing import Control, World
from momo_client import WALLET, Ledger, MomoClient, Settings

STATUS = {"operation": "collection.payment.status"}
CREATE = {"operation": "collection.requesttopay.create"}
FAULTS = [
    {"name": "busy", "match": STATUS, "fault": "server_error", "probability": 0.05},
    {"name": "broken", "match": STATUS, "fault": "truncated_body", "probability": 0.05},
    {"name": "reset", "match": STATUS, "fault": "reset_before", "probability": 0.05},
    {
        "name": "limited",
        "match": STATUS,
        "fault": {"rate_limited": {"retry_after_s": 1}},
        "times": 1,
        "probability": 0.02,
    },
    {"name": "stale", "match": STATUS, "fault": "unauthorized", "times": 1, "probability": 0.02},
    {"name": "hidden", "match": STATUS, "fault": "not_visible", "times": 1, "probability": 0.05},
    {"name": "lost", "match": CREATE, "fault": "lose_reply", "times": 1, "probability": 0.05},
    {"name": "taken", "match": CREATE, "fault": "conflict", "times": 1, "probability": 0.01},
]
PAYERS = ("46733120001", "46733120002", "46733123450", "46733123451", "46733123452")


@pytest.mark.parametrize(
    "payments", [100, pytest.param(5000, marks=[pytest.mark.long, pytest.mark.timeout(600)])]
)
def test_four_checkers_and_two_gossips_credit_each_payment_once(
    fake: Control, postgres_url: str, payments: int
) -> None:
    world = fake.namespace(f"workers-{payments}")
    variables = world.variables | {
        "MTN_LEDGER_URL": postgres_url,
        "MTN_CALLS_PER_S": "0",
        "MTN_CHECK_BATCH": "50",
        "MTN_CHECK_INTERVAL_S": "1",
    }
    ledger = Ledger.create(postgres_url)
    world.set_rules(FAULTS)
    asyncio.run(pay(Settings.of(variables), ledger, payments))
    run_workers(["check"] * 4 + ["gossip"] * 2, variables)

    judge(world, ledger, payments)
    ledger.close()


async def pay(settings: Settings, ledger: Ledger, payments: int) -> None:
    turns = asyncio.Semaphore(20)

    async def pay_one(number: int) -> None:
        async with turns:
            payer = PAYERS[number % len(PAYERS)]
            await client.request_to_pay(number + 1, payer, f"order-{number}")

    async with MomoClient(settings, ledger) as client:
        await asyncio.gather(*map(pay_one, range(payments)))


def run_workers(roles: list[str], variables: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tests.momo_client.workers"]
    children = [subprocess.Popen([*command, role], env=os.environ | variables) for role in roles]
    assert [child.wait() for child in children] == [0] * len(roles)


def judge(world: World, ledger: Ledger, payments: int) -> None:
    """Both books tell the same story, and ours sums to zero."""
    theirs = {row.reference_id: row for row in world.payments()}
    ours = {row.reference_id: row for row in ledger.payments()}
    assert len(ours) == payments
    assert theirs.keys() <= ours.keys()
    paid = {name: row.amount for name, row in theirs.items() if row.state == "SUCCESSFUL"}
    booked = [entry for entry in ledger.entries() if entry.posting.account == WALLET]
    assert Counter(entry.reference_id for entry in booked) == dict.fromkeys(paid, 1)
    assert {entry.reference_id: entry.posting.money.amount for entry in booked} == paid
    assert sum(entry.posting.money.minor_units for entry in ledger.entries()) == 0
    assert {row.status for name, row in ours.items() if name in paid} == {"completed"}
