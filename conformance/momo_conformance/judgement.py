"""The verdict on one example: every rule, in the order in which findings are most telling."""

from momo_conformance import book_rules, traffic_rules
from momo_conformance.evidence import Breach, Evidence, Finding, Rule

RULES: tuple[tuple[str, Rule], ...] = (
    ("replies-match", traffic_rules.replies_match),
    ("fake-keeps-plan", traffic_rules.fake_keeps_plan),
    ("one-payment-per-order", book_rules.one_payment_per_order),
    ("as-ordered", book_rules.as_ordered),
    ("orders-taken", traffic_rules.orders_taken),
    ("states-map", traffic_rules.claims_follow),
    ("states-map", book_rules.final_states),
    ("states-map", traffic_rules.answers_count),
    ("status-asks", traffic_rules.status_asks),
    ("view-kept", traffic_rules.view_kept),
    ("credited-once", book_rules.credited_once),
    ("entries-balance", book_rules.entries_balance),
    ("balance-agrees", book_rules.balance_agrees),
    ("tokens-reused", traffic_rules.tokens_reused),
    ("tokens-renewed", traffic_rules.tokens_renewed),
    ("final-is-final", traffic_rules.final_is_final),
)
"""Each rule under its name; one that is judged in several ways is there as often."""


def judge(evidence: Evidence) -> tuple[Finding, ...]:
    """One finding per rule and payment; none means that the client may go on."""
    breaches: dict[tuple[str, str], list[Breach]] = {}
    for name, rule in RULES:
        for breach in rule(evidence):
            breaches.setdefault((name, breach.about), []).append(breach)
    return tuple(
        Finding(name, first, len(further)) for (name, _), (first, *further) in breaches.items()
    )
