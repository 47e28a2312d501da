"""The files of an examination are refused before it runs, and in the end lose nothing else."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from momo_conformance.commands.report_options import Outputs, deliver, report_options
from tests.conformance.reports.examples import broken, report, verdict

Examine = Callable[..., Result]


@pytest.fixture
def examine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Runs an examination in an empty folder; it says so, and finds a breach.

    Meanwhile somebody makes a folder there, `taken`.
    """
    monkeypatch.chdir(tmp_path)

    @click.command()
    @report_options
    def command(outputs: Outputs) -> None:
        click.echo("examined")
        Path("taken").mkdir(exist_ok=True)
        raise SystemExit(deliver(report(broken(), verdict("TOK-01")), outputs))

    return lambda *words: CliRunner().invoke(command, words)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"version = 2", "known.toml: the baseline, version: Input should be 1"),
        (b"waved", "known.toml: the baseline is no TOML"),
        (b"\xff", "known.toml: the baseline is no text in UTF-8; save it as such"),
    ],
)
def test_a_wrong_baseline_is_found_before_anything_runs(
    examine: Examine, content: bytes, told: str
) -> None:
    Path("known.toml").write_bytes(content)
    ended = examine("--baseline", "known.toml")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert told in " ".join(ended.stderr.split())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--html", "here/report.html"), "here is no folder; choose another place"),
        (("--json", "folder"), "is a directory"),
        (("--junit", ""), "is a folder"),
        (("--markdown", "n" * 300), "File name too long"),
        (("--baseline", "here/known.toml", "--update-baseline", "ada"), "here is no folder"),
        (("--baseline", "folder"), "is a directory"),
    ],
)
def test_a_place_that_can_hold_no_file_is_found_before_anything_runs(
    examine: Examine, options: tuple[str, ...], told: str
) -> None:
    Path("here").touch()
    Path("folder").mkdir()
    ended = examine(*options)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert told in ended.stderr
    assert f"'{options[0]}'" in ended.stderr or f"{options[0]}:" in ended.stderr


def test_so_is_a_place_where_nobody_lets_us_write(
    examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    ended = examine("--html", "new/report.html")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "is not writable" in ended.stderr


@pytest.mark.parametrize(
    "options",
    [("--html", "taken"), ("--baseline", "taken", "--update-baseline", "ada")],
)
def test_what_cannot_be_written_in_the_end_does_not_take_the_rest_with_it(
    examine: Examine, options: tuple[str, ...]
) -> None:
    ended = examine(*options, "--json", "report.json")
    assert ended.exit_code == 3
    assert "MOMO-TOK-03 MUST FAIL" in ended.stdout
    assert Path("report.json").exists()
    assert ended.stderr == "mock-momo: cannot write taken: Is a directory\n"


def test_a_baseline_that_is_not_there_is_found_before_anything_runs(examine: Examine) -> None:
    ended = examine("--baseline", "mistyped.toml")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "mistyped.toml: it cannot be read: No such file" in ended.stderr


@pytest.mark.parametrize(
    "options", [(), ("--html", "taken"), ("--baseline", "taken", "--update-baseline", "ada")]
)
def test_the_json_has_the_code_that_the_command_ends_with(
    examine: Examine, options: tuple[str, ...]
) -> None:
    ended = examine("--json", "report.json", *options)
    assert json.loads(Path("report.json").read_text("utf-8"))["exit_code"] == ended.exit_code


def test_a_must_that_fails_ends_with_1_also_where_its_entry_has_expired(examine: Examine) -> None:
    examine("--baseline", "known.toml", "--update-baseline", "ada")
    file = Path("known.toml")
    file.write_text(re.sub(r"expires = .*", "expires = 2020-01-01", file.read_text("utf-8")))
    ended = examine("--baseline", "known.toml")
    assert ended.exit_code == 1
    assert "stale: MOMO-TOK-03 was waived until 2020-01-01" in ended.stdout


def test_what_could_not_be_written_before_is_told_after_the_report(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert deliver(report(verdict("TOK-01")), Outputs(), "cannot write plans") == 3
    shown = capsys.readouterr()
    assert "1 PASS" in shown.out
    assert shown.err == "mock-momo: cannot write plans\n"


def test_a_baseline_that_may_only_be_read_is_read(
    examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine("--baseline", "new/known.toml", "--update-baseline", "ada")
    monkeypatch.setattr(os, "access", lambda _path, wanted: not wanted & os.W_OK)
    ended = examine("--baseline", "new/known.toml")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert "1 WAIVED" in ended.stdout
