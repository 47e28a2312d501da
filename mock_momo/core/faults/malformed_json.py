"""A body that is not the JSON it claims to be."""

from dataclasses import dataclass, replace
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.rendered import Handover


@dataclass(frozen=True, slots=True)
class MalformedJson(Fault):
    """The body arrives whole by its length, and its last brace is missing."""

    name: ClassVar[str] = "malformed_json"
    summary: ClassVar[str] = "send a body that arrives whole and does not parse"

    def after(self, handover: Handover, scene: Scene) -> Handover:  # noqa: ARG002  # a hook
        body = handover.rendered.body[:-1] or b"{"
        return replace(handover, rendered=replace(handover.rendered, body=body))
