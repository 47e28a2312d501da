"""The checks: for each requirement, when it is exercised and when it is broken.

One file per group of the catalogue; a check is a pure function of a history, and is told nothing
of the client but that.
"""

from collections.abc import Mapping
from types import MappingProxyType

from momo_conformance.checks import (
    amounts,
    balance,
    callbacks,
    headers,
    idempotency,
    parties,
    rates,
    reconciliation,
    retries,
    secrets,
    server,
    statuses,
    tokens,
)
from momo_conformance.verdicts import Check

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        **amounts.CHECKS,
        **balance.CHECKS,
        **callbacks.CHECKS,
        **headers.CHECKS,
        **idempotency.CHECKS,
        **parties.CHECKS,
        **rates.CHECKS,
        **reconciliation.CHECKS,
        **retries.CHECKS,
        **secrets.CHECKS,
        **server.CHECKS,
        **statuses.CHECKS,
        **tokens.CHECKS,
    }
)
"""By requirement id."""
