"""More than a client should read."""

from dataclasses import dataclass, replace
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, Scene, check_range
from mock_momo.core.rendered import Handover, Headers

_BEGIN, _END = b'{"padding":"', b'"}'
_MOST_KIB = 64 * 1024


@dataclass(frozen=True, slots=True)
class HugeBody(Fault):
    """The request is carried out, and its reply has a body of `kib` KiB that is not the API's."""

    name: ClassVar[str] = "huge_body"
    summary: ClassVar[str] = "carry the request out, then send kib KiB (1024) instead of the body"

    kib: int = 1024

    def __post_init__(self) -> None:
        check_range("kib", self.kib, 1, _MOST_KIB)

    def after(self, handover: Handover, scene: Scene) -> Handover:  # noqa: ARG002  # a hook
        rendered = handover.rendered
        padding = b"x" * (self.kib * 1024 - len(_BEGIN) - len(_END))
        headers = Headers.of(
            {**rendered.headers.fields, "Content-Type": "application/json;charset=utf-8"}
        )
        huge = replace(rendered, headers=headers, body=_BEGIN + padding + _END)
        return replace(handover, rendered=huge)
