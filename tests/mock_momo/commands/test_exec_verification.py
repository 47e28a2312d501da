"""`exec` ends with 4 when the command passed and its run was not as it should be."""

import sys
from pathlib import Path

import pytest

from tests.mock_momo.commands.conftest import Console, Ended

A_CLIENT = """
import json, os, sys, urllib.error, urllib.request
from base64 import b64encode

URL = os.environ["MTN_BASE_URL"]
BASIC = b64encode(f"{os.environ['MTN_API_USER']}:{os.environ['MTN_API_KEY']}".encode()).decode()

def ask(method, path, body=b"", **headers):
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    named["Ocp-Apim-Subscription-Key"] = os.environ["MTN_SUBSCRIPTION_KEY"]
    request = urllib.request.Request(URL + path, body if method == "POST" else None, named, method=method)
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.read()
    except urllib.error.HTTPError as refused:
        return refused.read()

def token():
    return json.loads(ask("POST", "/collection/token/", Authorization=f"Basic {BASIC}"))["access_token"]

def pay(**headers):
    order = {"amount": "5", "currency": "EUR", "payer": {"partyIdType": "MSISDN", "partyId": "1"}}
    return ask("POST", "/collection/v1_0/requesttopay", json.dumps(order).encode(),
        Authorization=f"Bearer {token()}", X_Target_Environment="sandbox",
        X_Reference_Id="7a3e1c9a-3b5e-4a54-9d5a-111111111111", **headers)

def read():
    return ask("GET", "/collection/v2_0/payment/7a3e1c9a-3b5e-4a54-9d5a-111111111111",
        Authorization=f"Bearer {token()}", X_Target_Environment="sandbox")
"""  # noqa: E501  # a program
EXPECT = """\
version: 1
expect:
  - name: one payment
    count: {operation: collection.requesttopay.create, status: 202}
    exactly: 1
  - never: {status: "5*"}
"""


def around(console: Console, program: str, *options: str) -> Ended:
    script = console.folder / "client.py"
    script.write_text(A_CLIENT + program)
    return console.run("exec", "--port", "0", *options, "--", sys.executable, str(script))


@pytest.fixture
def expect(console: Console) -> Path:
    path = console.folder / "expect.yaml"
    path.write_text(EXPECT)
    return path


def test_a_run_that_is_as_it_should_be_ends_with_0_and_without_a_word(
    console: Console, expect: Path
) -> None:
    ended = around(console, "pay()", "--verify", str(expect))

    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("end", ["reset()", "delete()"])
def test_requests_of_a_world_that_has_ended_were_seen_too(console: Console, end: str) -> None:
    own = f"""
from mock_momo.testing import Control
world = Control(os.environ["MTN_BASE_URL"]).namespace("shop")
URL = world.base_url
token()
world.{end}
"""
    ended = around(console, own)

    assert "has not seen one request" not in ended.err


def test_a_command_that_passes_without_one_request_is_told_the_likely_cause(
    console: Console,
) -> None:
    ended = around(console, "")

    assert (ended.code, ended.err.count("\n")) == (4, 1)
    assert "has not seen one request" in ended.err
    assert "--env NAME={base_url}" in ended.err


TROUBLE = (
    (
        "ask('GET', '/collection/v1_0/acount')",
        "unmatched request: GET /collection/v1_0/acount is no operation of the API",
    ),
    (
        "pay(X_Callback_Url='http://localhost:9/x')",
        "undelivered callback: callback 7a3e1c9a-3b5e-4a54-9d5a-111111111111.1 is failed",
    ),
    ("token()", "expectation unmet: one payment: wanted exactly 1 of"),
)


@pytest.mark.parametrize(("program", "told"), TROUBLE)
def test_what_was_not_as_it_should_be_is_told_in_a_line_and_ends_with_4(
    console: Console, expect: Path, program: str, told: str
) -> None:
    ended = around(console, program, "--verify", str(expect))

    assert ended.code == 4
    assert f"mock-momo: {told}" in ended.err
    assert "Traceback" not in ended.err


def test_a_failing_commands_own_code_comes_first(console: Console, expect: Path) -> None:
    ended = around(console, "token(); sys.exit(7)", "--verify", str(expect))

    assert ended.code == 7
    assert "expectation unmet" in ended.err


def test_a_command_that_fails_without_one_request_is_told_the_likely_cause_too(
    console: Console,
) -> None:
    ended = around(console, "sys.exit(7)")

    whose, cause = ended.err.splitlines()
    assert ended.code == 7
    assert "exit code 7 is that of" in whose
    assert cause.startswith("mock-momo: the command failed, and the fake has not seen one request.")
    assert "--env NAME={base_url}" in cause


def test_a_command_that_is_killed_is_told_no_cause(console: Console) -> None:
    ended = around(console, "import signal; os.kill(os.getpid(), signal.SIGKILL)")

    assert (ended.code, ended.err.count("\n")) == (128 + 9, 1)


def test_no_verification_can_be_wished_for(console: Console) -> None:
    ended = around(console, "ask('GET', '/nowhere')", "--no-verify")

    assert (ended.code, ended.err) == (0, "")


def test_expectations_of_the_scenario_are_judged_too(console: Console, expect: Path) -> None:
    ended = around(console, "token()", "--scenario", str(expect))

    assert ended.code == 4
    assert "one payment" in ended.err


def test_status_reads_that_only_the_mission_knows_are_counted(console: Console) -> None:
    ended = around(console, "pay(); read(); read()")

    assert ended.code == 0
    assert ended.err.startswith("mock-momo: 2 status reads were GET v2_0/payment")
    assert around(console, "pay(); read()", "--switch", "payment_scope=separate").err == ""


def test_worlds_opened_by_key_are_verified_together(console: Console, expect: Path) -> None:
    program = "os.environ['MTN_SUBSCRIPTION_KEY'] = 'test-1'; pay(); ask('GET', '/x')"
    ended = around(console, program, "--auto-namespaces", "--verify", str(expect))

    assert ended.code == 4
    assert "unmatched request in key-" in ended.err
    assert "one payment" not in ended.err


@pytest.mark.parametrize("content", ["version: 1\nexpect: [{never: {statu: 1}}]", None])
def test_a_broken_verification_file_ends_with_2_before_anything_runs(
    console: Console, content: str | None
) -> None:
    path = console.folder / "broken.yaml"
    if content is not None:
        path.write_text(content)
    ended = around(console, "print('ran')", "--verify", str(path))

    assert (ended.code, ended.out) == (2, "")
    assert "broken.yaml:" in ended.err


SHOW = "print(os.environ.get('SHOP_URL'), os.environ.get('SHOP_KEY'), os.environ['NO_PROXY'])"


def test_other_names_of_variables_are_filled_in_from_options_and_files(console: Console) -> None:
    listed = console.folder / "names.env"
    listed.write_text("# mine\n\nexport SHOP_KEY='k-{subscription_key}'\nSHOP_URL=overridden\n")
    ended = around(
        console, SHOW, "--no-verify", "--env-file", str(listed), "--env", "SHOP_URL={base_url}/api"
    )

    url, key, no_proxy = ended.out.split()
    assert url.startswith("http://127.0.0.1:")
    assert url.endswith("/api")
    assert key.startswith("k-7e573adc")
    assert "127.0.0.1" in no_proxy


@pytest.mark.parametrize(
    ("written", "read"),
    [("'a b'", "a b"), ('"a"', "a"), ("''", ""), ('"it\'s"', "it's"), ("'a\"", "'a\""), ("'", "'")],
)
def test_one_pair_of_quotes_around_a_files_value_is_not_of_it(
    console: Console, written: str, read: str
) -> None:
    (console.folder / "names.env").write_text(f"SHOP={written}\n")
    options = ("--no-verify", "--env-file", "names.env")

    assert around(console, "print(os.environ['SHOP'], end='')", *options).out == read


def test_what_was_to_go_past_proxies_before_still_does(console: Console) -> None:
    script = console.folder / "show.py"
    script.write_text("import os; print(os.environ['NO_PROXY'])")
    command = ("exec", "--port", "0", "--no-verify", "--", sys.executable, str(script))

    ended = console.run(*command, NO_PROXY="intra.example")

    assert ended.out.startswith("intra.example,127.0.0.1")


MISTAKES = (
    (("--env", "SHOP_URL"), "'SHOP_URL' is not NAME=VALUE"),
    (("--env", "1X=a"), "'1X=a' is not NAME=VALUE"),
    (("--env", "X={base_ur}"), "{base_ur} is no place; did you mean 'base_url'?"),
    (("--env-file", "nowhere.env"), "cannot read nowhere.env"),
    (("--env-file", "broken.env"), "broken.env:2: 'nonsense' is not NAME=VALUE"),
)


@pytest.mark.parametrize(("options", "told"), MISTAKES)
def test_a_wrong_variable_is_wrong_use(
    console: Console, options: tuple[str, ...], told: str
) -> None:
    (console.folder / "broken.env").write_text("A=b\nnonsense\n")
    ended = console.run("exec", *options, "--", "true", COLUMNS="200")

    assert ended.code == 2
    assert told in ended.err
