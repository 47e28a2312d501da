"""The directed scenarios: plans that exercise each requirement, one file per group."""

from momo_conformance.plans import ExamplePlan
from momo_conformance.scenarios import secrets, tokens

SCENARIOS: tuple[ExamplePlan, ...] = (*tokens.SCENARIOS, *secrets.SCENARIOS)
"""All of them. A name begins with the requirement that it is made for: 'TOK-02 …'."""
