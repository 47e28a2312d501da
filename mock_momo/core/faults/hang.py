"""Keeping the client waiting."""

from dataclasses import dataclass, replace
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.rendered import Handover, Manner


@dataclass(frozen=True, slots=True)
class Hang(Fault):
    """The request is carried out, and no reply ever comes; `committed: false` does not even."""

    name: ClassVar[str] = "hang"
    summary: ClassVar[str] = "never answer; with committed: false, do nothing either"

    committed: bool = True

    def before(self, scene: Scene) -> Manner | None:  # noqa: ARG002  # a hook
        return None if self.committed else Manner.HANG

    def after(self, handover: Handover, scene: Scene) -> Handover:  # noqa: ARG002  # a hook
        return replace(handover, manner=Manner.HANG)
