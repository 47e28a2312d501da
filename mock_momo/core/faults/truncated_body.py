"""Sending half of what was promised."""

from dataclasses import dataclass, replace
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.rendered import Handover


@dataclass(frozen=True, slots=True)
class TruncatedBody(Fault):
    """The length of the whole body is announced, half of it is sent, the connection closes."""

    name: ClassVar[str] = "truncated_body"
    summary: ClassVar[str] = "announce the whole body, send half of it, close"

    def after(self, handover: Handover, scene: Scene) -> Handover:  # noqa: ARG002  # a hook
        return replace(handover, cut_at=len(handover.rendered.body) // 2)
