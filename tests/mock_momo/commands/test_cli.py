import re
import subprocess
import sys
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest
from click.testing import CliRunner

from mock_momo.cli import front_door
from tests.mock_momo.commands.conftest import MOCK_MOMO, Console

COMMANDS = sorted(entry.name for entry in entry_points(group="mock_momo.commands"))
BLOCKED = """
import sys
from importlib.abc import MetaPathFinder

class Blocker(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocker())
from mock_momo.cli import main
main({arguments!r})
"""
CLIENT_EXTRA = ("pydantic_settings", "phonenumbers", "sqlalchemy", "rich")
CONFORMANCE_EXTRA = ("jsonschema", "hypothesis", "pytest", "rich")
MISSING_EXTRAS = (
    (("client", "format-phone", "0772123456"), CLIENT_EXTRA, "client"),
    (("client", "doctor"), CLIENT_EXTRA, "client"),
    (("drive", "--help"), CONFORMANCE_EXTRA, "conformance"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_has_an_example(command: str) -> None:
    ended = CliRunner().invoke(front_door, [command, "--help"])

    assert ended.exit_code == 0
    assert re.search(rf"  Example:\n    mock-momo .*\b{command}\b", ended.stdout)


def test_the_front_door_lists_every_command_with_a_summary(console: Console) -> None:
    ended = console.run("--help")

    listed = ended.out.partition("Commands:\n")[2].splitlines()
    rows = {
        row.split()[0]: row.split()[1:] for row in listed if row.startswith("  ") and row[2] != " "
    }
    assert sorted(rows) == COMMANDS
    assert all(rows.values())


def test_it_knows_its_version(console: Console) -> None:
    assert console.run("--version").out == f"mock-momo, version {version('mock-momo')}\n"


def test_an_unknown_command_is_wrong_use(console: Console) -> None:
    ended = console.run("sevre")

    assert (ended.code, "Traceback" in ended.err) == (2, False)


@pytest.mark.parametrize(("arguments", "missing", "extra"), MISSING_EXTRAS)
def test_a_missing_extra_is_answered_with_the_line_that_installs_it(
    arguments: tuple[str, ...], missing: tuple[str, ...], extra: str
) -> None:
    program = BLOCKED.format(missing=missing, arguments=list(arguments))
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stdout) == (2, "")
    assert f'pip install "mock-momo[{extra}]"' in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["--help", "serve", "exec"])
def test_the_fakes_own_commands_need_no_extra(command: str) -> None:
    missing = {*CLIENT_EXTRA, *CONFORMANCE_EXTRA, "locust", "gevent", "momo_client"}
    arguments = ["--help"] if command == "--help" else [command, "--help"]
    program = BLOCKED.format(missing=tuple(missing), arguments=arguments)

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, b"")


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full: Linux has one")
def test_output_that_cannot_be_written_is_no_broken_rule() -> None:
    with FULL.open("w") as nowhere:
        done = subprocess.run(
            [*MOCK_MOMO, "faults"], stdout=nowhere, stderr=subprocess.PIPE, check=False
        )

    assert done.returncode == 3
    assert b"No space left" in done.stderr
