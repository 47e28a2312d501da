import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mock_momo.cli import front_door
from mock_momo.core.credentials import credentials_of
from momo_contracts.values import Product
from tests.mock_momo.commands.conftest import LIMIT_S, Console, Ended

SHOW = (
    "import json, os, urllib.request\n"
    "seen = {k: v for k, v in os.environ.items() if k.startswith(('MTN_', 'MOCK_MOMO_'))}\n"
    "url = seen['MOCK_MOMO_URL'] + '/_mock/v1/health'\n"
    "seen['health'] = urllib.request.urlopen(url).read().decode().strip()\n"
    "print(json.dumps(seen))\n"
)
EXIT = "import sys; sys.exit({})"
DIE = "import os, signal; os.kill(os.getpid(), signal.{})"
WAIT = "import signal; print('waiting', flush=True); signal.pause()"


def around(console: Console, program: str, *options: str) -> Ended:
    return console.run(
        "exec", "--port", "0", "--no-verify", *options, "--", sys.executable, "-c", program
    )


def test_the_command_finds_the_fake_in_ten_variables(console: Console) -> None:
    ended = around(console, SHOW, "--profile", "mtnzambia")

    assert (ended.code, ended.err) == (0, "")
    seen = json.loads(ended.out)
    credentials = credentials_of("default")
    keys = credentials.subscription_keys
    url = seen["MTN_BASE_URL"]
    assert seen == {
        "MTN_BASE_URL": url,
        "MOCK_MOMO_URL": url,
        "MTN_SUBSCRIPTION_KEY": keys[Product.COLLECTION],
        "MTN_COLLECTION_SUBSCRIPTION_KEY": keys[Product.COLLECTION],
        "MTN_DISBURSEMENT_SUBSCRIPTION_KEY": keys[Product.DISBURSEMENT],
        "MTN_REMITTANCE_SUBSCRIPTION_KEY": keys[Product.REMITTANCE],
        "MTN_API_USER": credentials.api_user,
        "MTN_API_KEY": credentials.api_key,
        "MTN_TARGET_ENVIRONMENT": "mtnzambia",
        "MTN_CURRENCY": "ZMW",
        "health": '{"status":"ok"}',
    }


@pytest.mark.parametrize("code", [0, 7, 125])
def test_the_commands_own_code_is_passed_through_and_one_line_says_whose_it_is(
    console: Console, code: int
) -> None:
    ended = around(console, EXIT.format(code))

    told = f"mock-momo: exit code {code} is that of {sys.executable!r}\n" if code else ""
    assert (ended.code, ended.err) == (code, told)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_command_that_dies_of_a_signal_gives_128_and_its_number(
    console: Console, number: signal.Signals
) -> None:
    ended = around(console, DIE.format(number.name))

    assert ended.code == 128 + number
    assert ended.err == f"mock-momo: {sys.executable!r} died of signal {int(number)}\n"


def test_a_command_that_cannot_be_run_gives_125(console: Console, tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text("not a program")
    for command, told in (
        ("no-such-program", "No such file"),
        (str(plain), "Permission denied"),
        ("", ""),
    ):
        ended = console.run("exec", "--port", "0", "--", command)
        assert ended.code == 125, command
        assert ended.err.startswith(f"mock-momo: cannot run {command!r}: ")
        assert told in ended.err
        assert ended.err.count("\n") == 1


def test_a_taken_port_is_said_and_a_free_one_taken(console: Console) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = around(console, SHOW, "--port", str(port))

    assert ended.code == 0
    assert ended.err == f"mock-momo: port {port} is taken; using a free one\n"
    assert not json.loads(ended.out)["MTN_BASE_URL"].endswith(f":{port}")


def test_a_termination_is_passed_on_to_the_command(console: Console) -> None:
    arguments = ("exec", "--port", "0", "--", sys.executable, "-c", WAIT)
    with console.start(*arguments) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "waiting\n"
        child.terminate()
        _, err = child.communicate(timeout=LIMIT_S)

    assert child.returncode == 128 + signal.SIGTERM
    assert "died of signal 15" in err


def test_a_command_keeps_its_own_options_input_and_output(console: Console) -> None:
    program = "import sys; print(sys.argv[1:], sys.stdin.read())"
    command = [sys.executable, "-m", "mock_momo", "exec", "--port", "0", "--no-verify"]
    ended = subprocess.run(
        [*command, sys.executable, "-c", program, "--port", "x", "-h"],
        input="typed", capture_output=True, text=True, check=True, env=console.environment,
    )  # fmt: skip

    assert ended.stdout == "['--port', 'x', '-h'] typed\n"


def test_no_command_is_wrong_use() -> None:
    ended = CliRunner().invoke(front_door, ["exec"])

    assert (ended.exit_code, "Missing argument" in ended.stderr) == (2, True)


def test_a_misspelt_option_is_not_taken_for_the_command() -> None:
    ended = CliRunner().invoke(front_door, ["exec", "--outcom", "FAILED", "--", "true"])

    assert (ended.exit_code, "No such option" in ended.stderr) == (2, True)
