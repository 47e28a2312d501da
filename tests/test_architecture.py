import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import impurities, oversizes, sources

ROOT = Path(__file__).parent.parent
ROOMS = (
    "contracts/momo_contracts",
    "mock_momo",
    "reference_client/momo_client",
    "conformance/momo_conformance",
    "loadtests/momo_loadtests",
)
PLANTED_IMPORTS = {
    "contracts/momo_contracts/values.py": "import mock_momo.core.draws",
    "mock_momo/core/engine.py": "import mock_momo.edge.wall",
    "mock_momo/edge/wire/render.py": "import momo_client",
    "reference_client/momo_client/core/http.py": "import momo_client.edge.clock",
    "reference_client/momo_client/errors.py": "import mock_momo.testing",
    "conformance/momo_conformance/__init__.py": "import momo_contracts.lifecycle",
    "loadtests/momo_loadtests/verdict.py": "import momo_client.edge.clock",
}
PLANTED_IMPURITIES = {
    "contracts/momo_contracts/tokens.py": ("import time", "imports time"),
    "mock_momo/core/clock.py": ("from datetime import datetime; datetime.now()", "calls now()"),
    "mock_momo/core/draws.py": ("import uuid", "imports uuid"),
    "mock_momo/core/books.py": ("import aiohttp", "imports aiohttp"),
    "mock_momo/core/agenda.py": ("async def later(): ...", "is asynchronous"),
    "reference_client/momo_client/core/http.py": ("open('x')", "calls open()"),
}


def test_contracts_and_cores_are_pure() -> None:
    assert impurities(ROOT) == []


def test_functions_and_files_stay_small() -> None:
    assert oversizes(ROOT, *ROOMS) == []


def test_only_loadtests_imports_locust() -> None:
    importers = {
        path.relative_to(ROOT).parts[0]
        for path in sources(ROOT, *ROOMS, "demo", "bench", "loadtests")
        if re.search(r"^\s*(import|from) locust", path.read_text("utf-8"), re.MULTILINE)
    }

    assert importers == {"loadtests"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_import_linter_accepts_the_tree_as_it_is(copy: Path) -> None:
    assert _lint(copy).returncode == 0


@pytest.mark.parametrize(("file", "line"), PLANTED_IMPORTS.items())
def test_a_planted_import_breaks_the_build(copy: Path, file: str, line: str) -> None:
    _plant(copy / file, line)

    done = _lint(copy)

    assert done.returncode == 1
    assert "BROKEN" in done.stdout


@pytest.mark.parametrize(("file", "planted"), PLANTED_IMPURITIES.items())
def test_a_planted_impurity_is_found(copy: Path, file: str, planted: tuple[str, str]) -> None:
    line, rule = planted
    _plant(copy / file, line)

    assert [breach.rule for breach in impurities(copy)] == [rule]


def _plant(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def _lint(root: Path) -> subprocess.CompletedProcess[str]:
    folders = ("contracts", ".", "reference_client", "conformance", "loadtests")
    path = os.pathsep.join(str(root / folder) for folder in folders)
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(
        command,
        cwd=root,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
