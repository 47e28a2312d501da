"""Payments that the API has accepted and does not admit to."""

from dataclasses import dataclass
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.replies import Refusal
from momo_contracts import wire_errors


@dataclass(frozen=True, slots=True)
class NotVisible(Fault):
    """404 for a reference id that was answered 202; use it with times: n on status reads."""

    name: ClassVar[str] = "not_visible"
    summary: ClassVar[str] = "answer 404 to a status read, as if the 202 had never been"

    def before(self, scene: Scene) -> Refusal:  # noqa: ARG002  # a hook
        return Refusal(wire_errors.NOT_FOUND, "a fault hides it")


@dataclass(frozen=True, slots=True)
class Conflict(Fault):
    """409 for a reference id that is fresh; nothing is created."""

    name: ClassVar[str] = "conflict"
    summary: ClassVar[str] = "answer 409 to a fresh reference id; nothing is created"

    def before(self, scene: Scene) -> Refusal:  # noqa: ARG002  # a hook
        return Refusal(wire_errors.DUPLICATE_REFERENCE, "a fault says it is in use")
