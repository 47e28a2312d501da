"""`pytest --momo-driver`: what a user sees of it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mutants.asking import command


def run_pytest(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_own.py").write_text("def test_own():\n    pass\n", "utf-8")
    unused = ("-p", "no:asyncio", "-p", "no:schemathesis")
    whole = (sys.executable, "-m", "pytest", "-q", "-rA", *unused, *options)
    return subprocess.run(whole, cwd=folder, capture_output=True, text=True, check=False)


def test_without_a_driver_nothing_is_added(tmp_path: Path) -> None:
    ended = run_pytest(tmp_path)
    assert ended.returncode == 0
    assert "1 passed" in ended.stdout
    assert "MOMO" not in ended.stdout


def test_each_requirement_is_a_test_of_its_own(tmp_path: Path) -> None:
    ended = run_pytest(tmp_path, "--momo-driver", command("no cache"), "-k", "TOK-01 or TOK-02")
    assert ended.returncode == 1
    assert "FAILED momo::MOMO-TOK-02" in ended.stdout
    assert "PASSED momo::MOMO-TOK-01" in ended.stdout
    assert "before the last one expired" in ended.stdout
    assert "What to change" in ended.stdout
    assert "Traceback" not in ended.stdout
    assert "mutant 1 (python)" in ended.stdout


@pytest.mark.parametrize(
    "mode", ["crashes", pytest.param("agrees with everything", marks=pytest.mark.long)]
)
def test_a_driver_that_cannot_be_examined_ends_the_run(
    tmp_path: Path, liar: Callable[[str], str], mode: str
) -> None:
    ended = run_pytest(tmp_path, "--momo-driver", liar(mode), "-k", "MOMO-TOK-02")
    assert ended.returncode == 3
    assert "the client cannot be examined" in ended.stdout
    assert "PASSED momo" not in ended.stdout
