"""The wheel, in an empty environment, inside a project that owns `contracts` and `conformance`."""

import json
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = {
    "momo_contracts": ROOT / "contracts" / "momo_contracts",
    "mock_momo": ROOT / "mock_momo",
    "momo_client": ROOT / "reference_client" / "momo_client",
    "momo_conformance": ROOT / "conformance" / "momo_conformance",
    "momo_loadtests": ROOT / "loadtests" / "momo_loadtests",
}
USERS_TEST = """
import contracts, conformance

def test_mine_stay_mine_and_the_plugin_is_there(momo):
    assert (contracts.OWNER, conformance.OWNER) == ("me", "me")
    assert momo.base_url.startswith("http://127.0.0.1:")
    assert momo.books().payments == {}

def test_every_data_file_is_there():
    from importlib.resources import files
    import json
    for folder in ("schemas", "driver/v1", "openapi"):
        inside = (files("momo_contracts") / folder).iterdir()
        found = [file for file in inside if file.name.endswith(".json")]
        assert found
        assert all(json.loads(file.read_text()) for file in found)
"""

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def project(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's project with an environment of its own in `env`."""
    folder = tmp_path_factory.mktemp("project")
    venv.create(folder / "env")
    pip = (sys.executable, "-m", "pip", "--python", folder / "env" / "bin" / "python")
    only = ("-c", ROOT / "constraints.txt", "--no-compile")
    _run(*pip, "install", "-q", *only, f"{wheel}[conformance]")
    for name in ("contracts", "conformance"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text('OWNER = "me"\n')
    (folder / "test_mine.py").write_text(USERS_TEST)
    return folder


def test_the_wheel_holds_the_five_packages_and_all_their_files(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    expected = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert {name for name in names if ".dist-info/" not in name} == expected


def test_a_project_with_packages_of_the_same_names_keeps_its_own(project: Path) -> None:
    done = _run("env/bin/python", "-m", "pytest", "-q", cwd=project)

    assert "2 passed" in done.stdout


def test_the_console_script_serves(project: Path) -> None:
    command = [str(project / "env" / "bin" / "mock-momo"), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=project) as child:
        ready = next(line for line in child.stdout or () if line.startswith("READY "))
        child.terminate()

    assert ready.startswith("READY url=http://127.0.0.1:")
    assert child.returncode == 0


def test_a_room_whose_extra_is_missing_says_what_to_install(project: Path) -> None:
    done = _run("env/bin/mock-momo", "client", "doctor", cwd=project, code=2)

    assert 'pip install "mock-momo[client]"' in done.stderr


def test_the_metadata_is_what_an_index_shows(project: Path) -> None:
    script = "import json, importlib.metadata as m; print(json.dumps(m.metadata('mock-momo').json))"
    metadata = json.loads(_run("env/bin/python", "-c", script, cwd=project).stdout)

    assert metadata["license_expression"] == "Apache-2.0"
    assert metadata["description"].startswith("# ")


def _run(
    *command: object, cwd: Path | None = None, code: int = 0
) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done
