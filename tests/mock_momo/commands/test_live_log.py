"""What `serve` prints while it runs, and that nobody who reads it can hold it up."""

import json
import os
import pty
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from mock_momo.testing import Control
from tests.mock_momo.commands.conftest import LIMIT_S, MOCK_MOMO, Console

MORE_THAN_A_PIPE_TAKES = 3000


def happen(url: str, times: int = 1) -> None:
    world = Control(url).namespace("shop")
    for _ in range(times):
        world.run()


def logged(out: str) -> list[str]:
    return out.partition("READY ")[2].splitlines()[1:]


@contextmanager
def at_a_terminal(
    console: Console, **variables: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    ours, theirs = pty.openpty()
    command = [*MOCK_MOMO, "serve", "--port", "0"]
    environment = console.environment | variables
    with subprocess.Popen(command, stdout=theirs, stdin=theirs, env=environment) as child:
        os.close(theirs)
        try:
            yield child, ours
        finally:
            child.kill()
            os.close(ours)


def read_until(terminal: int, pattern: str) -> str:
    """What the pattern's group found in what is shown."""
    seen = ""
    while (found := re.search(pattern, seen)) is None:
        seen += os.read(terminal, 4096).decode()
    return found[1]


def test_a_terminal_shows_lines_for_people_and_what_explains_is_dim(console: Console) -> None:
    with at_a_terminal(console) as (child, terminal):
        url = read_until(terminal, r"READY url=(\S+) pid=\d+\r\n")
        happen(url)
        with suppress(HTTPError):
            urlopen(f"{url}/nothing")  # noqa: S310  # the fake's own address
        shown = read_until(terminal, r"(?s)(.*\x1b\[0m)")

        child.send_signal(signal.SIGTERM)
        assert child.wait(LIMIT_S) == 0
    first, second, third = shown.splitlines()
    assert first.startswith("-- clock runs from ")
    assert second == "<- GET /nothing 404"
    assert third.startswith("\x1b[2m   the API has no GET /nothing")


@pytest.mark.parametrize("by", ["default", "option", "variable"])
def test_whoever_is_no_terminal_gets_json_lines(console: Console, by: str) -> None:
    options = ("--log", "json") if by == "option" else ()
    variables = {"MOCK_MOMO_LOG": "json"} if by == "variable" else {}
    with console.serving(*options, **variables) as serving:
        happen(serving.url, times=2)
        ended = serving.stop()

    assert (ended.code, ended.err) == (0, "")
    rows = [json.loads(line) for line in logged(ended.out)]
    assert [(row["namespace"], row["kind"]) for row in rows] == [("shop", "clock_moved")] * 2


def test_lines_for_people_may_go_to_a_file_without_colours(console: Console) -> None:
    with console.serving("--log", "tail") as serving:
        happen(serving.url)
        ended = serving.stop()

    (line,) = logged(ended.out)
    assert line.startswith("-- clock runs from ")
    assert line.endswith(" ns=shop")


def test_off_is_silent(console: Console) -> None:
    with console.serving("--log", "off") as serving:
        happen(serving.url)
        ended = serving.stop()

    assert logged(ended.out) == []


def test_a_reader_who_does_not_read_holds_up_neither_the_fake_nor_its_end(
    console: Console,
) -> None:
    with console.serving("--log", "json") as serving:
        happen(serving.url, MORE_THAN_A_PIPE_TAKES)
        assert Control(serving.url).ask("GET", "health") == {"status": "ok"}
        serving.child.send_signal(signal.SIGTERM)

        assert serving.child.wait(LIMIT_S) == 0


def test_a_reader_who_is_gone_does_not_end_it(console: Console) -> None:
    with console.serving("--log", "json") as serving:
        assert serving.child.stdout is not None
        serving.child.stdout.close()
        happen(serving.url, times=3)
        assert Control(serving.url).ask("GET", "health") == {"status": "ok"}
        serving.child.send_signal(signal.SIGTERM)

        assert serving.child.wait(LIMIT_S) == 0
        assert serving.child.stderr is not None
        assert serving.child.stderr.read() == ""
