"""Waiting before the reply is handed over."""

from dataclasses import dataclass, replace
from math import exp
from statistics import NormalDist
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.rendered import Handover

LONGEST_MS = 60_000


@dataclass(frozen=True, slots=True)
class Latency(Fault):
    """`ms` alone is fixed; with `to_ms` uniform between; with `sigma` lognormal around `ms`."""

    name: ClassVar[str] = "latency"
    summary: ClassVar[str] = "wait before the reply: fixed, uniform or lognormal, at most 60 s"

    ms: int
    to_ms: int | None = None
    sigma: float | None = None

    def after(self, handover: Handover, scene: Scene) -> Handover:
        share = scene.draw.fraction("latency")
        wait_ms = float(self.ms)
        if self.to_ms is not None:
            wait_ms += (self.to_ms - self.ms) * share
        if self.sigma is not None:
            wait_ms *= exp(NormalDist(0, self.sigma).inv_cdf(min(max(share, 1e-6), 1 - 1e-6)))
        return replace(handover, wait_ms=handover.wait_ms + min(LONGEST_MS, round(wait_ms)))
