import json
import subprocess
import sys

import pytest

from momo_loadtests import run


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


@pytest.mark.parametrize("option", ["--users", "--seconds", "--least"])
@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", ""])
def test_what_is_no_number_above_zero_is_a_usage_error(option: str, value: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run.main([option, value])

    assert ended.value.code == 2


def test_a_usage_error_names_the_option_and_what_was_expected() -> None:
    done = _run("--seconds", "0")

    assert done.returncode == 2
    assert "--seconds: '0' is not a whole number above zero" in done.stderr


def test_the_help_tells_each_default() -> None:
    told = " ".join(_run("--help").stdout.split())

    for option, default in (("--users", 20), ("--seconds", 5), ("--least", 50)):
        assert f"{option} N" in told
        assert f"(default: {default})" in told


def test_a_crowd_that_does_not_end_is_stopped_and_ends_with_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "_GRACE_S", -0.9)

    assert run.main(["--seconds", "1"]) == 3
    assert "try fewer --users" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["locust", "rich", "sqlalchemy"])
def test_a_missing_extra_ends_with_2_and_the_line_that_installs_it(name: str) -> None:
    script = (
        f"import sys, runpy; sys.modules[{name!r}] = None;"
        "runpy.run_module('momo_loadtests', run_name='__main__')"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr.startswith(f"momo_loadtests: {name} not installed; ")
    assert 'pip install "mock-momo[load]"' in done.stderr
    assert len(done.stderr.splitlines()) == 1


def _run(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "momo_loadtests", "--json", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)
