"""The directed scenarios: plans that exercise each requirement, one file per group."""

from momo_conformance.plans import ExamplePlan
from momo_conformance.scenarios import (
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
    statuses,
    tokens,
)

SCENARIOS: tuple[ExamplePlan, ...] = (
    *amounts.SCENARIOS,
    *balance.SCENARIOS,
    *callbacks.SCENARIOS,
    *headers.SCENARIOS,
    *idempotency.SCENARIOS,
    *parties.SCENARIOS,
    *rates.SCENARIOS,
    *reconciliation.SCENARIOS,
    *retries.SCENARIOS,
    *secrets.SCENARIOS,
    *statuses.SCENARIOS,
    *tokens.SCENARIOS,
)
"""All of them. A name begins with the requirement that it is made for: 'TOK-02 …'."""
