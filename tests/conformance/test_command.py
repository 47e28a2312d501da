"""A client that is a command: told by variables, judged by its traffic alone."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from mock_momo.testing import Control
from momo_conformance.catalogue import Level
from momo_conformance.command import CommandSuite, context_of
from momo_conformance.commands.replay import replay
from momo_conformance.errors import DriverError
from momo_conformance.plans import ExamplePlan, Outlook, Settings
from momo_conformance.scenarios import SCENARIOS
from momo_conformance.steps import Advance, AskStatus, Crash, Pay, Step
from momo_conformance.verdicts import Outcome, Verdict

PAYER = Path(__file__).with_name("payer.py")
PAGE = Path(__file__).parents[2] / "docs" / "adapters.md"
NUMBER = "46733123499"

StartCommand = Callable[[str], CommandSuite]


@pytest.fixture
def start(fake: Control, tmp_path: Path, python_command: Callable[..., str]) -> StartCommand:
    """A suite for the command with this habit; nothing is reduced."""
    return lambda habit: CommandSuite(
        fake, python_command(str(PAYER), habit), tmp_path, reduces=False
    )


def plan(*steps: Step, name: str = "TOK-02 by hand", **settings: object) -> ExamplePlan:
    return ExamplePlan(name=name, settings=Settings(**settings), steps=steps)  # type: ignore[arg-type]  # as they are


def verdict(suite: CommandSuite, name: str) -> Verdict:
    return next(row for row in suite.verdicts() if row.requirement.id == f"MOMO-{name}")


def test_a_command_pays_what_it_is_told_and_looks_until_it_is_final(start: StartCommand) -> None:
    suite = start("as it should")

    history = suite.run(plan(Pay("12.50", NUMBER, note="two cows"), outlook=Outlook(after_polls=2)))

    (create,) = history.creates
    assert (create.sent["amount"], create.key, create.party) == ("12.50", "order-1", NUMBER)
    assert create.sent["payerMessage"] == "two cows"
    words = [row.word for row in history.exchanges if row.is_read]
    assert words == ["PENDING", "PENDING", "SUCCESSFUL"]
    assert not history.is_driven


def test_what_it_keeps_to_is_passed_and_what_only_an_answer_shows_is_untestable(
    start: StartCommand,
) -> None:
    suite = start("as it should")
    suite.take([plan(Pay("12.50", NUMBER), AskStatus(1))])

    assert suite.ability.level is Level.L1
    assert verdict(suite, "TOK-02").outcome is Outcome.PASS
    assert verdict(suite, "SEC-01").outcome is Outcome.PASS
    assert verdict(suite, "STS-01").outcome is Outcome.UNTESTABLE


def test_a_key_on_stdout_is_found(start: StartCommand) -> None:
    suite = start("shows its key")
    suite.take([plan(Pay("10", NUMBER))])

    assert "API key in stdout" in verdict(suite, "SEC-01").why


def test_a_login_for_each_call_is_seen(start: StartCommand) -> None:
    suite = start("logs in for each call")
    suite.take([plan(Pay("10", NUMBER), Pay("11", NUMBER), AskStatus(1), AskStatus(2))])

    assert verdict(suite, "TOK-02").outcome is Outcome.FAIL


def test_a_command_that_sends_nothing_is_no_client(start: StartCommand) -> None:
    suite = start("sends nothing")

    with pytest.raises(DriverError, match=r"sent nothing to the base URL.*ended with 0"):
        suite.meet()
    assert [row.requirement.id for row in suite.verdicts() if row.outcome is Outcome.PASS] == []


def test_a_command_that_hangs_is_killed(start: StartCommand) -> None:
    suite = start("hangs")
    suite.within_s = 0.3

    events = suite.run(plan(Pay("10", NUMBER))).events

    assert [row["code"] for row in events if row["kind"] == "command_ended"] == [None]


def test_a_command_that_cannot_be_run_is_named(start: StartCommand) -> None:
    suite = start("as it should")
    suite.command = "no-such-command"

    with pytest.raises(DriverError, match="no-such-command"):
        suite.meet()


@pytest.mark.parametrize(
    ("steps", "name", "is_taken"),
    [
        ((Pay("10", NUMBER), AskStatus(1)), "TOK-02 two calls", True),
        ((Pay("10", NUMBER), Advance(60)), "RTY-04 a refusal", True),
        ((Pay("10", NUMBER), Crash()), "TOK-02 a crash", False),
        ((Pay("10", NUMBER), AskStatus(1)), "STS-01 a state", False),
        ((Pay("10", NUMBER),), "", False),
    ],
)
def test_only_plans_that_a_command_can_be_told_are_taken(
    start: StartCommand, steps: tuple[Step, ...], name: str, *, is_taken: bool
) -> None:
    assert start("as it should").can_take(plan(*steps, name=name)) is is_taken


def test_there_are_plans_for_most_that_a_command_can_exercise(start: StartCommand) -> None:
    suite = start("as it should")
    groups = {row.name[:3] for row in SCENARIOS if suite.can_take(row)}

    assert {"TOK", "HDR", "RTY", "AMT", "SEC"} <= groups


def test_what_only_a_driver_could_show_is_untestable_from_the_start(start: StartCommand) -> None:
    suite = start("as it should")
    for name in ("TOK-04", "TOK-08", "TOK-09", "RTY-01", "STS-09", "REC-02"):
        assert verdict(suite, name).told == "UNTESTABLE (needs L2)"


def test_a_proxy_of_the_machine_is_not_in_the_way(
    start: StartCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "intranet")
    suite = start("as it should")

    suite.meet()

    assert suite.found.calls > 0
    assert os.environ["no_proxy"] == "intranet"


@pytest.mark.parametrize(
    ("habit", "code", "told"),
    [
        ("as it should", 0, "PASS"),
        pytest.param("shows its key", 1, "API key in stdout", marks=pytest.mark.long),
        ("sends nothing", 3, "the command has sent nothing"),
    ],
)
def test_a_command_is_examined_from_the_command_line(
    python_command: Callable[..., str], tmp_path: Path, habit: str, code: int, told: str
) -> None:
    examined = python_command(str(PAYER), habit)
    ended = subprocess.run(
        [sys.executable, "-m", "mock_momo", "drive", "--command", examined, "--only", "SEC-01"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == code, ended.stderr
    assert told in ended.stdout + ended.stderr
    assert "seed" not in ended.stdout


@pytest.mark.long
def test_what_a_command_breaks_is_saved_and_replayed_with_a_command(
    python_command: Callable[..., str], tmp_path: Path
) -> None:
    wrong, right = (
        python_command(str(PAYER), habit) for habit in ("shows its key", "as it should")
    )

    def mock_momo(*words: str) -> subprocess.CompletedProcess[str]:
        whole = (sys.executable, "-m", "mock_momo", *words)
        return subprocess.run(whole, cwd=tmp_path, capture_output=True, text=True, check=False)

    ended = mock_momo("drive", "--command", wrong, "--only", "SEC-01", "--save", "plans")
    path = Path("plans") / "MOMO-SEC-01.json"
    assert f"mock-momo replay {path} --command" in " ".join(ended.stdout.split())

    again = mock_momo("replay", str(path), "--command", wrong)
    assert (again.returncode, again.stdout.splitlines()[0]) == (1, "STILL FAILS")
    mended = mock_momo("replay", str(path), "--command", right)
    assert (mended.returncode, mended.stdout) == (0, "FIXED\n")


def test_a_plan_that_a_command_cannot_be_told_is_not_fixed_by_that(
    python_command: Callable[..., str], tmp_path: Path
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(plan(Pay("10", NUMBER), Crash(), name="TOK-02 a crash").to_json(), "utf-8")
    examined = python_command(str(PAYER), "as it should")

    ended = CliRunner().invoke(replay, [str(path), "--command", examined])

    assert ended.exit_code == 3
    assert "cannot do what the plan asks for" in ended.stderr


def test_the_page_shows_the_context_of_a_plan() -> None:
    shown = PAGE.read_text("utf-8").partition("<!-- context -->\n```json\n")[2].partition("```")[0]

    assert json.loads(shown) == context_of(plan(Pay("10", NUMBER), AskStatus(1)), "EUR")
