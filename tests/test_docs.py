"""Every code block of the README and the docs runs; every table of the protocol is the law's."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_momo.commands.child_environment import PLACES
from mock_momo.commands.welcome import trust
from mock_momo.core.faults import FAULTS
from mock_momo.core.settings import Settings
from mock_momo.edge.control.router import ROUTES
from mock_momo.edge.documents.scenario_file import read_scenario
from mock_momo.edge.running import Secured
from mock_momo.edge.tls import MTN_HOSTS
from mock_momo.testing import Control, running_fake
from momo_client.core.create_answers import ROWS as ANSWERS
from momo_client.edge.figures import FIGURES
from momo_contracts.fidelity import Basis
from momo_contracts.operations import CATALOGUE
from momo_contracts.outcomes import ROWS
from momo_contracts.switches import SWITCHES

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
RUN_BY_CI = ("make ", "pip install")
"""`.ci/run` runs the first kind, tests/test_packaging.py installs."""

BIN = Path(sys.executable).parent
DOCUMENTED_URL = "http://127.0.0.1:8046"
TUNNEL_URL = "http://127.0.0.1:8047"
RECEIVER_PORT, METRICS_PORT = "8047", "8048"


def blocks(language: str) -> Iterator[tuple[str, str]]:
    for page in PAGES:
        text = page.read_text("utf-8")
        for found in re.finditer(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            line = text[: found.start()].count("\n") + 1
            yield f"{page.relative_to(ROOT)}:{line}", found[1]


SHELL = {place: code for place, code in blocks("sh") if not code.startswith(RUN_BY_CI)}
PYTHON = dict(blocks("python"))
SCENARIOS = {place: code for place, code in blocks("yaml") if code.startswith("version:")}


@pytest.fixture(scope="module")
def fake() -> Iterator[Control]:
    with running_fake() as control:
        yield control


@pytest.fixture(scope="module")
def variables(fake: Control) -> dict[str, str]:
    default = fake.namespace("default")
    path = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return dict(os.environ) | default.variables | path | {"PYTEST_ADDOPTS": "-p no:schemathesis"}


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return str(taken.getsockname()[1])


def test_there_are_blocks_to_run() -> None:
    assert SHELL
    assert PYTHON
    assert SCENARIOS


@pytest.mark.skipif(shutil.which("curl") is None, reason="the blocks are for people who have curl")
@pytest.mark.parametrize("place", SHELL)
def test_a_shell_block_works_as_printed(
    place: str, fake: Control, variables: dict[str, str], tmp_path: Path
) -> None:
    script = SHELL[place].replace(DOCUMENTED_URL, fake.url)
    for port in (RECEIVER_PORT, METRICS_PORT):
        script = re.sub(rf"\b{port}\b", free_port(), script)
    page = place.partition(":")[0]
    shown = [code for where, code in SCENARIOS.items() if where.startswith(f"{page}:")]
    if shown:
        (tmp_path / "scenario.yaml").write_text(shown[0], "utf-8")

    done = _run(["bash", "-euc", script], tmp_path, variables)

    assert done.returncode == 0, done.stderr
    if "v2_0/payment" in script:
        assert '"status":"SUCCESSFUL"' in done.stdout


@pytest.mark.parametrize("place", SCENARIOS)
def test_a_scenario_is_right_as_printed(place: str, tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(SCENARIOS[place], "utf-8")

    scenario = read_scenario(file, Settings())

    assert scenario.rules or scenario.expectations


@pytest.mark.parametrize("place", PYTHON)
def test_a_python_block_works_as_printed(
    place: str, variables: dict[str, str], tmp_path: Path
) -> None:
    code = PYTHON[place]
    is_test = "def test_" in code
    file = tmp_path / ("test_block.py" if is_test else "block.py")
    file.write_text(code, "utf-8")
    runner = ["-m", "pytest", "-q"] if is_test else []

    done = _run([sys.executable, *runner, str(file)], tmp_path, variables)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_shows_the_outcome_table_of_the_law() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    table = text.partition("<!-- table: outcomes -->")[2].partition("<!-- end -->")[0]
    shown = [
        tuple(cell.strip() for cell in line.split("|")[1:4])
        for line in table.strip().splitlines()[2:]
    ]

    assert shown == [
        (
            row.outcome.value,
            ", ".join(filter(None, (row.request_to_pay_status, row.reason))),
            ", ".join(filter(None, (row.payment_status, row.reason))),
        )
        for row in ROWS
    ]


def test_the_client_page_shows_what_every_answer_to_a_create_means() -> None:
    text = (ROOT / "docs" / "client.md").read_text("utf-8")
    table = text.partition("<!-- table: answers -->")[2].partition("<!-- end -->")[0]

    assert table.strip().splitlines()[2:] == [
        f"| {row.answer} | {row.meaning} | {row.then} |" for row in ANSWERS
    ]


def test_the_operating_page_shows_every_metric() -> None:
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    table = text.partition("<!-- table: figures -->")[2].partition("<!-- end -->")[0]

    assert table.strip().splitlines()[2:] == [
        f"| `{row.name}` | {row.kind} | {', '.join(row.labels)} | {row.says} |" for row in FIGURES
    ]


def test_the_rules_page_shows_every_fault_in_its_own_words() -> None:
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")
    table = text.partition("<!-- table: faults -->")[2].partition("<!-- end -->")[0]

    assert table.strip().splitlines()[2:] == [
        f"| `{fault.name}` | {fault.summary} |" for fault in FAULTS
    ]


def test_the_rules_page_shows_every_operation() -> None:
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")
    table = text.partition("<!-- table: operations -->")[2].partition("<!-- end -->")[0]

    assert table.strip().splitlines()[2:] == [
        f"| `{row.name}` | `{row.method} {row.path}` |" for row in CATALOGUE
    ]


def test_the_running_page_names_every_place_of_a_variable() -> None:
    text = (ROOT / "docs" / "running.md").read_text("utf-8")

    listed = text.partition("Filled in: ")[2].partition(".")[0]
    assert re.findall(r"{(\w+)}", listed) == list(PLACES)


def test_the_tls_page_shows_what_serve_prints_and_names_every_host() -> None:
    text = (ROOT / "docs" / "tls.md").read_text("utf-8")
    shown = text.partition("<!-- table: trust -->\n```text\n")[2].partition("```\n<!-- end")[0]

    assert shown.rstrip() == trust(Secured(Path("mock-momo-ca.pem"), TUNNEL_URL)).rstrip()
    assert [host for host in MTN_HOSTS if f"`{host}`" not in text] == []


def test_the_control_page_shows_every_route_in_its_own_words() -> None:
    text = (ROOT / "docs" / "control-api.md").read_text("utf-8")
    table = text.partition("<!-- table: routes -->")[2].partition("<!-- end -->")[0]

    assert table.strip().splitlines()[2:] == [
        f"| `{row.method} {row.path}{'?' + '&'.join(row.query) if row.query else ''}` "
        f"| {row.summary} |"
        for row in ROUTES
    ]


def test_the_fidelity_page_shows_every_switch_in_its_own_words() -> None:
    text = (ROOT / "docs" / "fidelity.md").read_text("utf-8")
    table = text.partition("<!-- table: switches -->")[2].partition("<!-- end -->")[0]

    assert table.strip().splitlines()[2:] == [
        f"| `{row.name}` | {' · '.join(f'`{value}`' for value in row.values)} "
        f"| {row.meaning} | {row.provenance} |"
        for row in SWITCHES.values()
    ]


def test_the_fidelity_page_says_what_every_basis_means() -> None:
    text = (ROOT / "docs" / "fidelity.md").read_text("utf-8")
    shown = re.findall(r"^\| (\w+) \| [^|]+ \|$", text, re.MULTILINE)

    assert shown == ["basis", "documented", "observed", "reported", "assumed", "mission"]
    assert set(shown[1:]) == set(Basis)


def test_no_page_is_empty() -> None:
    assert [page for page in PAGES if page.stat().st_size < 100] == []


def test_links_between_pages_lead_somewhere() -> None:
    missing = [
        (page.name, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]

    assert missing == []


def test_files_that_the_architecture_names_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    homes = {
        "in the fake": ROOT / "mock_momo",
        "in the client": ROOT / "reference_client/momo_client",
    }
    missing = []
    for title, home in homes.items():
        section = text.partition(f"## One payment, {title}")[2].partition("\n## ")[0]
        named = re.findall(r"\b((?:core|edge)/(?:\w+/)?\w+\.py)", section)
        missing += [name for name in named if not (home / name).exists()]

    assert missing == []


def _run(
    command: list[str], cwd: Path, variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env=variables, capture_output=True, text=True, check=False, timeout=60
    )
