"""What the parts of a running fake share."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from mock_momo.core.registry import Registry
from mock_momo.edge.gatekeeper import Gatekeeper
from mock_momo.edge.log.bell import Bells
from mock_momo.edge.performer import Performer
from mock_momo.edge.tally import Tally


@dataclass(frozen=True, slots=True)
class Services:
    """One running fake; `stopping` is set when it takes no more requests.

    Who calls the control API must show the `control_token`, if there is one.

    `fingerprint_key` is new for each run: see `momo_contracts.redaction`.
    """

    registry: Registry
    performer: Performer
    gatekeeper: Gatekeeper
    bells: Bells
    tally: Tally
    wall: Callable[[], int]
    control_token: str | None = field(default=None, repr=False)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    fingerprint_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
