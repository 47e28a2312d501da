"""Waiting before the reply is handed over."""

from dataclasses import dataclass, replace
from math import exp
from statistics import NormalDist
from typing import ClassVar

from mock_momo.core.faults.fault import LONGEST_MS, Fault, Scene, check_range
from mock_momo.core.rendered import Handover
from mock_momo.errors import InvalidSetting


@dataclass(frozen=True, slots=True)
class Latency(Fault):
    """`ms` alone is fixed; with `to_ms` uniform between; with `sigma` lognormal around `ms`."""

    name: ClassVar[str] = "latency"
    summary: ClassVar[str] = "wait before the reply: fixed, uniform or lognormal, at most 60 s"

    ms: int
    to_ms: int | None = None
    sigma: float | None = None

    def __post_init__(self) -> None:
        check_range("ms", self.ms, 0, LONGEST_MS)
        if self.to_ms is not None and self.sigma is not None:
            raise InvalidSetting("to_ms is uniform and sigma is lognormal; give one of them")
        if self.to_ms is not None:
            check_range("to_ms", self.to_ms, self.ms, LONGEST_MS)
        if self.sigma is not None:
            check_range("sigma", self.sigma, 0.001, 10)

    def after(self, handover: Handover, scene: Scene) -> Handover:
        share = scene.draw.fraction("latency")
        wait_ms = float(self.ms)
        if self.to_ms is not None:
            wait_ms += (self.to_ms - self.ms) * share
        if self.sigma is not None:
            wait_ms *= exp(NormalDist(0, self.sigma).inv_cdf(min(max(share, 1e-6), 1 - 1e-6)))
        return replace(handover, wait_ms=handover.wait_ms + min(LONGEST_MS, round(wait_ms)))
