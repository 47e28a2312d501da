"""The firewall in front of production."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from mock_momo.core.draws import INCIDENTS
from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.replies import Refusal
from momo_contracts import wire_errors


@dataclass(frozen=True, slots=True)
class WafPage(Fault):
    """An HTML page that says the request was rejected, with 200 or `status`; nothing happens."""

    name: ClassVar[str] = "waf_page"
    summary: ClassVar[str] = (
        "answer 200, or status, with the firewall's HTML page; nothing is committed"
    )

    status: Literal[200, 202, 403, 500] = 200

    def before(self, scene: Scene) -> Refusal:
        return Refusal(
            wire_errors.WAF_REJECTED,
            "a fault rejects it as the firewall does",
            status=self.status,
            incident=scene.draw.number("incident", below=INCIDENTS),
        )
