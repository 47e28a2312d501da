"""`serve-callbacks` as a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from mock_momo.testing import World
from momo_client import (
    BlockingMomoClient,
    Ledger,
    Payment,
    PaymentStatus,
    Settings,
    SystemClock,
)
from momo_client.core.bookings import WALLET

COMMAND = (sys.executable, "-c", "from mock_momo.cli import client; client()", "serve-callbacks")
PAID = "46733123499"
DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Served:
    """A receiver in a child process."""

    process: subprocess.Popen[str]
    url: str

    def ask(self, method: str, path: str, body: str = "") -> int:
        parts = urlsplit(self.url)
        with closing(HTTPConnection(parts.hostname or "", parts.port)) as connection:
            connection.request(method, path, body)
            return connection.getresponse().status

    def line(self, pattern: str) -> str:
        """The first line to come that matches."""
        assert self.process.stdout
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                return found[0]
        raise AssertionError(pattern)


@contextmanager
def served(world: World, ledger_url: str, *options: str) -> Iterator[Served]:
    variables = world.variables | {"MTN_LEDGER_URL": ledger_url}
    with subprocess.Popen(
        [*COMMAND, "--port", "0", *options],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        one = Served(process, "")
        try:
            yield Served(process, one.line(r"http://127\.0\.0\.1:\d+"))
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_takes_callbacks_and_checks_and_ends_cleanly(
    world: World,
    ledger: Ledger,
    ledger_url: str,
    changed_settings: Callable[..., Settings],
    number: signal.Signals,
) -> None:
    with served(world, ledger_url) as receiver:
        receiver.line("checked 0: 0 completed, 0 failed, 0 pending")
        assert receiver.ask("GET", "/") == 200
        address = f"http://localhost:{urlsplit(receiver.url).port}/shop"
        payer = BlockingMomoClient(changed_settings(callback_url=address), ledger)

        sent = payer.request_to_pay("2.50", PAID, "order")

        receiver.line(f"callback {sent.reference_id}: SUCCESSFUL")
        receiver.line(f"payment {sent.reference_id}: completed")
        assert receiver.ask("POST", "/order-7", "{}") == 404
        receiver.line("callback refused: the address does not end in a reference id")
        receiver.process.send_signal(number)
        assert receiver.line("stopped")
        assert receiver.process.wait() == 0
    assert ledger.balance(WALLET)["EUR"].amount == world.books().credited
    assert ledger.find(sent.reference_id).checks == 0


def test_what_was_acknowledged_outlives_a_kill(
    world: World, ledger: Ledger, ledger_url: str, new_payment: Callable[..., Payment]
) -> None:
    now_ms = SystemClock().now_ms()
    payment = new_payment(
        created_at_ms=now_ms, deadline_at_ms=now_ms + DAY_MS, next_check_at_ms=now_ms + DAY_MS
    )
    ledger.record(payment)
    world.close_gate("slow", "request_received", {"operation": "collection.token"})
    with served(world, ledger_url) as receiver:
        body = '{"status":"SUCCESSFUL"}'
        assert receiver.ask("PUT", f"/{payment.reference_id}", body) == 200
        receiver.process.kill()
        receiver.process.wait()
    world.open_gate("slow")

    due_at_ms = ledger.find(payment.reference_id).next_check_at_ms
    assert due_at_ms is not None
    assert now_ms <= due_at_ms < now_ms + DAY_MS


def test_a_signal_lets_a_confirmation_under_way_end(
    world: World, ledger: Ledger, ledger_url: str, settings: Settings
) -> None:
    payer = BlockingMomoClient(settings, ledger)
    with served(world, ledger_url) as receiver:
        receiver.line("checked 0")
        sent = payer.request_to_pay("2.50", PAID, "order")
        world.close_gate("slow", "before_reply", {"operation": "collection.payment.status"})
        assert receiver.ask("POST", f"/{sent.reference_id}", '{"status":"SUCCESSFUL"}') == 200
        world.wait_held("slow")
        receiver.process.send_signal(signal.SIGTERM)
        world.open_gate("slow")
        receiver.line("stopped")
        assert receiver.process.wait() == 0

    assert ledger.find(sent.reference_id).status is PaymentStatus.COMPLETED


def test_a_taken_port_is_said_in_one_line_with_a_remedy(world: World, ledger_url: str) -> None:
    Ledger.create(ledger_url).close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [*COMMAND, "--port", port],
            env=os.environ | world.variables | {"MTN_LEDGER_URL": ledger_url},
            capture_output=True,
            text=True,
            check=False,
        )

    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.count("\n") == 1
    assert f"127.0.0.1:{port}" in ended.stderr
    assert "--port 0" in ended.stderr


def test_a_ledger_that_is_not_there_is_said_before_anything_is_received(
    world: World, ledger_url: str
) -> None:
    ended = subprocess.run(
        [*COMMAND, "--port", "0"],
        env=os.environ | world.variables | {"MTN_LEDGER_URL": ledger_url},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "ledger init" in ended.stderr


BROKEN = """
from momo_client.edge.checker import Checker
async def run(self): raise RuntimeError("a bug")
Checker.run = run
from mock_momo.cli import client; client()
"""


@pytest.mark.usefixtures("ledger")
def test_without_its_checker_it_ends_and_says_why(world: World, ledger_url: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", BROKEN, "serve-callbacks", "--port", "0"],
        env=os.environ | world.variables | {"MTN_LEDGER_URL": ledger_url},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "a bug" in ended.stderr
