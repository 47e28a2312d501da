"""The rules that import-linter cannot see, as functions over source text."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PURE = {
    "contracts/momo_contracts": {"pydantic", "momo_contracts"},
    "mock_momo/core": {"momo_contracts", "mock_momo.core", "mock_momo.errors"},
    "reference_client/momo_client/core": {
        "momo_contracts",
        "momo_client.core",
        "momo_client.errors",
    },
}
"""Each pure folder and what it may import beside the allowed part of the standard library."""

STDLIB_FORBIDDEN = {
    "asyncio",
    "ctypes",
    "http",
    "importlib",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "select",
    "selectors",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
    "uuid",
}
"""I/O, clock, randomness, identity: they come in as arguments, or do not belong."""

CALLS_FORBIDDEN = {
    "now",
    "utcnow",
    "today",
    "open",
    "import_module",
    "__import__",
    "print",
    "input",
}
FUNCTION_LINES = 40
FILE_LINES = 300


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken rule and where."""

    place: str
    rule: str


def sources(root: Path, *folders: str) -> Iterator[Path]:
    """The Python files below these folders."""
    for folder in folders:
        yield from sorted((root / folder).rglob("*.py"))


def impurities(root: Path) -> list[Breach]:
    """Whatever makes a pure folder impure."""
    return [
        Breach(f"{path.relative_to(root)}:{line}", rule)
        for folder, allowed in PURE.items()
        for path in sources(root, folder)
        for line, rule in _impurities_of(ast.parse(path.read_text("utf-8")), allowed)
    ]


def oversizes(root: Path, *folders: str) -> list[Breach]:
    """Functions and files that have grown too long."""
    breaches = []
    for path in sources(root, *folders):
        text = path.read_text("utf-8")
        if text.count("\n") > FILE_LINES:
            breaches.append(Breach(str(path.relative_to(root)), f"longer than {FILE_LINES} lines"))
        breaches += [
            Breach(f"{path.relative_to(root)}:{node.lineno}", f"{node.name} is too long")
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
        ]
    return breaches


def _impurities_of(tree: ast.Module, allowed: set[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if not _is_allowed(alias.name, allowed):
                        yield node.lineno, f"imports {alias.name}"
            case ast.ImportFrom(module=module) if not _is_allowed(module or ".", allowed):
                yield node.lineno, f"imports {module}"
            case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                yield node.lineno, "is asynchronous"
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                if name in CALLS_FORBIDDEN:
                    yield node.lineno, f"calls {name}()"


def _is_allowed(module: str, allowed: set[str]) -> bool:
    if any(module == name or module.startswith(f"{name}.") for name in allowed):
        return True
    top = module.partition(".")[0]
    return (
        top in sys.stdlib_module_names
        and top not in STDLIB_FORBIDDEN
        and module not in STDLIB_FORBIDDEN
    )
