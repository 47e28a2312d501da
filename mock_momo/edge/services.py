"""What the parts of a running fake share."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from mock_momo.core.registry import Registry
from mock_momo.edge.bell import Bells
from mock_momo.edge.gatekeeper import Gatekeeper
from mock_momo.edge.performer import Performer


@dataclass(frozen=True, slots=True)
class Services:
    """One running fake. `fingerprint_key` is new for each run: see `momo_contracts.redaction`."""

    registry: Registry
    performer: Performer
    gatekeeper: Gatekeeper
    bells: Bells
    wall: Callable[[], int]
    fingerprint_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
