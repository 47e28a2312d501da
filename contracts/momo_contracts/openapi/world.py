"""What a document is made for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from momo_contracts.switches import Switches
from momo_contracts.values import TargetEnvironment

Document = Mapping[str, Any]
"""A piece of JSON."""


@dataclass(frozen=True, slots=True)
class World:
    """The switches in force, and the environment with its currency."""

    switches: Switches
    environment: TargetEnvironment

    @property
    def is_strict(self) -> bool:
        return self.switches.validation == "strict"


def reference(schema: str) -> Document:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{schema}"}
