"""The verdict on one example: every rule, in the order in which findings are most telling."""

from momo_conformance import book_rules, traffic_rules
from momo_conformance.evidence import Evidence, Finding, Rule

RULES: tuple[Rule, ...] = (
    traffic_rules.replies_match,
    traffic_rules.fake_keeps_plan,
    book_rules.one_payment_per_order,
    book_rules.as_ordered,
    traffic_rules.orders_taken,
    traffic_rules.claims_follow,
    book_rules.final_states,
    book_rules.credited_once,
    book_rules.entries_balance,
    book_rules.balance_agrees,
    traffic_rules.tokens_reused,
    traffic_rules.final_is_final,
)


def judge(evidence: Evidence) -> tuple[Finding, ...]:
    """All findings; none means that the client may go on."""
    return tuple(finding for rule in RULES for finding in rule(evidence))
