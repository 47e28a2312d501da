"""`--scenario` for serve and exec, and `validate`."""

import json
import sys
from pathlib import Path

import pytest

from mock_momo.testing import Control
from tests.mock_momo.commands.conftest import Console

SCENARIO = """\
version: 1
settings:
  profile: mtnzambia
  outcome: FAILED
  switches: {payment_status: published, login_error: recorded_500}
rules:
  - {name: slow, fault: {latency: {ms: 1}}}
expect:
  - never: {status: "5*"}
"""
BROKEN = SCENARIO.replace("latency", "latancy")
SHOW = "import os; print(os.environ['MTN_TARGET_ENVIRONMENT'])"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    file = tmp_path / "scenario.yaml"
    file.write_text(SCENARIO)
    return file


def test_every_namespace_has_the_settings_and_rules_of_the_file(
    console: Console, scenario: Path
) -> None:
    with console.serving("--scenario", scenario.name, MOCK_MOMO_OUTCOME="REJECTED") as serving:
        control = Control(serving.url)
        control.namespace("a")
        for name in ("default", "a"):
            found = control.ask("GET", f"namespaces/{name}")
            rules = control.ask("GET", f"namespaces/{name}/rules")["rules"]
            assert (found["currency"], found["outcome"]) == ("ZMW", "REJECTED")
            assert [rule["name"] for rule in rules] == ["slow"]


def test_options_win_over_the_file_one_by_one(console: Console, scenario: Path) -> None:
    options = ("--profile", "sandbox", "--switch", "payment_status=mission")
    with console.serving(*options, MOCK_MOMO_SCENARIO=str(scenario)) as serving:
        found = Control(serving.url).ask("GET", "namespaces/default")

    assert (found["target_environment"], found["outcome"]) == ("sandbox", "FAILED")
    assert found["switches"]["payment_status"] == "mission"
    assert found["switches"]["login_error"] == "recorded_500"


def test_exec_takes_it_too(console: Console, scenario: Path) -> None:
    around = (
        "exec",
        "--port",
        "0",
        "--no-verify",
        "--scenario",
        scenario.name,
        "--",
        sys.executable,
        "-c",
        SHOW,
    )

    assert console.run(*around).out == "mtnzambia\n"


@pytest.mark.parametrize("command", [("serve",), ("exec", "--", "true"), ("validate",)])
def test_a_broken_file_ends_with_2_and_its_lines(
    console: Console, scenario: Path, command: tuple[str, ...]
) -> None:
    scenario.write_text(BROKEN + "extra: 1\n")
    name, *rest = command
    option = () if name == "validate" else ("--scenario",)
    ended = console.run(name, *option, scenario.name, *rest)

    assert (ended.code, ended.out) == (2, "")
    fault, key = ended.err.splitlines()
    assert fault.startswith("scenario.yaml:7: rules.0.fault.latancy: fault 'latancy' is unknown; ")
    assert key.startswith("scenario.yaml:10: extra: unknown key 'extra'; known: version, settings")


def test_serve_takes_over_a_change_and_refuses_a_broken_one(
    console: Console, scenario: Path
) -> None:
    with console.serving("--scenario", scenario.name) as serving:
        assert serving.child.stderr is not None
        replace_whole(scenario, SCENARIO.replace("FAILED", "PENDING"))
        reloaded = serving.child.stderr.readline()
        found = Control(serving.url).ask("GET", "namespaces/default")["outcome"]
        replace_whole(scenario, BROKEN)
        refused = serving.child.stderr.readline()
        ended = serving.stop()

    assert (reloaded, found) == ("mock-momo: scenario.yaml reloaded: 1 rule\n", "PENDING")
    assert refused.startswith("mock-momo: scenario.yaml:7: rules.0.fault.latancy: ")
    assert refused.endswith("; the old rules stay in force\n")
    assert (ended.code, ended.err) == (0, "")


def test_validate_says_what_is_in_each_file(console: Console, scenario: Path) -> None:
    checks = scenario.with_name("checks.yaml")
    checks.write_text("version: 1\nexpect: [{never: {status: 404}}, {never: {rule: x}}]\n")
    ended = console.run("validate", scenario.name, checks.name)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "scenario.yaml: ok, 1 rule, 1 expectation",
        "checks.yaml: ok, 0 rules, 2 expectations",
    ]


def test_validate_looks_at_every_file(console: Console, scenario: Path) -> None:
    ended = console.run("validate", "missing.yaml", scenario.name)

    assert (ended.code, ended.out) == (2, "scenario.yaml: ok, 1 rule, 1 expectation\n")
    assert ended.err == "missing.yaml:1: cannot be read: No such file or directory\n"


def test_env_takes_the_environment_of_the_file(console: Console, scenario: Path) -> None:
    ended = console.run("env", "--format", "json", "--scenario", scenario.name)

    assert json.loads(ended.out)["MTN_CURRENCY"] == "ZMW"


def replace_whole(file: Path, text: str) -> None:
    """So that whoever looks at the file never sees a part of it."""
    draft = file.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(file)
