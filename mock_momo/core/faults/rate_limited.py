"""The gateway's limits."""

from dataclasses import dataclass
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, Scene, check_range
from mock_momo.core.replies import Refusal
from momo_contracts import wire_errors


@dataclass(frozen=True, slots=True)
class RateLimited(Fault):
    """429; with `retry_after_s` in the header too, null leaves the header out."""

    name: ClassVar[str] = "rate_limited"
    summary: ClassVar[str] = "answer 429, with Retry-After or, given null, without"

    retry_after_s: int | None = 26

    def __post_init__(self) -> None:
        if self.retry_after_s is not None:
            check_range("retry_after_s", self.retry_after_s, 1, 86_400)

    def before(self, scene: Scene) -> Refusal:  # noqa: ARG002  # a hook
        return Refusal(
            wire_errors.RATE_LIMITED,
            "a fault says that the rate limit is exceeded",
            retry_after_s=self.retry_after_s,
        )


@dataclass(frozen=True, slots=True)
class OutOfQuota(Fault):
    """403: the subscription's quota is used up."""

    name: ClassVar[str] = "out_of_quota"
    summary: ClassVar[str] = "answer 403: the call volume quota is used up"

    def before(self, scene: Scene) -> Refusal:  # noqa: ARG002  # a hook
        return Refusal(wire_errors.OUT_OF_QUOTA, "a fault says that the quota is used up")


@dataclass(frozen=True, slots=True)
class Forbidden(Fault):
    """403: the product is not enabled, or the address is not on the list."""

    name: ClassVar[str] = "forbidden"
    summary: ClassVar[str] = "answer 403 as the gateway does to an address that is not listed"

    def before(self, scene: Scene) -> Refusal:  # noqa: ARG002  # a hook
        return Refusal(wire_errors.FORBIDDEN, "a fault says that this is forbidden")
