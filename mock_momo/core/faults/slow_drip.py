"""Sending the body byte by byte."""

from dataclasses import dataclass, replace
from typing import ClassVar

from mock_momo.core.faults.fault import LONGEST_MS, Fault, Scene, check_range
from mock_momo.core.rendered import Handover


@dataclass(frozen=True, slots=True)
class SlowDrip(Fault):
    """The body comes one byte every `ms` milliseconds."""

    name: ClassVar[str] = "slow_drip"
    summary: ClassVar[str] = "send the body one byte at a time, ms apart"

    ms: int = 100

    def __post_init__(self) -> None:
        check_range("ms", self.ms, 1, LONGEST_MS)

    def after(self, handover: Handover, scene: Scene) -> Handover:  # noqa: ARG002  # a hook
        return replace(handover, drip_ms=self.ms)
