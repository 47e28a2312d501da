"""`--events FILE`: what happened, on disk."""

import json
import sys
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mock_momo.testing import Control, FakeUnavailable
from tests.mock_momo.commands.conftest import LIMIT_S, Console

FULL = Path("/dev/full")
needs_a_full_disk = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
TOUCH = (
    "import os, sys, urllib.request\n"
    "try: urllib.request.urlopen(os.environ['MOCK_MOMO_URL'] + '/nothing')\n"
    "except OSError: sys.exit({})\n"
)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("by", ["option", "variable"])
def test_every_event_of_every_namespace_is_a_line(
    console: Console, tmp_path: Path, by: str
) -> None:
    path = tmp_path / "events.ndjson"
    options = ("--events", str(path)) if by == "option" else ()
    variables = {"MOCK_MOMO_EVENTS": str(path)} if by == "variable" else {}
    with console.serving(*options, **variables) as serving:
        control = Control(serving.url)
        first, second = control.namespace("first"), control.namespace("second")
        first.freeze()
        second.freeze()
        second.run()
        control.ask("DELETE", "namespaces/second")
        ended = serving.stop()

    schema = json.loads(files("momo_contracts").joinpath("schemas/event.json").read_text("utf-8"))
    written = lines(path)
    for row in written:
        Draft202012Validator(schema).validate(row)
    assert (ended.code, ended.err) == (0, "")
    assert sorted((str(row["namespace"]), row["seq"], row["kind"]) for row in written) == [
        ("default", 1, "namespace_described"),
        ("first", 1, "namespace_described"),
        ("first", 2, "clock_moved"),
        ("second", 1, "namespace_described"),
        ("second", 2, "clock_moved"),
        ("second", 3, "clock_moved"),
    ]


def test_a_second_run_appends(console: Console, tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    for _ in range(2):
        with console.serving("--events", str(path)) as serving:
            Control(serving.url).namespace("default").freeze()
            serving.stop()

    run = ["namespace_described", "namespace_reset", "namespace_described", "clock_moved"]
    assert [row["kind"] for row in lines(path)] == run * 2


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("exec", "--port", "0")])
def test_a_file_that_cannot_be_opened_ends_it_with_3_and_one_line(
    console: Console, command: tuple[str, ...]
) -> None:
    child = ("--", sys.executable, "-c", "print('ran')") if command[0] == "exec" else ()
    ended = console.run(*command, "--events", "nowhere/events", *child)

    assert (ended.code, ended.out) == (3, "")
    assert ended.err == (
        "mock-momo: cannot write events to nowhere/events: No such file or directory; "
        "choose another --events FILE\n"
    )


@needs_a_full_disk
def test_a_disk_that_is_full_ends_serve_with_3_and_one_line(console: Console) -> None:
    with console.serving("--events", str(FULL)) as serving:
        with suppress(FakeUnavailable):  # what it logs by itself may have filled the disk already
            Control(serving.url).namespace("default")
        code = serving.child.wait(LIMIT_S)
        assert serving.child.stderr is not None
        told = serving.child.stderr.read()

    assert code == 3
    assert told == (
        "mock-momo: cannot write events to /dev/full: No space left on device; "
        "choose another --events FILE\n"
    )


def test_exec_writes_them_too(console: Console, tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    command = (
        "exec",
        "--port",
        "0",
        "--no-verify",
        "--events",
        str(path),
        "--",
        sys.executable,
        "-c",
    )
    ended = console.run(*command, TOUCH.format(0))

    assert (ended.code, ended.err) == (0, "")
    assert [row["kind"] for row in lines(path)] == [
        "namespace_described", "exchange_began", "exchange_ended",
    ]  # fmt: skip


@needs_a_full_disk
@pytest.mark.parametrize(("code", "expected"), [(0, 3), (7, 7)])
def test_a_failing_commands_own_code_is_kept_though_the_disk_is_full(
    console: Console, code: int, expected: int
) -> None:
    command = (
        "exec",
        "--port",
        "0",
        "--no-verify",
        "--events",
        str(FULL),
        "--",
        sys.executable,
        "-c",
    )
    ended = console.run(*command, TOUCH.format(code))

    assert ended.code == expected
    assert "cannot write events to /dev/full" in ended.err
