"""The bugs, by name. A module of this package holds those of one group of requirements.

    @bug("MOMO-TOK-02", "no cache", says="before the last one expired")
    def _no_cache() -> None:
        replace(Tokens, is_fresh=lambda _self, _token: False)

A bug replaces decisions of the client's classes before the driver starts.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import NamedTuple


class Bug(NamedTuple):
    """A way to be wrong; `requirement` is what it breaks, `says` is a part of the right reason."""

    requirement: str
    name: str
    says: str
    apply: Callable[[], None]


_bugs: dict[str, Bug] = {}
BUGS: Mapping[str, Bug] = MappingProxyType(_bugs)


def bug(
    requirement: str, name: str, says: str = ""
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Registers a function that puts a bug into the client's classes."""

    def register(apply: Callable[[], None]) -> Callable[[], None]:
        if name in _bugs:
            raise ValueError(f"two bugs are called {name!r}")
        _bugs[name] = Bug(requirement, name, says, apply)
        return apply

    return register


def replace(owner: type, **decisions: object) -> None:
    """Puts others in the place of methods or constants that `owner` has."""
    for name, decision in decisions.items():
        if name not in vars(owner):
            raise AttributeError(f"{owner.__name__} decides nothing called {name!r}")
        setattr(owner, name, decision)


for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
