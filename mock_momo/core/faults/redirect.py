"""Sending the client elsewhere, where its credentials must not follow."""

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.rendered import Headers, Rendered
from mock_momo.errors import InvalidSetting
from momo_contracts.profiles import LOOPBACK_HOSTS
from momo_contracts.wire_errors import Layer

_HOSTS = "|".join(re.escape(f"[{host}]" if ":" in host else host) for host in LOOPBACK_HOSTS)
_HERE = re.compile(rf"https?://({_HOSTS})(:\d{{1,5}})?([/?][!-~]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Redirect(Fault):
    """302 or 307 to a URL of this machine, and of no other: a token may go there."""

    name: ClassVar[str] = "redirect"
    summary: ClassVar[str] = "answer 302, or 307, to a URL of this machine; nothing is committed"

    to: str
    status: Literal[302, 307] = 302

    def __post_init__(self) -> None:
        if not _HERE.fullmatch(self.to):
            raise InvalidSetting(
                f"to is {self.to[:80]!r}; it must be a URL of this machine, "
                "such as http://127.0.0.1:8047/elsewhere"
            )

    def before(self, scene: Scene) -> Rendered:  # noqa: ARG002  # a hook
        return Rendered(self.status, Headers.of({"Location": self.to}), layer=Layer.GATEWAY)
