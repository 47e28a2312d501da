"""A client at work, as its metrics, its log and its services show it."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest
from pydantic import SecretStr
from rich.console import Console

from mock_momo.testing import World
from momo_client import (
    BlockingChecker,
    BlockingMomoClient,
    Ledger,
    ManualClock,
    Settings,
    TokenRefused,
)
from momo_client.commands.progress import Progress
from momo_client.edge.listeners import Listener
from momo_client.edge.logs import LogFormat, Logs
from momo_client.edge.metrics import Metrics

PAID, FAILED, STUCK = "46733123499", "46733123450", "46733123453"


def test_metrics_show_what_was_done_and_what_is_open(
    settings: Settings, ledger: Ledger, clock: ManualClock, world: World
) -> None:
    metrics = Metrics(ledger, clock)
    client = BlockingMomoClient(settings, ledger, clock=clock, listeners=[metrics])
    for number, payer in enumerate((PAID, FAILED, STUCK)):
        client.request_to_pay("1", payer, f"order-{number}")
    BlockingChecker(client).check_now()
    clock.move_to(clock.now_ms() + 90_000)
    shown = metrics.text().decode()
    pay = 'operation="collection.requesttopay.create"'
    for line in (
        f'calls_total{{code="",{pay},outcome="2xx"}} 3.0',
        'token_uses_total{product="collection",source="fetched"} 1.0',
        'token_uses_total{product="collection",source="cache"} 5.0',
        f'settlements_total{{cause="none",{pay},status="completed"}} 1.0',
        f'settlements_total{{cause="provider",{pay},status="failed"}} 1.0',
        'rounds_total{result="ended"} 1.0',
        "open_payments 1.0",
        "oldest_open_payment_age_seconds 90.0",
        "open_reviews 0.0",
        "ledger_readable 1.0",
    ):
        assert f"momo_client_{line}" in shown
    assert not any(payer in shown for payer in (PAID, FAILED, STUCK))
    assert world.api_key not in shown


def test_metrics_outlive_a_ledger_that_cannot_be_read(ledger: Ledger, ledger_url: str) -> None:
    metrics = Metrics(ledger)
    ledger.close()
    with open(ledger_url.removeprefix("sqlite:///"), "wb") as file:  # noqa: PTH123  # a file, broken
        file.write(b"no database" * 99)
    assert "momo_client_ledger_readable 0.0" in metrics.text().decode()


@pytest.mark.parametrize("form", LogFormat)
def test_a_payment_is_followed_through_the_log_by_its_reference_id(
    settings: Settings, ledger: Ledger, clock: ManualClock, form: LogFormat
) -> None:
    stream = io.StringIO()
    client = BlockingMomoClient(settings, ledger, clock=clock, listeners=[Logs(stream, form)])
    sent = client.request_to_pay("1", PAID, "order-7")
    client.check_payment_status(sent.reference_id)
    lines = [line for line in stream.getvalue().splitlines() if sent.reference_id in line]
    if form is LogFormat.JSON:
        told = [json.loads(line) for line in lines]
        assert {line["reference_id"] for line in told} == {sent.reference_id}
        events = [line["event"] for line in told]
        assert told[0]["timestamp"].endswith("Z")
    else:
        events = re.findall(r" event=(\w+)", "\n".join(lines))
    assert events == [
        "payment_recorded",
        "call_ended",
        "payment_settled",
        "call_ended",
        "payment_settled",
    ]
    assert PAID not in stream.getvalue()


def test_a_token_that_cannot_be_had_is_counted_and_logged_without_the_secret(
    settings: Settings, ledger: Ledger, world: World
) -> None:
    wrong = settings.model_copy(update={"api_key": SecretStr("canary")})
    stream, metrics = io.StringIO(), Metrics()
    logs = Logs(stream, LogFormat.JSON)
    client = BlockingMomoClient(wrong, ledger, listeners=[logs, metrics])
    with pytest.raises(TokenRefused):
        client.request_to_pay("1", PAID, "order-7")
    line = 'momo_client_token_failures_total{code="LOGIN_FAILED",product="collection"} 1.0'
    assert line in metrics.text().decode()
    assert '"token_failed"' in stream.getvalue()
    assert "canary" not in stream.getvalue()
    assert world.books().calls == {"collection.token": 1}


def test_the_checker_serves_its_metrics_and_logs_beside_its_lines(
    world: World, ledger_url: str, ledger: Ledger
) -> None:
    variables = os.environ | world.variables | {"MTN_LEDGER_URL": ledger_url}
    front_door = (sys.executable, "-c", "from mock_momo.cli import client; client()")
    command = [*front_door, "run-checker", "--metrics-port", "0", "--log-format", "json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=variables, stdout=pipe, stderr=pipe, text=True) as checker:
        assert checker.stdout
        assert checker.stderr
        address = checker.stdout.readline().split()[1]
        assert "checked 0" in checker.stdout.readline()
        shown = urllib.request.urlopen(address).read().decode()  # noqa: S310  # our own, on loopback
        assert 'momo_client_rounds_total{result="ended"} 1.0' in shown
        assert json.loads(checker.stderr.readline())["event"] == "round_ended"
        checker.send_signal(signal.SIGTERM)
        assert checker.stdout.read() == "stopped\n"
    assert checker.returncode == 0
    assert ledger.payments() == ()


def test_a_person_sees_how_far_a_round_has_come_and_a_pipe_nothing(
    settings: Settings, ledger: Ledger, clock: ManualClock
) -> None:
    pipe = io.StringIO()
    progress = Progress(Console(file=pipe))
    said: list[str] = []
    listeners: list[Listener] = [progress, lambda _event: said.append(progress.words)]
    client = BlockingMomoClient(settings, ledger, clock=clock, listeners=listeners)
    client.request_to_pay("1", PAID, "order-7")
    said.clear()
    with progress.shown():
        BlockingChecker(client).check_now()
    assert said[0] == "asked for 1 in this round"
    assert said[-1] == "waiting for the next round"
    assert pipe.getvalue() == ""


def test_a_metrics_port_that_is_taken_ends_with_3_and_says_what_to_do(
    world: World, ledger_url: str, ledger: Ledger
) -> None:
    assert ledger.payments() == ()
    port = world.base_url.split(":")[2].split("/")[0]
    variables = os.environ | world.variables | {"MTN_LEDGER_URL": ledger_url}
    front_door = (sys.executable, "-c", "from mock_momo.cli import client; client()")
    command = [*front_door, "run-checker", "--metrics-port", port]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "another --metrics-port" in done.stderr


def test_the_metrics_port_is_not_blamed_for_what_goes_wrong_later(
    world: World, ledger_url: str, ledger: Ledger
) -> None:
    assert ledger.payments() == ()
    variables = os.environ | world.variables | {"MTN_LEDGER_URL": ledger_url}
    front_door = (sys.executable, "-c", "from mock_momo.cli import client; client()")
    command = [*front_door, "run-checker", "--metrics-port", "0"]
    pipe = subprocess.PIPE
    hurried = variables | {"MTN_CHECK_INTERVAL_S": "1"}
    with subprocess.Popen(command, env=hurried, stdout=pipe, stderr=pipe, text=True) as checker:
        assert checker.stdout
        assert checker.stderr
        checker.stdout.readline()
        checker.stdout.close()  # as `| head -1` does
        assert "cannot serve metrics" not in checker.stderr.read()
