import json
import subprocess
import sys


def test_a_short_run_is_judged_right_from_both_books() -> None:
    done = _run("--users", "5", "--seconds", "1", "--least", "5")

    assert done.returncode == 0, done.stdout + done.stderr
    checks = json.loads(done.stdout)["checks"]
    assert len(checks) == 7
    assert all(check["ok"] for check in checks)


def test_a_verdict_that_is_no_success_ends_with_4() -> None:
    done = _run("--users", "1", "--seconds", "1", "--least", "1000000")

    assert done.returncode == 4
    assert "1000000 payments were accepted" in done.stdout


def _run(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "momo_loadtests", "--json", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)
