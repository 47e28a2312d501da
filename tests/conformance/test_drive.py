"""The command, as a person runs it: what it prints, what it saves, how it ends."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from momo_conformance.plans import ExamplePlan

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


def test_a_plan_that_cannot_be_saved_is_still_printed(
    tmp_path: Path, small_client: SmallClient
) -> None:
    ended = drive(tmp_path, "--driver", small_client("forgets"), "--save", "no/such/plan.json")
    assert ended.returncode == 1
    assert '"step": "pay"' in ended.stdout
    assert "cannot save the plan" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_driver_that_dies_ends_with_3_and_names_the_plan(
    tmp_path: Path, small_client: SmallClient
) -> None:
    ended = drive(tmp_path, "--driver", small_client("dies of money"))
    assert ended.returncode == 3
    assert "exit code 9 when it was asked 'request_to_pay'" in ended.stderr
    assert '"step": "pay"' in ended.stderr


def test_a_call_without_a_driver_ends_with_2(tmp_path: Path) -> None:
    assert drive(tmp_path).returncode == 2
