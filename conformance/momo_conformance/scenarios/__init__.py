"""The directed scenarios: plans that exercise each requirement, one file per group."""

from momo_conformance.plans import ExamplePlan
from momo_conformance.scenarios import (
    headers,
    idempotency,
    retries,
    secrets,
    tokens,
)

SCENARIOS: tuple[ExamplePlan, ...] = (
    *headers.SCENARIOS,
    *idempotency.SCENARIOS,
    *retries.SCENARIOS,
    *secrets.SCENARIOS,
    *tokens.SCENARIOS,
)
"""All of them. A name begins with the requirement that it is made for: 'TOK-02 …'."""
