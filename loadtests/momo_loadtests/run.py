"""`python -m momo_loadtests`: a fake, a crowd, and the verdict from both books.

    python -m momo_loadtests --users 20 --seconds 5

Locust runs as a child process. Exit codes: 0 the books agree, 2 usage, 3 it could not run, 4 they
do not.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from mock_momo.testing import World, running_fake
from momo_client import BlockingMomoClient, Ledger, Settings
from momo_contracts.operations import CREATE_TOKEN
from momo_loadtests.verdict import Check, Ours, Theirs, Traffic, judge

_USERS_FILE = Path(__file__).with_name("users.py")
_GRACE_S = 60
"""How much longer than asked the crowd may take, to start and to finish what it has begun."""

_PENDING_S = 30
"""Longer than the slowest test number needs to succeed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the crowd and print the verdict."""
    options = _options(arguments)
    console = Console(stderr=options.json)
    with TemporaryDirectory() as folder, running_fake() as fake:
        world = fake.namespace("load")
        own = {"MTN_LEDGER_URL": f"sqlite:///{folder}/ledger.sqlite3", "MTN_CALLS_PER_S": "0"}
        variables = world.variables | own
        console.print(f"{options.users} users for {options.seconds} s …")
        try:
            crowd = _run_locust(options, _without_mtn(os.environ) | variables)
        except subprocess.TimeoutExpired as late:
            console.print(
                f"[red]the crowd had not ended after {late.timeout:g} s and was stopped; try fewer "
                "--users: this machine may be too busy for them[/red]",
                soft_wrap=True,
            )
            return 3
        if crowd.returncode != 0:
            console.print(crowd.stdout + crowd.stderr, markup=False, highlight=False)
            console.print("[red]the crowd could not run, or met failures; see above[/red]")
            return 3
        checks = _verdict(world, variables, options.least)
    _report(checks, options, console)
    return 0 if all(check.ok for check in checks) else 4


def _run_locust(
    options: argparse.Namespace, variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-P",
        "-m",
        "locust",
        "--locustfile",
        str(_USERS_FILE),
        "--headless",
        "--users",
        str(options.users),
        "--spawn-rate",
        str(options.users),
        "--run-time",
        f"{options.seconds}s",
        "--stop-timeout",
        "10",
        "--only-summary",
        "--loglevel",
        "WARNING",
    ]
    return subprocess.run(  # noqa: S603  # our own command
        command,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=options.seconds + _GRACE_S,
    )


def _without_mtn(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without the user's own `MTN_*` settings, which would mix with the fake's."""
    return {name: text for name, text in environment.items() if not name.startswith("MTN_")}


def _verdict(world: World, variables: dict[str, str], least: int) -> tuple[Check, ...]:
    """Let what is pending come due, ask for all that is open, and compare the books."""
    traffic = _traffic(world)
    world.advance(_PENDING_S)
    ledger = Ledger.open(variables["MTN_LEDGER_URL"])
    client = BlockingMomoClient(Settings.of(variables), ledger)
    for payment in ledger.payments():
        if not payment.is_final:
            client.check_payment_status(payment.reference_id)
    theirs = [
        Theirs(row.reference_id, row.external_id, row.amount, row.state) for row in world.payments()
    ]
    checks = judge(theirs, _ours(ledger), traffic, least=least)
    ledger.close()
    return checks


def _traffic(world: World) -> Traffic:
    calls = dict(world.books().calls)
    token_calls = calls.pop(CREATE_TOKEN.name, 0)
    return Traffic(token_calls, sum(calls.values()))


def _ours(ledger: Ledger) -> list[Ours]:
    booked: dict[str, list[Decimal]] = {}
    for entry in ledger.entries():
        if entry.posting.account == "wallet":
            booked.setdefault(entry.reference_id, []).append(entry.posting.money.amount)
    return [
        Ours(row.reference_id, _status(row.status), tuple(booked.get(row.reference_id, ())))
        for row in ledger.payments()
    ]


def _status(status: str) -> str:
    """A payment whose create got no answer is as open as one that did."""
    return "pending" if status == "created" else status


def _report(checks: tuple[Check, ...], options: argparse.Namespace, console: Console) -> None:
    if options.json:
        rows = [
            {"question": check.question, "ok": check.ok, "evidence": check.evidence}
            for check in checks
        ]
        print(json.dumps({"version": 1, "checks": rows}, indent=2))  # noqa: T201  # for scripts
        return
    table = Table("", "verdict from both books", "evidence", box=None)
    for check in checks:
        table.add_row("[green]ok[/]" if check.ok else "[red]NO[/]", check.question, check.evidence)
    console.print(table)


def _at_least_one(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m momo_loadtests",
        description="Load the fake with the model customer and judge both books.",
        epilog="example: python -m momo_loadtests --users 50 --seconds 30",
    )
    for name, default, meaning in (
        ("--users", 20, "how many pay at the same time"),
        ("--seconds", 5, "how long they go on"),
        ("--least", 50, "payments that must be accepted"),
    ):
        told = f"{meaning} (default: %(default)s)"
        parser.add_argument(name, type=_at_least_one, default=default, metavar="N", help=told)
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    return parser.parse_args(arguments)
