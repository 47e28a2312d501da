"""The API answers that it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from mock_momo.core.draws import INCIDENTS
from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.replies import Refusal
from mock_momo.errors import InvalidSetting
from momo_contracts import wire_errors

_ERRORS: Mapping[int, wire_errors.WireError] = {
    500: wire_errors.INTERNAL_PROCESSING_ERROR,
    502: wire_errors.BAD_GATEWAY,
    503: wire_errors.SERVICE_UNAVAILABLE,
    504: wire_errors.GATEWAY_TIMEOUT,
}


@dataclass(frozen=True, slots=True)
class ServerError(Fault):
    """Answers 500, 502, 503 or 504 in the words of the layer that sends it; nothing happens."""

    name: ClassVar[str] = "server_error"
    summary: ClassVar[str] = "answer 500, 502, 503 or 504 instead; nothing is committed"

    status: Literal[500, 502, 503, 504] = 503

    def before(self, scene: Scene) -> Refusal:  # noqa: ARG002  # a hook
        return Refusal(_ERRORS[self.status], "a fault answers instead of the API")


@dataclass(frozen=True, slots=True)
class WalletError(Fault):
    """Answers as the wallet does to a mistake of business: 404, 500 or 503, by its code."""

    name: ClassVar[str] = "wallet_error"
    summary: ClassVar[str] = "answer an error of the wallet's by its code; nothing is committed"

    code: str = wire_errors.NOT_ALLOWED.code

    def __post_init__(self) -> None:
        if self.code not in wire_errors.SERVED:
            known = ", ".join(wire_errors.SERVED)
            raise InvalidSetting(f"code is {self.code[:60]!r}; it must be one of {known}")

    def before(self, scene: Scene) -> Refusal:  # noqa: ARG002  # a hook
        return Refusal(wire_errors.SERVED[self.code], "a fault answers instead of the API")


@dataclass(frozen=True, slots=True)
class GatewayFailure(Fault):
    """The gateway's own 500, which quotes an activity id; nothing happens."""

    name: ClassVar[str] = "gateway_failure"
    summary: ClassVar[str] = "answer the gateway's own 500, with activityId; nothing is committed"

    def before(self, scene: Scene) -> Refusal:
        return Refusal(
            wire_errors.UNEXPECTED,
            "a fault fails as the gateway does",
            incident=scene.draw.number("incident", below=INCIDENTS),
        )
