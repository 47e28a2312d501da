"""The commands: what they print and how they end."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mock_momo.testing import Control, World
from momo_client.commands import client as group

Command = Callable[..., Result]
CANARY = "canary-secret"


@pytest.fixture
def variables(world: World, ledger_url: str) -> dict[str, str]:
    return world.variables | {"MTN_LEDGER_URL": ledger_url}


@pytest.fixture
def command(variables: dict[str, str]) -> Command:
    """Runs a command in this process, with the variables of a shell of its own."""

    def run(*arguments: str, **changes: str) -> Result:
        result = CliRunner().invoke(group, arguments, env=variables | changes)
        assert isinstance(result.exception, SystemExit | None)
        return result

    return run


@pytest.fixture
def pay(command: Command) -> Callable[[str], dict[str, str]]:
    """Pays, and gives back what `pay --json` said."""
    assert command("ledger", "init").exit_code == 0

    def run(payer: str) -> dict[str, str]:
        done = command("pay", "12.50", payer, "order-7", "--json")
        assert done.exit_code == 0, done.stderr
        said: dict[str, str] = json.loads(done.stdout)
        return said

    return run


@pytest.mark.parametrize(
    ("payer", "status", "code"),
    [("46733123499", "completed", 0), ("46733123451", "failed", 1), ("46733123453", "pending", 4)],
)
def test_a_payment_is_made_and_its_end_is_told(
    command: Command, pay: Callable[[str], dict[str, str]], payer: str, status: str, code: int
) -> None:
    said = pay(payer)
    assert said["status"] == "pending"
    assert payer not in json.dumps(said)
    done = command("status", said["reference_id"], "--json")
    assert (done.exit_code, json.loads(done.stdout)["status"]) == (code, status)
    assert status in command("status", said["reference_id"]).stdout


def test_check_now_and_the_ledger_tell_the_same_story(
    command: Command, pay: Callable[[str], dict[str, str]]
) -> None:
    pay("46733123499")
    assert command("check-now").stdout == "checked 1: 1 completed, 0 failed, 0 pending\n"
    books = json.loads(command("ledger", "show", "--json").stdout)
    assert books["balances"] == {"parties": {"EUR": "-12.50"}, "wallet": {"EUR": "12.50"}}
    assert [payment["status"] for payment in books["payments"]] == ["completed"]
    assert "wallet: 12.50 EUR" in command("ledger", "show").stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_checker_ends_cleanly_when_it_is_asked_to(
    variables: dict[str, str], pay: Callable[[str], dict[str, str]], number: signal.Signals
) -> None:
    pay("46733123499")
    front_door = (sys.executable, "-c", "from mock_momo.cli import client; client()")
    with subprocess.Popen(
        [*front_door, "run-checker"],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        text=True,
    ) as checker:
        assert checker.stdout is not None
        assert "checked 1: 1 completed" in checker.stdout.readline()
        checker.send_signal(number)
        assert checker.stdout.read() == "stopped\n"
    assert checker.returncode == 0


def test_a_ledger_that_breaks_after_the_provider_accepted_leaves_the_payment_undecided(
    command: Command, ledger_url: str, world: World
) -> None:
    command("ledger", "init")
    with closing(sqlite3.connect(ledger_url.removeprefix("sqlite:///"))) as raw, raw:
        raw.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON payments "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    done = command("pay", "1", "46733123499", "order")
    (payment,) = world.payments()
    assert done.exit_code == 4
    assert "disk full" in done.stderr
    assert f"reference id: {payment.reference_id}" in done.stderr


def test_a_missing_ledger_is_said_with_the_command_that_makes_it(command: Command) -> None:
    done = command("pay", "1", "46733123499", "order")
    assert done.exit_code == 2
    assert "ledger init" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "changes", "code", "words"),
    [
        (("pay", "x", "46733123499", "o"), {}, 2, "plain decimal"),
        (("pay", "1", "12", "o"), {}, 2, "too short"),
        (("pay", "1", "46733123499", "o"), {"MTN_CURRENCY": "ZMW"}, 1, "INVALID_CURRENCY"),
        (("pay", "1", "46733123499", "o"), {"MTN_API_KEY": CANARY}, 2, "MTN_API_KEY"),
        (
            ("pay", "1", "46733123499", "o"),
            {"MTN_BASE_URL": "http://127.0.0.1:9", "MTN_TIMEOUT_S": "5"},
            3,
            "MTN_BASE_URL",
        ),
        (("pay", "1", "46733123499", "o"), {"MTN_ACCESS_TOKEN": CANARY}, 2, "MTN_API_USER"),
        (
            ("status", "0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10"),
            {},
            2,
            "ledger.sqlite3 has no payment",
        ),
        (("status", "order-7"), {}, 2, "that `pay` or `ledger show` printed"),
        (("format-phone", "--country", "XX", "0772"), {}, 2, "'XX' is no known country"),
        (("format-phone", "0772"), {"MTN_COUNTRY": "xx"}, 2, "'xx' is no known country"),
        (("nonsense",), {}, 2, "No such command"),
    ],
)
def test_a_failure_ends_with_its_code_and_a_remedy_and_no_traceback(
    command: Command,
    arguments: tuple[str, ...],
    changes: dict[str, str],
    code: int,
    words: str,
) -> None:
    command("ledger", "init")
    done = command(*arguments, **changes)
    assert done.exit_code == code, done.stderr
    assert words in done.stderr
    assert CANARY not in done.stdout + done.stderr


def test_a_status_that_cannot_be_asked_for_is_not_said_to_be_failed(
    command: Command, pay: Callable[[str], dict[str, str]]
) -> None:
    reference_id = pay("46733123499")["reference_id"]
    assert command("status", reference_id, MTN_API_KEY=CANARY).exit_code == 2
    assert command("status", reference_id, MTN_BASE_URL="http://127.0.0.1:9").exit_code == 3


@pytest.mark.parametrize(
    ("payer", "status", "code"),
    [("46733123453", "pending", 2), ("46733123499", "completed", 2), ("46733123451", "failed", 0)],
)
def test_a_name_that_is_open_or_completed_is_paid_for_again_only_on_demand(
    command: Command, pay: Callable[[str], dict[str, str]], payer: str, status: str, code: int
) -> None:
    reference_id = pay(payer)["reference_id"]
    command("check-now")
    done = command("pay", "12.50", payer, "order-7")
    assert done.exit_code == code
    assert (f"'order-7' is already payment {reference_id}, {status}" in done.stderr) == bool(code)
    assert ("--again" in done.stderr) == bool(code)
    assert command("pay", "12.50", payer, "order-7", "--again").exit_code == 0
    books = json.loads(command("ledger", "show", "--json").stdout)
    assert len(books["payments"]) == (2 if code else 3)


def test_each_variable_at_fault_stands_beside_its_remedy(command: Command) -> None:
    done = command("check-now", MTN_BASE_URL="", MTN_CURRENCY="CFA")
    assert done.exit_code == 2
    first, second, hint = done.stderr.splitlines()
    assert first.startswith("momo-client: MTN_BASE_URL is not set → Set it to the API's address")
    assert second.startswith("momo-client: MTN_CURRENCY ")
    assert " → Set it to the target environment's currency" in second
    assert "mock-momo exec -- mock-momo client" in hint


def test_init_says_which_ledger_is_ready(command: Command, tmp_path: Path) -> None:
    done = command("ledger", "init")
    assert done.stdout == f"the ledger is ready: {tmp_path / 'ledger.sqlite3'}\n"


def test_a_payment_that_the_provider_does_not_know_is_explained_to_people(
    command: Command, pay: Callable[[str], dict[str, str]], fake: Control
) -> None:
    reference_id = pay("46733123499")["reference_id"]
    other = fake.namespace("elsewhere").variables
    assert "1 pending (the provider does not know it, or not yet" in (
        command("check-now", **other).stdout
    )
    shown = " ".join(command("status", reference_id, COLUMNS="500", **other).stdout.split())
    assert "MTN_STATUS_VIEW=request_to_pay" in shown
    said = json.loads(command("status", reference_id, "--json", **other).stdout)
    assert said["reason"] == "not found"


@pytest.mark.parametrize(
    ("arguments", "changes", "code", "words"),
    [
        ((), {}, 0, "collection: the balance can be read"),
        (("--offline",), {"MTN_BASE_URL": "http://127.0.0.1:9"}, 0, "EUR fits sandbox"),
        ((), {"MTN_CURRENCY": "ZMW"}, 2, "MTN_CURRENCY=EUR"),
        (("--offline",), {"MTN_TARGET_ENVIRONMENT": "mtnzambia"}, 2, "MTN_CURRENCY=ZMW"),
        (("--offline",), {"MTN_ACCESS_TOKEN": CANARY}, 2, "MTN_API_USER and MTN_API_KEY"),
        (("--offline",), {"MTN_API_KEY": "", "MTN_BASE_URL": ""}, 2, "MTN_API_KEY"),
        (("--offline",), {"MTN_LEDGER_URL": "sqlite:///nowhere/x"}, 2, "folder"),
        (("--offline",), {"MTN_API_USER": "wrong"}, 2, "not a UUID version 4"),
        (("--offline",), {"MTN_COUNTRY": "XX"}, 2, "'XX' is no known country"),
        ((), {"MTN_API_KEY": CANARY}, 1, "MTN_API_USER and MTN_API_KEY"),
        ((), {"MTN_SUBSCRIPTION_KEY": CANARY}, 1, "Check MTN_SUBSCRIPTION_KEY"),
        (
            (),
            {"MTN_TARGET_ENVIRONMENT": "mtnzambia", "MTN_CURRENCY": "ZMW"},
            1,
            "Check MTN_TARGET_ENVIRONMENT",
        ),
        ((), {"MTN_BASE_URL": "http://127.0.0.1:9"}, 3, "nothing listens there"),
    ],
)
def test_the_doctor_names_the_remedy_and_never_a_secret(
    command: Command,
    variables: dict[str, str],
    arguments: tuple[str, ...],
    changes: dict[str, str],
    code: int,
    words: str,
) -> None:
    command("ledger", "init")
    done = command("doctor", "--json", *arguments, **changes)
    assert done.exit_code == code, done.stdout + done.stderr
    findings = json.loads(done.stdout)
    said = " ".join(finding["detail"] + finding["remedy"] for finding in findings)
    assert words in said
    assert all(finding["is_ok"] or finding["remedy"] for finding in findings)
    for secret in (CANARY, variables["MTN_API_KEY"], variables["MTN_SUBSCRIPTION_KEY"]):
        assert secret not in done.stdout + done.stderr


def test_the_doctor_speaks_to_people_in_a_table(command: Command) -> None:
    done = command("doctor", "--offline")
    assert done.exit_code == 2
    assert "WRONG" in done.stdout
    assert "ledger init" in done.stdout


def test_the_doctor_knows_no_form_of_api_users_outside_the_sandbox(command: Command) -> None:
    command("ledger", "init")
    changes = {"MTN_API_USER": "merchant", "MTN_TARGET_ENVIRONMENT": "mtnzambia"}
    assert command("doctor", "--offline", MTN_CURRENCY="ZMW", **changes).exit_code == 0


@pytest.mark.parametrize(("columns", "widest"), [("60", 60), ("", 100)])
def test_a_table_in_a_pipe_is_as_wide_as_columns_says(
    command: Command, columns: str, widest: int
) -> None:
    for arguments in (("doctor", "--offline"), ("format-phone", "12")):
        lines = command(*arguments, COLUMNS=columns, MTN_API_USER="wrong").stdout.splitlines()
        assert max(map(len, lines)) <= widest


def test_format_phone_shows_what_is_sent_and_what_is_refused(command: Command) -> None:
    done = command("format-phone", "--country", "ug", "0772123456", "12", "--json")
    assert done.exit_code == 1
    good, bad = json.loads(done.stdout)
    assert good == {"number": "0772123456", "sent_as": "256772123456", "note": ""}
    assert "country code" in bad["note"]
    assert command("format-phone", "46733123450").exit_code == 0


def test_every_command_shows_an_example(command: Command) -> None:
    books = ("init", "show", "entries", "audit", "reviews", "accept", "dismiss")
    names = [*group.list_commands(None)]  # type: ignore[arg-type]  # the list needs no context
    for arguments in (*([name] for name in names), *(["ledger", name] for name in books), []):
        assert "Example:" in command(*arguments, "--help").stdout


def test_help_loads_nothing_heavy(variables: dict[str, str]) -> None:
    script = (
        "import sys; from click.testing import CliRunner; from momo_client.commands import client;"
        "CliRunner().invoke(client, ['--help']);"
        "print([n for n in ('pydantic', 'sqlalchemy', 'phonenumbers', 'aiohttp', 'rich')"
        " if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=variables, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_command_without_its_extra_says_how_to_install_it() -> None:
    script = (
        "import sys; sys.modules['phonenumbers'] = None; from momo_client.commands import client;"
        "client(['format-phone', '1'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert 'pip install "mock-momo[client]"' in done.stderr
