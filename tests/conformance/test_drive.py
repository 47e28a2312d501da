"""`drive` and `replay` as a person runs them: what they print, what they save, how they end."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from momo_conformance.commands.drive import drive as drive_command
from momo_conformance.commands.replay import replay
from momo_conformance.history import History
from momo_conformance.plans import ExamplePlan
from momo_conformance.scenarios import SCENARIOS
from momo_conformance.suite import DriverSuite
from tests.mutants.asking import command

Liar = Callable[[str], str]
TOK_02 = "MOMO-TOK-02"


def mock_momo(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    whole = (sys.executable, "-m", "mock_momo", *words)
    return subprocess.run(whole, cwd=folder, capture_output=True, text=True, check=False)


def drive(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return mock_momo(folder, "drive", *options)


def test_a_correct_client_ends_with_0_and_leaves_nothing_behind(tmp_path: Path) -> None:
    ended = drive(tmp_path, "--driver", command(), "--only", "STS-01")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "mutant 1 (python)" in ended.stdout
    assert "1 PASS" in ended.stdout
    assert list(tmp_path.iterdir()) == []


def test_what_a_wrong_client_breaks_is_shown_saved_and_replayed(tmp_path: Path) -> None:
    wrong, right = command("no cache"), command()
    ended = drive(tmp_path, "--driver", wrong, "--only", "TOK-02", "--save", "plans")
    assert ended.returncode == 1
    assert "MOMO-TOK-02 MUST FAIL" in ended.stdout
    assert "before the last one expired" in ended.stdout
    path = tmp_path / "plans" / "MOMO-TOK-02.json"
    plan = ExamplePlan.from_json(path.read_text("utf-8"))
    assert plan.breaks == "MOMO-TOK-02"
    assert f"mock-momo replay {Path('plans') / path.name}" in ended.stdout.replace("\n    ", " ")

    again = mock_momo(tmp_path, "replay", str(path), "--driver", wrong)
    assert (again.returncode, again.stdout.splitlines()[0]) == (1, "STILL FAILS")
    mended = mock_momo(tmp_path, "replay", str(path), "--driver", right)
    assert (mended.returncode, mended.stdout) == (0, "FIXED\n")
    other = mock_momo(tmp_path, "replay", str(path), "--driver", command("logs bearer"))
    assert (other.returncode, other.stdout.splitlines()[0]) == (1, "CHANGED")


def test_a_plan_is_replayed_five_times_whatever_it_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, runs, run = tmp_path / "plan.json", [], DriverSuite.run
    path.write_text(next(row for row in SCENARIOS if row.made_for == TOK_02).to_json(), "utf-8")

    def counted(suite: DriverSuite, plan: ExamplePlan) -> History:
        runs.append(plan)
        return run(suite, plan)

    monkeypatch.setattr(DriverSuite, "run", counted)
    ended = CliRunner().invoke(replay, [str(path), "--driver", command("no cache")])
    assert ended.exit_code == 1
    assert f"{TOK_02} FAIL" in ended.output
    assert len(runs) == 5


@pytest.mark.parametrize(
    ("mode", "code", "told"),
    [
        ("agrees with everything", 3, "claims to know 'examiner.bogus'"),
        ("crashes", 3, "exit code 7"),
        ("prints rubbish", 3, "paying now ..."),
        ("agrees with what it knows", 1, "nothing was sent for it"),
    ],
)
def test_a_driver_without_a_client_passes_nothing(
    tmp_path: Path, liar: Liar, mode: str, code: int, told: str
) -> None:
    ended = drive(tmp_path, "--driver", liar(mode), "--only", "STS", "--only", "BAL-01")
    assert ended.returncode == code
    assert told in ended.stdout + ended.stderr
    assert "PASS" not in ended.stdout
    assert "Traceback" not in ended.stderr


@pytest.mark.long
@pytest.mark.timeout(400)  # each of some dozen questions is waited for
def test_a_driver_that_hangs_is_given_up(tmp_path: Path, liar: Liar) -> None:
    ended = drive(tmp_path, "--driver", liar("hangs"), "--only", "STS-01")
    assert ended.returncode == 3
    assert "did not answer" in ended.stderr
    assert "PASS" not in ended.stdout


@pytest.mark.parametrize(
    ("driver", "told"),
    [
        ("no-such-driver", "cannot run the driver"),
        (f"{sys.executable} -c pass", "exit code 0"),
    ],
)
def test_a_driver_that_cannot_be_run_ends_with_3(tmp_path: Path, driver: str, told: str) -> None:
    ended = drive(tmp_path, "--driver", driver)
    assert ended.returncode == 3
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_every_report_is_written_and_a_baseline_signs_for_what_is_known(tmp_path: Path) -> None:
    names = ("junit.xml", "report.json", "summary.md", "report.html")
    options = ("--junit", "--json", "--markdown", "--html")
    written = [word for pair in zip(options, names, strict=True) for word in pair]
    examined = ("--driver", command("no cache"), "--only", "TOK-02")
    signed = ("--baseline", "known.toml", "--update-baseline", "ada")
    first = drive(tmp_path, *examined, *written, *signed)
    assert "WAIVED" in first.stdout
    assert {path.name for path in tmp_path.iterdir()} == {*names, "known.toml"}
    stale = drive(tmp_path, "--driver", command(), "--only", "TOK-02", "--baseline", "known.toml")
    assert stale.returncode == 5
    assert "stale" in stale.stdout


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ((), "either --driver or --command"),
        (("--driver", "true", "--command", "true"), "either --driver or --command"),
        (("--driver", "echo 'unbalanced"), '--driver: "echo \'unbalanced" is no command line'),
        (("--driver", ""), "--driver: it is empty"),
        (("--driver", "true", "--update-baseline", "ada"), "needs --baseline"),
        (("--driver", "true", "--only", "tok-2"), "no requirement of a client; did you mean TOK-"),
        (("--driver", "true", "--only", "IDN"), "'IDN' names no requirement"),
        (("--driver", "true", "--save", f"{__file__}/plans"), "is no folder"),
        (("--driver", "true", "--html", f"{__file__}/report.html"), "is no folder"),
    ],
)
def test_a_wrong_use_ends_with_2_before_anything_runs(
    tmp_path: Path, options: tuple[str, ...], named: str
) -> None:
    ended = drive(tmp_path, *options)
    assert ended.returncode == 2
    assert named in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_what_was_found_before_a_broken_protocol_is_reported_all_the_same(
    tmp_path: Path, liar: Liar
) -> None:
    known = ("--baseline", "known.toml", "--update-baseline", "ada")
    options = ("--only", "STS-01", "--jobs", "1", "--json", "r.json", *known)
    ended = drive(tmp_path, "--driver", liar("loses its form"), *options)
    assert ended.returncode == 3
    assert "cut short" in ended.stdout
    assert "nothing was sent for it" in ended.stdout  # what the plans before have shown
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["exit_code"] == 3
    assert "answered 'request_to_pay' with" in ended.stderr
    assert 'it was being asked request_to_pay {"key": "order-' in ended.stderr
    assert "it happened in the plan" in ended.stderr
    assert not (tmp_path / "known.toml").exists()


def test_deaths_of_the_driver_are_counted_and_no_pass(tmp_path: Path, liar: Liar) -> None:
    ended = drive(tmp_path, "--driver", liar("dies of a payment"), "--only", "STS-01")
    assert "PASS" not in ended.stdout
    told = " ".join(ended.stdout.split())
    assert "ended with exit code 7: \\x1b[31mno database" in told
    assert "deaths of the driver: " in told
    assert "\x1b" not in ended.stdout + ended.stderr


def test_the_last_words_of_a_driver_that_dies_at_once_are_shown_without_what_moves_a_cursor(
    tmp_path: Path, python_command: Callable[..., str]
) -> None:
    dying = python_command("-c", "import sys; sys.exit('\x1b]0;owned\x07')")
    for options in ((), ("--check-driver",)):
        ended = drive(tmp_path, "--driver", dying, *options)
        assert ended.returncode == 3
        assert "\\x1b]0;owned\\x07" in ended.stdout + ended.stderr


PAYS = '{"version": 1, "breaks": "MOMO-STS-01", "settings": {}, "steps": [{"step": "pay", %s}]}'
PAYS %= '"amount": "10", "payer": "46733123499"'


@pytest.mark.parametrize("mode", ["dies of a payment", "supports nothing"])
def test_a_plan_that_exercises_nothing_is_not_fixed_by_that(
    tmp_path: Path, liar: Liar, mode: str
) -> None:
    (tmp_path / "plan.json").write_text(PAYS, "utf-8")
    ended = mock_momo(tmp_path, "replay", "plan.json", "--driver", liar(mode))
    assert (ended.returncode, ended.stdout.splitlines()[0]) == (4, "NOT EXERCISED")
    assert "MOMO-STS-01 was exercised in 0 of 5 runs; not seen: " in ended.stdout
    assert ("deaths of the driver: " in ended.stdout) is (mode == "dies of a payment")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("option", ["--driver", "--command"])
def test_a_signal_ends_it_in_order_with_all_that_it_has_started(
    tmp_path: Path, option: str, number: signal.Signals
) -> None:
    fifo, folder = tmp_path / "alive", tmp_path / "kept"
    os.mkfifo(fifo)
    folder.mkdir()
    (tmp_path / "run.sh").write_text(
        f"exec 3>{fifo}; read line; echo up >&3; sleep 1000; exit 0\n", "utf-8"
    )
    words = (sys.executable, "-m", "mock_momo", "drive", option, f"sh {tmp_path / 'run.sh'}")
    environment = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(words, env=environment, cwd=tmp_path) as running, fifo.open() as held:
        assert held.readline() == "up\n"
        running.send_signal(number)
        assert held.read() == ""  # whoever holds it open has ended
        assert running.wait() == 128 + number
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{}", "holds no plan that --save has written"),
        ("\0", "holds no plan"),
        ('{"version": 1, "settings": {}, "steps": []}', "it has no steps"),
        (PAYS.replace("STS-01", "STS-99"), "no requirement of a client; did you mean MOMO-STS-"),
        (PAYS.replace("STS-01", "SRV-01"), "no requirement of a client"),
    ],
)
def test_what_is_no_plan_is_not_replayed(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "plan.json").write_text(text, "utf-8")
    ended = mock_momo(tmp_path, "replay", "plan.json", "--driver", "true")
    assert ended.returncode == 2
    assert named in ended.stderr


def test_a_profile_that_is_none_is_told_before_the_driver_is_started() -> None:
    ended = CliRunner().invoke(drive_command, ["--driver", "no such program", "--profile", "ghana"])
    assert ended.exit_code == 2
    assert "did you mean mtnghana?" in " ".join(ended.output.split())
