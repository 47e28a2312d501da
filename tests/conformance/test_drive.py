"""The command, as a person runs it: what it prints, what it saves, how it ends."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from momo_conformance.examination import REST
from momo_conformance.plans import ExamplePlan, Pay, Settings

SmallClient = Callable[..., str]


def drive(directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "mock_momo", "drive", *options)
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


def test_a_correct_client_ends_with_0_and_leaves_nothing_behind(
    tmp_path: Path, small_client: SmallClient
) -> None:
    ended = drive(tmp_path, "--driver", small_client(), "--examples", "5", "--seed", "1")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "small 1 (python)" in ended.stdout
    assert "seed 1" in ended.stdout
    assert "nothing found" in ended.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_client_ends_with_1_and_the_least_plan_is_saved(
    tmp_path: Path, small_client: SmallClient
) -> None:
    ended = drive(tmp_path, "--driver", small_client("credits twice"), "--save", "plan.json")
    assert ended.returncode == 1
    assert "credited-once" in ended.stdout
    saved = ExamplePlan.from_json((tmp_path / "plan.json").read_text("utf-8"))
    assert len(saved.payments) == 1
    assert saved.to_json() in ended.stdout


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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk at hand")
def test_a_plan_that_cannot_be_saved_is_still_printed(
    tmp_path: Path, small_client: SmallClient
) -> None:
    ended = drive(tmp_path, "--driver", small_client("forgets"), "--save", "/dev/full")
    assert ended.returncode == 1
    assert '"step": "pay"' in ended.stdout
    assert "cannot save the plan" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_saved_plan_runs_alone(tmp_path: Path, small_client: SmallClient) -> None:
    plan = ExamplePlan(Settings(), (Pay("10", "46733123452"),))
    (tmp_path / "plan.json").write_text(plan.to_json(), "utf-8")
    wrong = drive(tmp_path, "--driver", small_client("timeout is pending"), "--plan", "plan.json")
    assert wrong.returncode == 1
    assert plan.to_json() in wrong.stdout
    assert REST in wrong.stdout
    right = drive(tmp_path, "--driver", small_client(), "--plan", "plan.json")
    assert right.returncode == 0
    assert "1 (as saved)" in right.stdout
    dying = drive(tmp_path, "--driver", small_client("dies of money"), "--plan", "plan.json")
    assert dying.returncode == 3


def test_a_bug_is_found_once_per_payment_and_shown_as_the_json_that_was_sent(
    tmp_path: Path, small_client: SmallClient
) -> None:
    ended = drive(tmp_path, "--driver", small_client("timeout is pending"), "--seed", "1")
    _, _, findings = ended.stdout.partition("\nfindings:\n")
    assert findings.count("states-map: ") == findings.count("final-is-final: ") == 1
    assert re.search(r"\(and \d+ more\)\n", findings)
    assert '{"ok": {' in findings
    assert "Ok(" not in findings
    assert len(findings.splitlines()) < 15


def test_a_driver_that_dies_ends_with_3_and_names_the_plan(
    tmp_path: Path, small_client: SmallClient
) -> None:
    ended = drive(tmp_path, "--driver", small_client("dies of money"))
    assert ended.returncode == 3
    assert "exit code 9 when it was asked 'request_to_pay'" in ended.stderr
    assert '"step": "pay"' in ended.stderr


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ((), "--driver"),
        (("--driver", "echo 'unbalanced"), '--driver: "echo \'unbalanced" is no command line'),
        (("--driver", ""), "--driver: it is empty"),
        (("--driver", "true", "--save", "no/such/plan.json"), "no/such is no folder"),
        (("--driver", "true", "--plan", "missing.json"), "'missing.json' does not exist"),
        (("--driver", "true", "--plan", __file__), "holds no plan that --save has written"),
        (
            ("--driver", "true", "--plan", "{plan}", "--seed", "1"),
            "goes without --examples, --seed",
        ),
    ],
)
def test_a_wrong_use_ends_with_2_before_anything_runs(
    tmp_path: Path, options: tuple[str, ...], named: str
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('{"version": 1, "settings": {}, "steps": []}', "utf-8")
    ended = drive(tmp_path, *(option.format(plan=plan) for option in options))
    assert ended.returncode == 2
    assert named in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""
