"""What the two services say on stderr, and where they show their metrics."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.request import urlopen

import pytest

from mock_momo.testing import World
from momo_client import Ledger
from momo_client.commands.service import listeners_of
from momo_client.core.events import RoundLost, TokenFailed
from momo_contracts.values import Product

FRONT_DOOR = (sys.executable, "-c", "from mock_momo.cli import client; client()")
SERVICES = [("run-checker",), ("serve-callbacks", "--port", "0")]
FAILURE = TokenFailed(Product.COLLECTION, "LOGIN_FAILED")


@contextmanager
def running(world: World, ledger_url: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*FRONT_DOOR, *words],
        env=os.environ | world.variables | {"MTN_LEDGER_URL": ledger_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def broken_ledger_url(ledger: Ledger, ledger_url: str) -> str:
    """Of a ledger that opens and has no payments table."""
    ledger.close()
    with closing(sqlite3.connect(ledger_url.removeprefix("sqlite:///"))) as raw, raw:
        raw.execute("ALTER TABLE payments RENAME TO hidden")
    return ledger_url


@pytest.mark.parametrize("words", SERVICES, ids=lambda words: words[0])
def test_a_lost_round_is_said_without_a_log(
    world: World, broken_ledger_url: str, words: tuple[str, ...]
) -> None:
    with running(world, broken_ledger_url, *words) as service:
        assert service.stderr
        line = service.stderr.readline()
    assert line.startswith("momo-client: a round was lost: ")
    assert "no such table" in line


@pytest.mark.parametrize("words", SERVICES, ids=lambda words: words[0])
def test_a_lost_round_is_an_event_of_the_log(
    world: World, broken_ledger_url: str, words: tuple[str, ...]
) -> None:
    with running(world, broken_ledger_url, *words, "--log-format", "json") as service:
        assert service.stderr
        told = json.loads(service.stderr.readline())
    assert (told["event"], told["level"]) == ("round_lost", "error")


def test_the_receiver_shows_its_metrics_on_its_own_port(
    world: World, ledger: Ledger, ledger_url: str
) -> None:
    assert ledger.payments() == ()
    with running(world, ledger_url, "serve-callbacks", "--port", "0") as receiver:
        assert receiver.stdout
        address = receiver.stdout.readline().split()[-1]
        receiver.stdout.readline()  # the first round
        with urlopen(f"{address}metrics") as reply:  # noqa: S310  # our own, on loopback
            shown = reply.read().decode()
            kind = reply.headers["Content-Type"]
    assert kind == "text/plain; version=0.0.4; charset=utf-8"
    assert 'momo_client_rounds_total{result="ended"} 1.0' in shown
    assert "momo_client_ledger_readable 1.0" in shown


def test_an_alarm_is_one_line_for_people_and_one_count(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    metrics, listeners = listeners_of(ledger, None)
    for _ in range(9):
        for listener in listeners:
            listener(FAILURE)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "token failures: 100% of the last 3" in lines[0]
    assert b'momo_client_alarms_total{name="token_failures"} 1.0' in metrics.text()


@pytest.mark.parametrize("form", ["json", "text"])
def test_an_alarm_is_an_event_of_the_log(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    _, listeners = listeners_of(ledger, form)
    for _ in range(9):
        for listener in listeners:
            listener(FAILURE)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 10
    assert sum("alarm_raised" in line for line in lines) == 1
    assert not any(line.startswith("momo-client:") for line in lines)


@pytest.mark.parametrize("form", ["json", "text"])
def test_whatever_a_problem_says_it_is_one_line(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    _, listeners = listeners_of(ledger, form)
    for listener in listeners:
        listener(RoundLost('broken\r\nlevel=info event=forged "x"\x1b[2J\u2028'))
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "\x1b" not in said
