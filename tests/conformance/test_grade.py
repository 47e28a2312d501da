"""`grade` as a person runs it: around a command, or on what an earlier run has left."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MOCK_MOMO = (sys.executable, "-m", "mock_momo")
PAY = (*MOCK_MOMO, "client", "pay", "10", "46733123499", "order-1")
TWO_TESTS_WITH_ONE_ID = """
import json, os
from base64 import b64encode
from urllib.request import Request, urlopen
from mock_momo.testing import Control

world = Control(os.environ["MTN_BASE_URL"]).namespace("default")
key = {"Ocp-Apim-Subscription-Key": world.subscription_keys["collection"]}
party = {"partyIdType": "MSISDN", "partyId": "46733123499"}

basic = "Basic " + b64encode(f"{world.api_user}:{world.api_key}".encode()).decode()

def post(path, headers, body=None):
    data = json.dumps(body).encode() if body else b""
    with urlopen(Request(world.base_url + path, data, key | headers, method="POST")) as reply:
        return reply.read()

for amount in ("10", "20"):
    token = json.loads(post("/collection/token/", {"Authorization": basic}))["access_token"]
    order = {
        "Authorization": f"Bearer {token}",
        "X-Target-Environment": "sandbox",
        "X-Reference-Id": "11111111-1111-4111-8111-111111111111",
        "Content-Type": "application/json",
    }
    body = {"amount": amount, "currency": "EUR", "externalId": "1", "payer": party}
    post("/collection/v1_0/requesttopay", order, body | {"payerMessage": "", "payeeNote": ""})
    world.reset()
"""
LEAKS = {
    "of the world it is led to": "import os; print(os.environ['MTN_API_KEY'])",
    "before a flood": """
import os
print(os.environ["MTN_API_KEY"])
for _ in range(180):
    print("x" * 99_999)
""",
    "in Base64": """
import base64, os
print(base64.b64encode(os.environ["MTN_API_KEY"].encode()).decode())
""",
    "of a world of its own": """
import os
from mock_momo.testing import Control
print(Control(os.environ["MTN_BASE_URL"]).namespace("shop").api_key)
""",
}


def with_ledger(folder: Path) -> dict[str, str]:
    """The variables of a client whose ledger is in this folder."""
    environment = os.environ | {"MTN_LEDGER_URL": f"sqlite:///{folder / 'ledger.sqlite3'}"}
    subprocess.run(
        (*MOCK_MOMO, "client", "ledger", "init"),
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
    )
    return environment


def grade(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (*MOCK_MOMO, "grade", "--port", "0", *words),
        cwd=folder,
        env=with_ledger(folder),
        capture_output=True,
        text=True,
        check=False,
    )


def grade_saved(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (*MOCK_MOMO, "grade", "--from", name),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_is_graded_from_its_traffic_and_again_from_its_events(tmp_path: Path) -> None:
    ended = grade(tmp_path, "--events", "events.jsonl", "--", *PAY)
    assert ended.returncode == 0, ended.stderr
    assert "MOMO-TOK-01 MUST   PASS (1)" in ended.stdout
    assert "NOT EXERCISED" in ended.stdout
    again = grade_saved(tmp_path, "events.jsonl")
    assert again.returncode == 0
    assert "MOMO-TOK-01 MUST   PASS (1)" in again.stdout


def test_what_was_sent_before_a_reset_is_another_payment(tmp_path: Path) -> None:
    ended = grade(tmp_path, "--", sys.executable, "-c", TWO_TESTS_WITH_ONE_ID)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "MOMO-HDR-03 MUST   PASS (2)" in ended.stdout
    assert "FAIL" not in ended.stdout


def test_what_exec_takes_grade_takes(tmp_path: Path) -> None:
    ended = grade(tmp_path, "--profile", "mtnzambia", "--", *PAY)
    assert "MOMO-AMT-06 MUST   PASS (1)" in ended.stdout


def test_a_command_that_sends_nothing_passes_nothing(tmp_path: Path) -> None:
    ended = grade(tmp_path, "--", sys.executable, "-c", "pass")
    assert ended.returncode == 4
    assert "has not seen one request" in ended.stderr
    assert "PASS" not in ended.stdout


def test_a_failing_command_keeps_its_own_code(tmp_path: Path) -> None:
    ended = grade(tmp_path, "--no-verify", "--", sys.executable, "-c", "raise SystemExit(9)")
    assert ended.returncode == 9
    assert "PASS" not in ended.stdout


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_a_secret_on_the_way_out_is_found(tmp_path: Path, leak: str) -> None:
    program = f"{leak}\nimport subprocess; subprocess.run({PAY!r}, check=True)"
    ended = grade(tmp_path, "--", sys.executable, "-c", program)
    assert ended.returncode == 1
    assert "MOMO-SEC-01 MUST FAIL" in ended.stdout
    assert "API key in stdout" in " ".join(ended.stdout.split())


def test_a_secret_in_a_url_is_found_in_saved_events_too(tmp_path: Path) -> None:
    program = f"""
import os, subprocess
from contextlib import suppress
from urllib.request import urlopen
subprocess.run({PAY!r}, check=True)
with suppress(OSError):
    urlopen(os.environ["MTN_BASE_URL"] + "/nothing?" + os.environ["MTN_API_KEY"])
"""
    grade(tmp_path, "--events", "events.jsonl", "--", sys.executable, "-c", program)
    ended = grade_saved(tmp_path, "events.jsonl")
    assert "MOMO-SEC-02 MUST FAIL" in ended.stdout
    assert "MOMO-SEC-01 MUST" not in ended.stdout


def test_a_reader_that_leaves_early_keeps_nothing_from_being_graded(tmp_path: Path) -> None:
    program = f"""
import subprocess
subprocess.run({PAY!r}, check=True)
print("more than a pipe holds " * 50_000)
{LEAKS["of the world it is led to"]}
"""
    words = ("grade", "--port", "0", "--html", "report.html", "--", sys.executable, "-c", program)
    with subprocess.Popen(
        (*MOCK_MOMO, *words),
        cwd=tmp_path,
        env=with_ledger(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(1)
        running.stdout.close()
        told = running.stderr.read().decode()
    assert running.returncode == 1, told
    assert "Traceback" not in told
    assert "API key in stdout" in (tmp_path / "report.html").read_text("utf-8")


def test_a_phone_number_on_the_way_out_is_found(tmp_path: Path) -> None:
    program = (
        f"print('paid by 46733123499'); import subprocess; subprocess.run({PAY!r}, check=True)"
    )
    ended = grade(tmp_path, "--", sys.executable, "-c", program)
    assert "MOMO-SEC-05 SHOULD FAIL" in " ".join(ended.stdout.split())
    assert "phone number in stdout" in " ".join(ended.stdout.split())


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((), 2, "give a command after --"),
        (("--", "true", "--from", "x"), 125, "cannot run 'true'"),
        (("--profile", "mtnkenya", "--", "true"), 2, "mock-momo grade: mock-momo exec, whose"),
        (("--port", "99999", "--", "true"), 2, "there is nothing to grade"),
        (("--from", __file__), 3, "is not JSON"),
        (("--from", __file__, "--", "true"), 2, "give the one or the other"),
        (("--from", __file__, "--baseline", "none.toml"), 2, "none.toml: it cannot be read"),
    ],
)
def test_wrong_uses_say_what_to_do(
    tmp_path: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    ended = subprocess.run(
        (*MOCK_MOMO, "grade", *words),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": str(tmp_path)},
    )
    assert ended.returncode == code
    assert told in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_the_json_has_the_code_of_a_command_that_fails(tmp_path: Path) -> None:
    program = f"import subprocess; subprocess.run({PAY!r}, check=True); raise SystemExit(9)"
    ended = grade(tmp_path, "--json", "report.json", "--", sys.executable, "-c", program)
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (ended.returncode, report["exit_code"]) == (9, 9)
    assert "the exit code is 9 all the same" in " ".join(ended.stdout.split())
