"""The doctor on the wire: our own address for callbacks, the clock, books that were changed."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from mock_momo.testing import World
from momo_client import Ledger, ManualClock, Payment, Settings
from momo_client.commands import client as group
from momo_client.core.diagnosis import Finding, Subject
from momo_client.core.settlement import Complete
from momo_client.edge.clock import SYSTEM_CLOCK, Clock
from momo_client.edge.doctor import examine
from tests.momo_client.receiver import receiving
from tests.momo_client.wire import Wire

Command = Callable[..., Result]
Examined = Callable[..., dict[Subject, Finding]]


@pytest.fixture
def examined(
    world: World, ledger: Ledger, ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> Examined:
    """Examines the world's configuration, with some variables changed."""
    assert ledger

    def run(clock: Clock = SYSTEM_CLOCK, **changes: str) -> dict[Subject, Finding]:
        for name, text in (world.variables | {"MTN_LEDGER_URL": ledger_url} | changes).items():
            monkeypatch.setenv(name, text)
        findings = examine(offline=False, clock=clock)
        return {finding.subject: finding for finding in findings}

    return run


@pytest.fixture
def command(world: World, ledger: Ledger, ledger_url: str) -> Command:
    assert ledger
    variables = world.variables | {"MTN_LEDGER_URL": ledger_url}
    return lambda *arguments, **changes: CliRunner().invoke(
        group, arguments, env=variables | changes
    )


@pytest.fixture
def tampered(ledger: Ledger, ledger_url: str, new_payment: Callable[..., Payment]) -> str:
    """A payment whose closing is gone; its reference id."""
    payment = new_payment()
    ledger.record(payment)
    ledger.settle(payment.reference_id, Complete("SUCCESSFUL", "600198217"))
    with closing(sqlite3.connect(ledger_url.removeprefix("sqlite:///"))) as raw, raw:
        raw.execute("DELETE FROM postings")
    return payment.reference_id


def test_all_is_well(examined: Examined) -> None:
    assert [finding.remedy for finding in examined().values()] == [""] * len(Subject)


def test_a_callback_address_is_tried_with_a_callback_about_no_payment(
    examined: Examined, wire: Wire
) -> None:
    wire.script = [b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]
    assert examined(MTN_CALLBACK_URL=f"{wire.url}/momo")[Subject.CALLBACKS].is_ok
    head, _, body = wire.requests[0].partition(b"\r\n\r\n")
    method, path, _ = head.split(maxsplit=2)
    assert (method, path[:6], body) == (b"PUT", b"/momo/", b'{"status":"PENDING"}')
    assert UUID(path[6:].decode()).version == 4


async def test_the_client_s_own_receiver_takes_it_and_nothing_comes_of_it(
    examined: Examined,
    changed_settings: Callable[..., Settings],
    ledger: Ledger,
    clock: ManualClock,
) -> None:
    async with receiving(changed_settings, ledger, clock) as receiver:
        told = await asyncio.to_thread(examined, MTN_CALLBACK_URL=receiver.url)
    assert told[Subject.CALLBACKS].is_ok
    assert ledger.payments() == ()


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
        Wire.RESET,
    ],
)
def test_a_callback_address_that_takes_no_callback_is_wrong(
    examined: Examined, wire: Wire, reply: bytes
) -> None:
    wire.script = [reply]
    finding = examined(MTN_CALLBACK_URL=wire.url)[Subject.CALLBACKS]
    assert not finding.is_ok
    assert "serve-callbacks" in finding.remedy
    assert len(wire.requests) == 1


def test_an_address_where_nobody_listens_ends_the_command_with_3(command: Command) -> None:
    done = command("doctor", "--json", MTN_CALLBACK_URL="http://127.0.0.1:9")
    assert done.exit_code == 3
    assert json.loads(done.stdout)[-1]["detail"].endswith("connection refused")
    assert command("doctor", "--offline", MTN_CALLBACK_URL="http://127.0.0.1:9").exit_code == 0


@pytest.mark.parametrize(("skew_s", "is_ok"), [(0, True), (3600, False), (-3600, False)])
def test_a_clock_that_is_wrong_is_told(examined: Examined, skew_s: int, *, is_ok: bool) -> None:
    clock = ManualClock(SYSTEM_CLOCK.now_ms() + skew_s * 1000)
    assert examined(clock)[Subject.CLOCK].is_ok is is_ok


def test_books_that_do_not_add_up_end_both_commands_with_1(command: Command, tampered: str) -> None:
    done = command("ledger", "audit")
    assert (done.exit_code, done.stdout) == (1, f"ended without being closed: {tampered}\n")
    told = json.loads(command("ledger", "audit", "--json").stdout)
    assert told == [f"ended without being closed: {tampered}"]
    done = command("doctor", "--json", "--offline")
    assert done.exit_code == 1
    assert tampered in done.stdout


def test_books_that_add_up_are_said_to(command: Command) -> None:
    done = command("ledger", "audit")
    assert (done.exit_code, done.stdout) == (0, "the books add up\n")
    assert json.loads(command("ledger", "audit", "--json").stdout) == []


def test_books_that_cannot_be_read_do_not_stop_the_doctor(
    examined: Examined, ledger_url: str
) -> None:
    with closing(sqlite3.connect(ledger_url.removeprefix("sqlite:///"))) as raw, raw:
        raw.execute("DROP TABLE postings")
    told = examined()
    assert [subject for subject in told if not told[subject].is_ok] == [Subject.BOOKS]
    assert told[Subject.ACCESS].is_ok
