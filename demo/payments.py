"""Sixty payments over all five outcomes, through the client and the checker, in virtual time."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rich.progress import Progress, TaskID

from mock_momo.testing import Books, World
from momo_client import Checker, Ledger, ManualClock, MomoClient, Payment, Settings

PAYERS = {
    "SUCCESSFUL": "46733120001",
    "FAILED": "46733123450",
    "REJECTED": "46733123451",
    "TIMEOUT": "46733123452",
    "PENDING": "46733123453",
}
"""A payer per outcome; all but the first are the sandbox's own test numbers."""

EACH = 12
AMOUNT = Decimal("12.50")
_ROUND_S = 30
_DAY_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one outcome's payments. The effect is on the merchant's balance."""

    outcome: str
    payments: int
    statuses: str
    effect: Decimal


@dataclass(frozen=True, slots=True)
class Story:
    """The rows, how virtual time was spent, and what was called."""

    rows: tuple[Row, ...]
    rounds: int
    virtual_s: int
    token_calls: int
    cold_calls: int
    cold_token_calls: int
    api_calls: int
    balance: Decimal
    books: Books

    @property
    def saved(self) -> float:
        """The share of token calls that the cache saved: one per API call without it."""
        return 1 - self.token_calls / self.api_calls

    @property
    def is_right(self) -> bool:
        """Both books agree, every payment is where its outcome says, and the cache did its work."""
        effects = {row.outcome: row.effect for row in self.rows}
        return (
            effects.pop("SUCCESSFUL") == EACH * AMOUNT == self.balance == self.books.credited
            and not any(effects.values())
            and {row.outcome: row.statuses for row in self.rows} == _EXPECTED
            and self.saved >= 0.95
            and self.cold_token_calls == 1
        )


_EXPECTED = {
    "SUCCESSFUL": "completed",
    "FAILED": "failed",
    "REJECTED": "failed",
    "TIMEOUT": "failed",
    "PENDING": "pending, after 24 h failed",
}


async def tell(world: World, folder: Path, progress: Progress) -> Story:
    """Play the story against a namespace whose payments take 45 s by default."""
    clock = ManualClock(world.freeze().now_ms)
    began_ms = clock.now_ms()
    ledger = Ledger.create(f"sqlite:///{folder / 'demo.sqlite3'}")
    async with MomoClient(Settings.of(world.variables), ledger, clock=clock) as client:
        task = progress.add_task("payments", total=EACH * len(PAYERS))
        orders = [(name, number) for number in range(EACH) for name in PAYERS]
        cold = orders[:20]
        outcome_of = dict(await asyncio.gather(*(_pay(client, *order) for order in cold)))
        cold_token_calls = client.calls.token_calls
        progress.advance(task, len(cold))
        for order in orders[20:]:
            reference_id, outcome = await _pay(client, *order)
            outcome_of[reference_id] = outcome
            progress.advance(task)
        rounds = await _check_until_settled(world, clock, client, progress)
        statuses = _statuses(ledger, outcome_of)
        _move(world, clock, _DAY_S)
        while (await Checker(client).check_now()).checked:
            rounds += 1
        later = _statuses(ledger, outcome_of)
        rows = tuple(_row(name, statuses[name], later[name], ledger, outcome_of) for name in PAYERS)
        wallet = ledger.balance("wallet")[world.currency].amount
        calls = client.calls
    ledger.close()
    return Story(
        rows=rows,
        rounds=rounds,
        virtual_s=(clock.now_ms() - began_ms) // 1000,
        token_calls=calls.token_calls,
        cold_calls=len(cold),
        cold_token_calls=cold_token_calls,
        api_calls=calls.api_calls,
        balance=wallet,
        books=world.books(),
    )


async def _pay(client: MomoClient, outcome: str, number: int) -> tuple[str, str]:
    payment = await client.request_to_pay(AMOUNT, PAYERS[outcome], f"{outcome}-{number}")
    return payment.reference_id, outcome


async def _check_until_settled(
    world: World, clock: ManualClock, client: MomoClient, progress: Progress
) -> int:
    """Rounds of ten payments every 30 s, until all that can settle has settled."""
    ledger, checker, rounds = client.ledger, Checker(client), 0
    task: TaskID = progress.add_task("checker rounds", total=None)
    while sum(not payment.is_final for payment in ledger.payments()) > EACH:
        _move(world, clock, _ROUND_S)
        await checker.check_now()
        rounds += 1
        progress.advance(task)
    progress.update(task, total=rounds)
    return rounds


def _move(world: World, clock: ManualClock, seconds: int) -> None:
    """The fake's time first, then ours: what comes due there is there when we ask."""
    clock.move_to(world.advance(seconds).now_ms)


def _statuses(ledger: Ledger, outcome_of: dict[str, str]) -> dict[str, list[Payment]]:
    found: dict[str, list[Payment]] = {name: [] for name in PAYERS}
    for payment in ledger.payments():
        found[outcome_of[payment.reference_id]].append(payment)
    return found


def _row(
    outcome: str,
    before: list[Payment],
    after: list[Payment],
    ledger: Ledger,
    outcome_of: dict[str, str],
) -> Row:
    first = "/".join(sorted({payment.status for payment in before}))
    last = "/".join(sorted({payment.status for payment in after}))
    effect = sum(
        (
            entry.posting.money.amount
            for entry in ledger.entries()
            if entry.posting.account == "wallet" and outcome_of[entry.reference_id] == outcome
        ),
        Decimal(0),
    )
    statuses = first if first == last else f"{first}, after 24 h {last}"
    return Row(outcome, len(after), statuses, effect)
