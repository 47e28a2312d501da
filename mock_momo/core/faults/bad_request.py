"""The API finds fault with a request in which nothing is wrong."""

from dataclasses import dataclass
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.replies import Refusal
from momo_contracts import wire_errors


@dataclass(frozen=True, slots=True)
class BadRequest(Fault):
    """400 with an empty body, as for one that breaks the published definition."""

    name: ClassVar[str] = "bad_request"
    summary: ClassVar[str] = "answer 400 with an empty body; nothing is committed"

    def before(self, scene: Scene) -> Refusal:  # noqa: ARG002  # a hook
        return Refusal(wire_errors.BAD_REQUEST, "a fault says that the request is a bad one")
