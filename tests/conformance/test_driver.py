"""Whatever a driver does, the examiner says what happened, and ends in bounded time."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from momo_conformance.child import STDERR_LINES
from momo_conformance.driver import Driver
from momo_conformance.errors import DriverDied, DriverError, InvalidCommand
from momo_conformance.protocol import (
    Answer,
    Fail,
    Ok,
    Unknown,
    Unsupported,
    as_answer,
    read_reply,
)

Script = Callable[[str], str]
ASKED_ONCE = "import json, os, signal, sys, time; request = json.loads(sys.stdin.readline());"


@pytest.fixture
def script(tmp_path: Path, python_command: Callable[..., str]) -> Script:
    """The command line of a driver that runs this code after it has read one request."""

    def write(code: str) -> str:
        path = tmp_path / "driver.py"
        path.write_text(f"{ASKED_ONCE}\n{code}\n", encoding="utf-8")
        return python_command(str(path))

    return write


def problem_of(command: str, op: str = "reconcile") -> str:
    with Driver(command) as driver, pytest.raises(DriverError) as caught:
        driver.ask(op)
    return str(caught.value)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ('"ok": {"reference_id": "r", "state": "pending"}', Ok),
        ('"fail": {"code": "NO", "reference_id": None, "later": 1}', Fail),
        ('"unknown": {"reference_id": "r", "why": "timeout"}', Unknown),
        ('"unsupported": True', Unsupported),
    ],
)
def test_an_answer_is_one_of_four(script: Script, answer: str, meaning: type) -> None:
    command = script(f'print(json.dumps({{"id": request["id"], {answer}}}), flush=True)')
    with Driver(command) as driver:
        assert isinstance(driver.ask("status", reference_id="r"), meaning)


def test_a_line_that_is_not_json_is_quoted_with_a_hint(script: Script) -> None:
    problem = problem_of(script('print("Connecting to 127.0.0.1 …", flush=True)'))
    assert "Connecting to" in problem
    assert "stderr" in problem


def test_an_answer_nested_beyond_reading_is_no_reply(script: Script) -> None:
    code = """print('{"id": 1, "ok": ' + '[' * 100_000 + ']' * 100_000 + '}', flush=True)"""
    assert "nested too deeply" in problem_of(script(code))


def test_an_answer_that_cannot_be_shown_is_no_reply(script: Script) -> None:
    code = """print('{"id": 1, "fail": {"code": "\\\\ud800", "reference_id": null}}', flush=True)"""
    assert "not JSON in UTF-8" in problem_of(script(code))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('{"id": 1}', "exactly one of ok, fail, unknown"),
        ('{"id": 1, "ok": {}, "unsupported": true}', "exactly one of ok, fail, unknown"),
        ('{"id": 1, "ok": {"checked": 1}}', "completed"),
        ('{"id": 7, "unsupported": true}', "its id must be that of a request: 1"),
        ('["ok"]', "not of type 'object'"),
    ],
)
def test_a_reply_outside_the_schema_is_quoted(script: Script, line: str, named: str) -> None:
    problem = problem_of(script(f"print({line!r}, flush=True)"))
    assert line in problem
    assert named in problem


def test_a_driver_that_hangs_is_given_up(script: Script) -> None:
    with Driver(script("sys.stdin.read()")) as driver, pytest.raises(DriverError) as caught:
        driver.ask("reconcile", 0.05)
    assert "did not answer 'reconcile' within 0.05 s" in str(caught.value)


@pytest.mark.timeout(30)  # what this is about is that it ends
def test_a_driver_that_does_not_read_is_given_up_like_one_that_does_not_answer(
    python_command: Callable[..., str],
) -> None:
    callback = {"method": "POST", "path": "/", "body": "x" * 1_250_000}
    with Driver(python_command("-c", "import threading; threading.Event().wait()")) as driver:
        with pytest.raises(DriverDied, match=r"did not answer 'deliver_callback' within 0.05 s"):
            driver.ask("deliver_callback", 0.05, **callback)
        driver.kill()
        with pytest.raises(DriverDied):
            driver.ask("reconcile")


def test_a_driver_that_exits_is_reported_with_its_code_and_its_last_words(script: Script) -> None:
    problem = problem_of(script('print("no database", file=sys.stderr); sys.exit(3)'))
    assert "exit code 3 when it was asked 'reconcile'" in problem
    assert "no database" in problem


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_driver_that_is_killed_is_reported_with_its_signal(script: Script) -> None:
    assert "signal 9 (SIGKILL)" in problem_of(script("os.kill(os.getpid(), signal.SIGKILL)"))


def test_a_driver_that_cannot_be_run_is_named() -> None:
    with pytest.raises(DriverError, match="no-such-driver"):
        Driver("no-such-driver --fast")


@pytest.mark.parametrize("command", ["", "  ", "echo 'unbalanced"])
def test_what_is_no_command_line_is_refused(command: str) -> None:
    with pytest.raises(InvalidCommand):
        Driver(command)


def test_stderr_is_no_verdict_and_its_end_is_kept(script: Script) -> None:
    code = """
for number in range(100):
    print("warning", number, file=sys.stderr)
print(json.dumps({"id": request["id"], "unsupported": True}), flush=True)
sys.stdin.read()
"""
    with Driver(script(code)) as driver:
        assert driver.ask("reconcile") == Unsupported()
    assert len(driver.stderr) == STDERR_LINES
    assert driver.stderr[-1] == "warning 99"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to ignore")
def test_a_driver_that_ignores_every_request_to_end_is_killed(script: Script) -> None:
    code = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(json.dumps({"id": request["id"], "unsupported": True}), flush=True)
while True:
    time.sleep(60)
"""
    with Driver(script(code)) as driver:
        driver.ask("reconcile")
    with pytest.raises(DriverError, match="SIGKILL"):
        driver.ask("reconcile")


def test_a_driver_that_claims_to_know_any_op_is_not_believed(script: Script) -> None:
    code = 'print(json.dumps({"id": request["id"], "ok": {}}), flush=True)'
    with Driver(script(code)) as driver, pytest.raises(DriverError, match="unsupported"):
        driver.introduce()


def test_an_introduction_says_who_is_examined(liar: Callable[[str], str]) -> None:
    with Driver(liar("agrees with what it knows")) as driver:
        client = driver.introduce()
    assert str(client) == "liar 1 (python)"
    assert client.has_clock
    assert client.has_ledger
    assert client.concurrency == 16


def test_a_request_outside_the_schema_is_never_sent(liar: Callable[[str], str]) -> None:
    with (
        Driver(liar("agrees with what it knows")) as driver,
        pytest.raises(DriverError, match="amount"),
    ):
        driver.ask("request_to_pay", key="k", currency="EUR", payer="1", deadline_ms=1)


def test_answers_may_come_in_any_order(script: Script) -> None:
    code = """
second = json.loads(sys.stdin.readline())
for asked in (second, request):
    found = {"reference_id": asked["reference_id"], "state": "pending"}
    print(json.dumps({"id": asked["id"], "ok": found}), flush=True)
"""
    with Driver(script(code)) as driver:
        questions = [driver.pose("status", reference_id=name) for name in ("one", "two")]
        answers = [driver.wait(question) for question in questions]
    told = [answer.value["reference_id"] for answer in answers if isinstance(answer, Ok)]
    assert told == ["one", "two"]


def test_everybody_who_waits_is_told_of_a_death(script: Script) -> None:
    with Driver(script("sys.stdin.readline(); sys.exit(3)")) as driver:
        for question in [driver.pose("reconcile"), driver.pose("reconcile")]:
            with pytest.raises(DriverDied, match="exit code 3"):
                driver.wait(question)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sessions")
@pytest.mark.parametrize("end", [Driver.kill, Driver.stop])
def test_who_is_started_through_a_wrapper_ends_with_it(
    tmp_path: Path, end: Callable[[Driver], None]
) -> None:
    fifo, wrapper = tmp_path / "alive", tmp_path / "wrapper.sh"
    os.mkfifo(fifo)
    wrapper.write_text(f"exec 3>{fifo}\nsleep 1000\nexit 0\n", "utf-8")
    driver = Driver(f"sh {wrapper}")
    with fifo.open() as held:
        end(driver)
        assert held.read() == ""  # nobody holds it open any more


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_driver_that_dies_of_a_signal_without_a_name_is_reported_at_once(script: Script) -> None:
    code = "os.kill(os.getpid(), signal.SIGRTMIN + 6)"
    assert f"died of signal {signal.SIGRTMIN + 6} when" in problem_of(script(code))


@pytest.mark.parametrize(
    ("op", "ok", "named"),
    [
        ("reconcile", "[]", "answered 'reconcile' with"),
        ("reconcile", "null", "answered 'reconcile' with"),
        ("hello", "[]", "answered 'hello' with"),
        ("configure", "null", "answered 'configure' with"),
        ("configure", "[1]", "answered 'configure' with"),
    ],
)
def test_what_must_be_an_object_and_is_none_is_no_reply(op: str, ok: str, named: str) -> None:
    with pytest.raises(DriverError, match=named):
        read_reply({1: op}, f'{{"id": 1, "ok": {ok}}}')


@pytest.mark.parametrize(
    ("op", "ok", "value"),
    [
        ("configure", "[]", {}),
        ("clock.advance", "[]", {}),
        (
            "ledger",
            '{"payments": [], "entries": [], "balance": []}',
            {"payments": [], "entries": [], "balance": {}},
        ),
    ],
)
def test_an_empty_list_is_an_empty_object_where_one_may_be(
    op: str, ok: str, value: dict[str, object]
) -> None:
    _, reply = read_reply({1: op}, f'{{"id": 1, "ok": {ok}}}')
    assert as_answer(reply) == Ok(value)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ('"fail": {"code": "NO"}', Fail("NO", None)),
        ('"unknown": {"why": "timeout"}', Unknown(None, "timeout")),
    ],
)
def test_a_reference_id_that_is_not_known_may_be_left_out(answer: str, meaning: Answer) -> None:
    _, reply = read_reply({1: "status"}, f'{{"id": 1, {answer}}}')
    assert as_answer(reply) == meaning
