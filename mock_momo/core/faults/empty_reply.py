"""Closing the connection without a byte."""

from dataclasses import dataclass, replace
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.rendered import Handover, Manner


@dataclass(frozen=True, slots=True)
class EmptyReply(Fault):
    """The request is carried out, and the connection ends in order without a reply."""

    name: ClassVar[str] = "empty_reply"
    summary: ClassVar[str] = "carry the request out, then close the connection without a byte"

    def after(self, handover: Handover, scene: Scene) -> Handover:  # noqa: ARG002  # a hook
        return replace(handover, manner=Manner.CLOSE)
