"""`python -m bench.settling`: how fast pending payments are settled, by database and workers.

    python -m bench.settling --payments 10000 --workers 1 4

Each worker is a process with a checker of its own; they share one ledger and ask one fake. The
mission's own pace is 10 payments every 30 s; here a worker begins its next round at once.
"""

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from time import monotonic

from rich.console import Console
from rich.table import Table

from mock_momo.testing import World, running_fake
from momo_client import WALLET, BlockingChecker, BlockingMomoClient, Ledger, MomoClient, Settings
from tests.postgres import missing, running_postgres

PAYER = "46733120001"
MISSION_PER_S = 10 / 30
AT_ONCE = 50


def main() -> int:
    """Settle, once per row, and print the table."""
    options = _options()
    table = Table("database", "workers", "batch", "payments/s", "times the mission's pace")
    with running_fake() as fake:
        for database in ("sqlite", "postgresql"):
            if database == "postgresql" and missing():
                print(missing(), file=sys.stderr)
                continue
            for workers in options.workers:
                world = fake.namespace(f"{database}-{workers}")
                with _ledger_url(database) as url:
                    variables = _variables(world, url, options.batch)
                    rate = _settle(world, variables, options.payments, workers)
                print(f"{database}, {workers} workers: {rate:.0f} payments/s", file=sys.stderr)
                row = (
                    database,
                    workers,
                    options.batch,
                    f"{rate:.0f}",
                    f"{rate / MISSION_PER_S:.0f}",
                )
                table.add_row(*map(str, row))
    Console().print(table)
    return 0


def work() -> None:
    """A worker: round after round until nothing is due."""
    settings = Settings()
    ledger = Ledger.open(settings.ledger_url)
    checker = BlockingChecker(BlockingMomoClient(settings, ledger))
    while checker.check_now().checked:
        pass
    ledger.close()


def _settle(world: World, variables: Mapping[str, str], payments: int, workers: int) -> float:
    ledger = Ledger.create(variables["MTN_LEDGER_URL"])
    asyncio.run(_pay(Settings.of(variables), ledger, payments))
    began_s = monotonic()
    command = [sys.executable, "-c", "from bench.settling import work; work()"]
    children = [subprocess.Popen(command, env=os.environ | variables) for _ in range(workers)]
    codes = [child.wait() for child in children]
    rate = payments / (monotonic() - began_s)
    credited = ledger.balance(WALLET)["EUR"].amount
    ledger.close()
    if any(codes) or not payments == credited == world.books().credited:
        raise SystemExit(f"workers ended with {codes}; {credited} of {payments} were credited")
    return rate


async def _pay(settings: Settings, ledger: Ledger, payments: int) -> None:
    turns = asyncio.Semaphore(AT_ONCE)

    async def pay(number: int) -> None:
        async with turns:
            await client.request_to_pay(1, PAYER, f"order-{number}")

    async with MomoClient(settings, ledger) as client:
        await asyncio.gather(*map(pay, range(payments)))


@contextmanager
def _ledger_url(database: str) -> Iterator[str]:
    if database == "postgresql":
        with running_postgres() as server:
            yield server.new_database()
        return
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/ledger.sqlite3"


def _variables(world: World, ledger_url: str, batch: int) -> dict[str, str]:
    own = {"MTN_LEDGER_URL": ledger_url, "MTN_CHECK_BATCH": str(batch), "MTN_CALLS_PER_S": "0"}
    return world.variables | own


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.settling", description=__doc__)
    parser.add_argument("--payments", type=int, default=10_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--batch", type=int, default=100)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
