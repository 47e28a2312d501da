"""The requirement catalogue: what is asked of a client, and of a server, and how it is judged.

The data is `catalogue.toml` beside this module. A released id keeps its meaning within a major
version of the catalogue.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from momo_conformance.complaints import complaint
from momo_conformance.errors import InvalidCatalogue
from momo_conformance.plans import View

Strength = Literal["MUST", "SHOULD"]
Need = Literal[
    "clock", "ledger", "restart", "concurrency", "callbacks", "transfer", "refund", "balance"
]
Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^MOMO-[A-Z]{3}-[0-9]{2}$")]
Source = Annotated[str, Field(pattern=r"^(mission|documented|observed|assumed): .")]

_STRICT = ConfigDict(extra="forbid")


class Level(StrEnum):
    """How closely an examination looks; each level of a client includes those before it.

    L0: its traffic. L1: one command a scenario. L2: a driver. L3: a driver with clock, restart and
    ledger. SERVER stands apart: requests are sent to a server.
    """

    L0 = "L0"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    SERVER = "server"

    def is_at_least(self, least: "Level") -> bool:
        """Whether an examination at this level can exercise what needs `least`."""
        if Level.SERVER in (self, least):
            return self is least
        return self >= least  # as texts, which is their order


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement.

    `trigger` is what must be seen before it is judged, `expectation` what must then be true;
    without the one, the other says nothing. `source` begins with what it rests on, then says who
    says so. `disputed` is empty unless sources disagree: what they say, and what is accepted.
    `needs` are the client's abilities without which it cannot be exercised, `views` the status
    views that can show it. `remedy` tells the developer of a client that fails what to change.
    """

    id: Id
    level: Strength
    clause: Text
    source: Source
    trigger: Text
    expectation: Text
    least: Level
    remedy: Text
    disputed: str = ""
    needs: tuple[Need, ...] = ()
    views: tuple[View, ...] = ("payment", "request_to_pay")

    @property
    def group(self) -> str:
        """The middle of the id, such as 'TOK'."""
        return self.id.split("-")[1]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All requirements, in catalogue order and by id."""

    version: str
    requirements: tuple[Requirement, ...]
    by_id: Mapping[str, Requirement]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class _File:
    version: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+$")]
    requirement: tuple[Requirement, ...]


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """The catalogue of this release."""
    path = files("momo_conformance") / "catalogue.toml"
    return read_catalogue(path.read_text("utf-8"))


def read_catalogue(text: str) -> Catalogue:
    """Read a catalogue. Raises InvalidCatalogue naming the place and what was expected."""
    try:
        document = tomllib.loads(text)
        file = _ADAPTER.validate_python(document)
    except tomllib.TOMLDecodeError as invalid:
        raise InvalidCatalogue(f"the catalogue is no TOML: {invalid}") from None
    except ValidationError as invalid:
        raise InvalidCatalogue(complaint("the catalogue", invalid, _KEYS)) from None
    by_id = {row.id: row for row in file.requirement}
    if len(by_id) < len(file.requirement):
        twice = Counter(row.id for row in file.requirement).most_common(1)[0][0]
        raise InvalidCatalogue(f"the catalogue has {twice} twice; an id is for one requirement")
    return Catalogue(file.version, file.requirement, MappingProxyType(by_id))


_ADAPTER = TypeAdapter(_File)
_KEYS = tuple(row.name for part in (_File, Requirement) for row in fields(part))
