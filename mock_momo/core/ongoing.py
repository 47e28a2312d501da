"""The payer whose payments never end, and what their callbacks claim by switch (observed once)."""

from dataclasses import replace

from mock_momo.core.callback_terms import CallbackTerms
from mock_momo.core.numbers import is_ongoing
from mock_momo.core.payments import Order
from mock_momo.core.settings import Settings
from momo_contracts.outcomes import Outcome
from momo_contracts.plans import Plan

EXPIRY_MS = 180_000
"""From the create to a callback that says EXPIRED, while every status read says PENDING."""


def with_expiry(
    terms: CallbackTerms, order: Order, plan: Plan, settings: Settings
) -> CallbackTerms:
    """The terms of a new payment's callback, once it is known whether the payment ever ends."""
    is_expiring = (
        settings.switches.ongoing == "expired_callback_180_s"
        and plan.outcome is Outcome.PENDING
        and not terms.is_dropped
        and order.party is not None
        and is_ongoing(order.party.id, settings.target_environment.name)
    )
    if not is_expiring:
        return terms
    delay_ms = terms.delay_ms + EXPIRY_MS
    return replace(terms, delay_ms=delay_ms, says=terms.says or Outcome.TIMEOUT)
