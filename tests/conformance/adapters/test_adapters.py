"""Each adapter keeps to the protocol, and pays; where its language is not there, it is skipped."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from interop.environments import NotFetched, make, make_node, search_path
from interop.environments import command as interop_command
from interop.table import CLIENTS, Registry
from mock_momo.testing import Control
from momo_conformance.command import CommandSuite
from momo_conformance.driver_check import try_driver

ROOT = Path(__file__).parents[3]
ADAPTERS = ROOT / "conformance" / "adapters"
PAGE = (ROOT / "docs" / "adapters.md").read_text("utf-8")
MOST_LINES = 80
DRIVERS = sorted(path for path in ADAPTERS.glob("*/driver.*"))


def python() -> list[str]:
    return [sys.executable]


def php() -> list[str]:
    program = shutil.which("php")
    if program is None:
        pytest.skip("no php here: apt-get install php-cli php-curl")
    modules = subprocess.run([program, "-m"], capture_output=True, text=True, check=True).stdout
    if "curl" not in modules.split():
        pytest.skip("php has no curl here: apt-get install php-curl")
    return [program]


def elixir() -> list[str]:
    program = shutil.which("elixir")
    if program is None:
        pytest.skip("no elixir here: apt-get install elixir erlang-jiffy")
    has_jiffy = "Code.ensure_loaded?(:jiffy) || System.halt(1)"
    if subprocess.run([program, "-e", has_jiffy], check=False).returncode:
        pytest.skip("erlang has no jiffy here: apt-get install erlang-jiffy")
    return [program]


def node() -> list[str]:
    """Node and the client as interop has them, with the variable by which they meet."""
    (client,) = (
        row for row in CLIENTS if (row.registry, row.package) == (Registry.NPM, "mtn-momo")
    )
    try:
        make_node()
        make(client)
    except NotFetched as problem:
        pytest.skip(f"no registry here: {problem}")
    found = [f"{name}={value}" for name, value in search_path(client).items()]
    return ["env", *found, interop_command(client)[0]]


STARTS: dict[str, Callable[[], list[str]]] = {
    "elixir": elixir,
    "node": node,
    "php": php,
    "python": python,
}
LONG = {"node": pytest.mark.long}
"""What has to be fetched from a registry first."""


@pytest.mark.parametrize(
    "language", [pytest.param(name, marks=LONG.get(name, ())) for name in STARTS]
)
def test_an_adapter_is_right_in_every_line(language: str, fake: Control) -> None:
    (driver,) = (path for path in DRIVERS if path.parent.name == language)

    lines = try_driver(shlex.join([*STARTS[language](), str(driver)]), fake, within_s=30)

    assert [str(line) for line in lines] == [f"ok     {line.what}" for line in lines]
    assert {"request_to_pay is answered", "status is answered", "it ends with its input"} <= {
        line.what for line in lines
    }


def test_the_command_in_php_pays(fake: Control, tmp_path: Path) -> None:
    suite = CommandSuite(fake, shlex.join([*php(), str(ADAPTERS / "php" / "pay.php")]), tmp_path)

    suite.meet()

    assert suite.found.tally.broken == ()
    assert suite.found.payments == 1
    assert suite.ended is not None
    assert suite.ended.code == 0


def test_there_is_one_adapter_a_language_and_none_is_long() -> None:
    assert {path.parent.name for path in DRIVERS} == STARTS.keys()
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in DRIVERS}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_the_page_shows_every_adapter_and_the_client_that_it_is_made_for() -> None:
    table = PAGE.partition("<!-- table: adapters -->")[2].partition("<!-- end -->")[0]

    assert set(re.findall(r"^\| `(.+?)`", table, re.MULTILINE)) == {
        path.relative_to(ADAPTERS).as_posix() for path in DRIVERS
    }
    (version,) = (row.version for row in CLIENTS if row.package == "mtn-momo")
    assert f"mtn-momo) {version} " in table
    assert f'"mtn-momo": "{version}"' in (ADAPTERS / "node" / "package.json").read_text("utf-8")
