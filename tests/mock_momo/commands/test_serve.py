import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mock_momo.testing import Control
from momo_contracts.profiles import Profile
from momo_contracts.switches import SWITCHES
from tests.mock_momo.commands.conftest import Console

EVERY_OPTION = (
    "--outcome", "FAILED; reason=NOT_ENOUGH_FUNDS", "--profile", "mtnzambia",
    "--expires-in-s", "90", "--rate-limit", "5/1m", "--switch", "payment_scope=separate",
    "--switch", "login_error=recorded_500",
)  # fmt: skip
EVERY_VARIABLE = {
    "MOCK_MOMO_OUTCOME": "FAILED; reason=NOT_ENOUGH_FUNDS",
    "MOCK_MOMO_PROFILE": "mtnzambia",
    "MOCK_MOMO_EXPIRES_IN_S": "90",
    "MOCK_MOMO_RATE_LIMIT": "5/1m",
    "MOCK_MOMO_SWITCH": "payment_scope=separate login_error=recorded_500",
}
MISTAKES = (
    (("--host", "0.0.0.0"), "not a loopback address"),  # noqa: S104  # refused, that is the point
    (("--host", "example.com"), "not a loopback address"),
    (("--port", "70000"), "0<=x<=65535"),
    (("--outcome", "MAYBE"), "'MAYBE' is not one of SUCCESSFUL"),
    (("--profile", "mars"), "'mars' is unknown; known: sandbox"),
    (("--expires-in-s", "0"), "1<=x<=315360000"),
    (("--rate-limit", "5"), "'5' is not calls per period such as '150/1s'"),
    (("--switch", "payment_scop=shared"), "did you mean 'payment_scope'?"),
    (("--switch", "payment_scope"), "payment_scope=: payment_scope is one of shared, separate"),
    (("--switch", "payment_scope=both"), "payment_scope is one of shared, separate"),
    (("--drain-s", "61"), "0<=x<=60"),
    (("--nonsense",), "No such option"),
)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda row: row.name)
def test_it_says_ready_exactly_once_and_a_signal_ends_it_with_0(
    console: Console, tmp_path: Path, number: signal.Signals
) -> None:
    ready_file = tmp_path / "ready"
    with console.serving("--ready-file", str(ready_file)) as serving:
        assert Control(serving.url).ask("GET", "health") == {"status": "ok"}
        ready_line = f"READY url={serving.url} pid={serving.child.pid}\n"
        announced = ready_file.read_text()
        ended = serving.stop(number)

    assert (ended.code, ended.err) == (0, "")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", serving.url)
    assert [line for line in ended.out.splitlines(keepends=True) if "READY" in line] == [ready_line]
    assert announced == ready_line
    assert list(tmp_path.iterdir()) == [], "the file is gone with the fake, and no draft is left"


def test_an_idle_connection_does_not_keep_it_from_ending(console: Console) -> None:
    with console.serving() as serving:
        host, port = serving.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as idle:
            idle.sendall(b"GET /_mock/v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert idle.recv(1)
            assert serving.stop().code == 0


def test_a_request_that_never_ends_does_not_keep_it_from_ending(console: Console) -> None:
    with console.serving("--drain-s", "0") as serving:
        host, port = serving.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as half:
            half.sendall(b"POST /collection/token/ HTTP/1.1\r\nContent-Length: 9\r\n\r\n{")
            Control(serving.url).ask("GET", "health")
            assert serving.stop().code == 0


def test_the_printed_curl_line_gets_a_token(console: Console) -> None:
    with console.serving() as serving:
        text = "".join(serving.lines)
        command = text.partition("Try it:\n")[2].partition("\n\n")[0]
        pasted = ["sh", "-c", f"{command} --silent --fail"]
        answer = subprocess.run(pasted, capture_output=True, check=True)

    assert b'"access_token":"' in answer.stdout


def test_a_taken_port_ends_it_with_3_and_one_line(console: Console) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = console.run("serve", "--port", str(taken.getsockname()[1]))

    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("mock-momo: cannot listen on 127.0.0.1:")
    assert "--port 0" in ended.err
    assert ended.err.count("\n") == 1


def test_a_ready_file_that_cannot_be_written_ends_it_with_3_and_one_line(console: Console) -> None:
    ended = console.run("serve", "--port", "0", "--ready-file", "nowhere/ready")

    assert ended.code == 3
    assert ended.err.startswith("mock-momo: cannot write nowhere/ready:")
    assert ended.err.count("\n") == 1


def test_a_state_that_could_never_be_written_ends_it_with_3_before_it_serves(
    console: Console,
) -> None:
    ended = console.run("serve", "--port", "0", "--state", "nowhere/state.json")

    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith(f"mock-momo: cannot write {console.folder}/nowhere/state.json:")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(("options", "told"), MISTAKES)
def test_a_wrong_option_ends_it_with_2_and_what_was_expected(
    console: Console, options: tuple[str, ...], told: str
) -> None:
    ended = console.run("serve", "--port", "0", *options)

    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err


@pytest.mark.parametrize("by", ["option", "variable"])
def test_every_setting_can_be_an_option_or_a_variable(console: Console, by: str) -> None:
    options = EVERY_OPTION if by == "option" else ()
    variables = EVERY_VARIABLE if by == "variable" else {}
    with console.serving(*options, **variables) as serving:
        found = Control(serving.url).ask("GET", "namespaces/default")

    assert found["outcome"] == "FAILED; reason=NOT_ENOUGH_FUNDS"
    assert (found["target_environment"], found["currency"]) == ("mtnzambia", "ZMW")
    assert (found["expires_in_s"], found["rate_limit"]) == (90, "5/1m")
    chosen = {"payment_scope": "separate", "login_error": "recorded_500"}
    profiles = dict(Profile.of("mtnzambia").switches)
    defaults = {row.name: row.default for row in SWITCHES.values()}
    assert found["switches"] == defaults | profiles | chosen


def test_host_port_and_ready_file_have_variables_too(console: Console, tmp_path: Path) -> None:
    ready_file = tmp_path / "ready"
    variables = {"MOCK_MOMO_HOST": "localhost", "MOCK_MOMO_READY_FILE": str(ready_file)}
    with console.serving(**variables) as serving:
        assert serving.url.startswith("http://localhost:")
        assert serving.url in ready_file.read_text()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("MOCK_MOMO_PORT", "70000"), ("MOCK_MOMO_PORT", "abc"), ("MOCK_MOMO_DRAIN_S", "61")],
)
def test_a_wrong_variable_is_told_like_a_wrong_option_by_its_own_name(
    console: Console, variable: str, value: str
) -> None:
    ended = console.run("serve", **{variable: value})

    assert (ended.code, value in ended.err, variable in ended.err) == (2, True, True)
    assert variable not in console.run("serve", "--port", "abc", **{variable: value}).err


def test_it_serves_without_any_of_the_three_standard_streams(
    console: Console, tmp_path: Path
) -> None:
    ready = tmp_path / "ready"
    script = (
        f'"$0" -m mock_momo serve --port 0 --ready-file {ready} <&- >&- 2>&- & echo $!; wait $!'
    )
    with subprocess.Popen(
        ["sh", "-c", f"{script}; echo $?", sys.executable],
        stdout=subprocess.PIPE, text=True, env=console.environment,
    ) as shell:  # fmt: skip
        assert shell.stdout is not None
        number = int(shell.stdout.readline())
        url = _ready_url(ready, shell)
        assert Control(url).ask("GET", "health") == {"status": "ok"}
        os.kill(number, signal.SIGTERM)

        assert shell.stdout.readline() == "0\n"


def _ready_url(ready: Path, shell: subprocess.Popen[str]) -> str:
    """Look until the file is there; the shell ends when its child does."""
    while not ready.exists():
        assert shell.poll() is None
    return ready.read_text().split("url=")[1].split()[0]
