"""The directed scenarios: plans that exercise each requirement, one file per group."""

from momo_conformance.plans import ExamplePlan
from momo_conformance.scenarios import (
    balance,
    headers,
    idempotency,
    reconciliation,
    retries,
    secrets,
    statuses,
    tokens,
)

SCENARIOS: tuple[ExamplePlan, ...] = (
    *balance.SCENARIOS,
    *headers.SCENARIOS,
    *idempotency.SCENARIOS,
    *reconciliation.SCENARIOS,
    *retries.SCENARIOS,
    *secrets.SCENARIOS,
    *statuses.SCENARIOS,
    *tokens.SCENARIOS,
)
"""All of them. A name begins with the requirement that it is made for: 'TOK-02 …'."""
