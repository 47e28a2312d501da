"""Cutting the connection with a TCP reset."""

from dataclasses import dataclass, replace
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.rendered import Handover, Manner


@dataclass(frozen=True, slots=True)
class ResetBefore(Fault):
    """The connection is reset and nothing has happened."""

    name: ClassVar[str] = "reset_before"
    summary: ClassVar[str] = "reset the connection before anything is committed"

    def before(self, scene: Scene) -> Manner:  # noqa: ARG002  # a hook
        return Manner.RESET


@dataclass(frozen=True, slots=True)
class LoseReply(Fault):
    """The request is carried out, and the reply is lost: the case that doubles money."""

    name: ClassVar[str] = "lose_reply"
    summary: ClassVar[str] = "carry the request out, then reset the connection"

    def after(self, handover: Handover, scene: Scene) -> Handover:  # noqa: ARG002  # a hook
        return replace(handover, manner=Manner.RESET)
