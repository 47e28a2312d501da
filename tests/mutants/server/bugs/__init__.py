"""The bugs of a server, by name. A bug replaces decisions of the fake before it starts."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import Any

from tests.mutants.client.bugs import Bug

_bugs: dict[str, Bug] = {}
BUGS: Mapping[str, Bug] = MappingProxyType(_bugs)

Decision = Callable[..., Any]


def bug(
    requirement: str, name: str, says: str
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Registers a function that puts a bug into the fake; `says` as for the client's."""

    def register(apply: Callable[[], None]) -> Callable[[], None]:
        if name in _bugs:
            raise ValueError(f"two bugs are called {name!r}")
        _bugs[name] = Bug(requirement, name, says, apply)
        return apply

    return register


def wrap(owner: type | ModuleType, name: str, around: Callable[[Decision], Decision]) -> None:
    """Puts in the place of a function or method what `around` makes of it."""
    setattr(owner, name, around(getattr(owner, name)))


for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
