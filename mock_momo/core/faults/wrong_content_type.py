"""A body under a false name."""

from dataclasses import dataclass, replace
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.rendered import Handover, Headers
from mock_momo.errors import InvalidSetting


@dataclass(frozen=True, slots=True)
class WrongContentType(Fault):
    """The right body, announced as `content_type`."""

    name: ClassVar[str] = "wrong_content_type"
    summary: ClassVar[str] = "send the right body as text/html, or as content_type says"

    content_type: str = "text/html"

    def __post_init__(self) -> None:
        if not (self.content_type.isascii() and self.content_type.isprintable()):
            raise InvalidSetting(
                f"content_type {self.content_type[:40]!r} must be printable ASCII, as a header is"
            )

    def after(self, handover: Handover, scene: Scene) -> Handover:  # noqa: ARG002  # a hook
        rendered = handover.rendered
        headers = Headers.of({**rendered.headers.fields, "Content-Type": self.content_type})
        return replace(handover, rendered=replace(rendered, headers=headers))
