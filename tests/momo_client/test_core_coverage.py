"""The core is covered to its last branch by tests that do no I/O."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE = (
    "alarms",
    "audit",
    "callback_words",
    "classification",
    "diagnosis",
    "flows",
    "log_records",
    "rate_limit",
    "reads",
    "settlement",
    "tokens",
)


@pytest.mark.timeout(300)
def test_every_branch_of_the_core_is_reached_without_any_io(tmp_path: Path) -> None:
    files = [f"tests/momo_client/test_{name}.py" for name in PURE]
    variables = os.environ | {"COVERAGE_FILE": str(tmp_path / "coverage")}
    core = "--include=reference_client/momo_client/core/*"
    tests = ("-m", "pytest", "-q", "-p", "no:xdist", *files)
    _run("run", "--branch", core, *tests, variables=variables)
    _run("report", "-m", "--fail-under=100", core, variables=variables)


def _run(*arguments: str, variables: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "coverage", *arguments],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
