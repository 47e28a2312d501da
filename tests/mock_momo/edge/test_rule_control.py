"""Rules by the control API: set with the namespace, replaced while it runs, explained if wrong."""

from math import nan

import pytest

from mock_momo.core.rules import Match, Rule
from momo_contracts.operations import OPERATIONS
from tests.mock_momo.edge.wire import Fake

BROKE = {
    "name": "broke",
    "match": {
        "operation": "collection.requesttopay.create",
        "amount": "5.00",
        "headers": {"A": "b*"},
    },
    "outcome": [{"plan": "FAILED; reason=NOT_ENOUGH_FUNDS", "weight": 2}, {"plan": "SUCCESSFUL"}],
}
LOST = {"name": "lost", "fault": {"latency": {"ms": 3}}, "times": 1, "probability": 0.5}

MISTAKES = (
    ({"name": "r"}, "rule 'r': give either an outcome or a fault"),
    ({"name": "r", "fault": "hang", "outcome": "FAILED"}, "rule 'r': give either an outcome"),
    (
        {"name": "r", "fault": "hangs"},
        "rules.1.fault: fault 'hangs' is unknown; did you mean 'hang'",
    ),
    (
        {"name": "r", "fault": "stuck_pending", "match": {"operation": "*.token"}},
        "rule 'r': it shapes new payments, and operation '*.token' makes none; name one such as",
    ),
    (
        {"name": "r", "fault": "callback_lost", "match": {"operation": "collection.balance"}},
        "operation 'collection.balance' makes none",
    ),
    (
        {"name": "r", "outcome": "FAILED", "match": {"operation": "apiuser.create"}},
        "operation 'apiuser.create' makes none; name one such as collection.requesttopay.create",
    ),
    ({"name": "r", "fault": {"latency": {}}}, "latency: fault 'latency': ms: Field required"),
    ({"name": "r", "fault": {"latency": {"mss": 1}}}, "parameter 'mss' is unknown; did you mean"),
    ({"name": "r", "fault": {"latency": {"ms": -1}}}, "fault 'latency': ms is -1; it must be"),
    (
        {"name": "r", "fault": {"latency": {"ms": 60_001}}},
        "ms is 60001; it must be from 0 to 60000",
    ),
    (
        {"name": "r", "fault": {"latency": {"ms": 9, "to_ms": 8}}},
        "to_ms is 8; it must be from 9 to",
    ),
    ({"name": "r", "fault": {"latency": {"ms": 9, "sigma": 0}}}, "sigma is 0.0; it must be from 0"),
    (
        {"name": "r", "fault": {"latency": {"ms": 9, "sigma": 1e9}}},
        "sigma is 1000000000.0; it must",
    ),
    ({"name": "r", "fault": {"latency": {"ms": 9, "sigma": nan}}}, "sigma is nan; it must be from"),
    ({"name": "r", "fault": {"latency": {"ms": 9, "sigma": 1, "to_ms": 9}}}, "give one of them"),
    ({"name": "r", "fault": {"latency": {"ms": 10**400}}}, "it must be from 0 to 60000"),
    ({"name": "r", "fault": {"slow_drip": {"ms": 0}}}, "ms is 0; it must be from 1 to 60000"),
    ({"name": "r", "fault": {"rate_limited": {"retry_after_s": 0}}}, "must be from 1 to 86400"),
    ({"name": "r", "fault": {"late_success": {"after_s": -1}}}, "must be from 0 to 2592000"),
    (
        {"name": "r", "fault": {"callback_duplicated": {"copies": 1}}},
        "copies is 1; it must be from",
    ),
    ({"name": "r", "fault": {"callback_delayed": {"after_s": -1}}}, "must be from 0 to 2592000"),
    ({"name": "r", "fault": {"wrong_content_type": {"content_type": "a\nb"}}}, "printable ASCII"),
    ({"name": "r", "fault": {"hang": {}, "reset_before": {}}}, "a fault is one name with its"),
    ({"name": "r", "fault": {"server_error": {"status": 418}}}, "Input should be 500, 502, 503 or"),
    ({"name": "r", "outcome": "MAYBE"}, "rules.1.outcome: outcome 'MAYBE' is not one of"),
    (
        {"name": "r", "outcome": "FAILED", "match": {"operation": "collection.tokn"}},
        f"did you mean 'collection.token'? known: {', '.join(OPERATIONS)}",
    ),
    ({"name": "r", "fault": "hang", "times": 0}, "rules.1.times: Input should be greater than 0"),
    ({"name": "r", "fault": "hang", "probability": 2}, "rules.1.probability: Input should be less"),
    ({"name": "r", "outcome": [{"plan": "OK"}]}, "rules.1.outcome.0.plan: outcome 'OK' is not one"),
    ({"name": "r", "outcome": [{"wieght": 2}]}, "unknown key 'wieght'; did you mean 'weight'?"),
    ({"name": "r", "outcome": {"plan": "FAILED"}}, "string, or: Input should be a valid array"),
    ({"name": "r", "fault": "hang", "seed": 1}, "rules.1.seed: unknown key 'seed'; known: name"),
    ({"name": "r", "fault": "hang", "party": "1"}, "unknown key 'party'; it belongs under 'match'"),
    ({"name": "r", "fault": "hang", "skip": 1}, "rules.1.skip: unknown key 'skip'"),
)


async def test_rules_come_with_the_namespace_and_are_shown_with_their_strikes(fake: Fake) -> None:
    await fake.control("PUT", "namespaces/a", {"rules": [BROKE, LOST]})

    shown = (await fake.control("GET", "namespaces/a/rules")).json["rules"]

    assert shown == [
        {
            "name": "broke",
            "match": {
                "operation": "collection.requesttopay.create",
                "amount": "5.00",
                "headers": {"A": "b*"},
            },
            "outcome": [
                {"plan": "FAILED; reason=NOT_ENOUGH_FUNDS", "weight": 2},
                {"plan": "SUCCESSFUL", "weight": 1},
            ],
            "fault": None,
            "probability": 1.0,
            "skip_first": 0,
            "times": None,
            "scope": "reference",
            "strikes": 0,
        },
        {
            "name": "lost",
            "match": {},
            "outcome": None,
            "fault": {"latency": {"ms": 3, "to_ms": None, "sigma": None}},
            "probability": 0.5,
            "skip_first": 0,
            "times": 1,
            "scope": "reference",
            "strikes": 0,
        },
    ]


async def test_rules_can_be_replaced_and_outlive_a_reset_but_not_a_put(fake: Fake) -> None:
    await fake.control("PUT", "namespaces/a", {"rules": [BROKE]})
    await fake.control("PUT", "namespaces/a/rules", {"rules": [LOST]})
    await fake.control("POST", "namespaces/a/reset")
    kept = (await fake.control("GET", "namespaces/a/rules")).json["rules"]
    await fake.control("PUT", "namespaces/a")
    gone = (await fake.control("GET", "namespaces/a/rules")).json["rules"]

    assert isinstance(kept, list)
    assert ([row["name"] for row in kept], gone) == (["lost"], [])


@pytest.mark.parametrize(("rule", "problem"), MISTAKES)
async def test_a_wrong_rule_is_refused_whole_and_named(
    fake: Fake, rule: dict[str, object], problem: str
) -> None:
    await fake.control("PUT", "namespaces/a", {"rules": [LOST]})

    answer = await fake.control("PUT", "namespaces/a/rules", {"rules": [BROKE, rule]})

    assert answer.status == 400
    assert problem in str(answer.json["error"])
    kept = (await fake.control("GET", "namespaces/a/rules")).json["rules"]
    assert isinstance(kept, list)
    assert [row["name"] for row in kept] == ["lost"]


async def test_a_put_that_leaves_rules_out_gets_those_of_the_fake(fake: Fake) -> None:
    fake.registry.replace_defaults(fake.registry.defaults, (Rule("of the fake", Match()),), 0)

    await fake.control("PUT", "namespaces/a")
    await fake.control("PUT", "namespaces/b", {"rules": []})

    for name, names in (("a", ["of the fake"]), ("b", [])):
        shown = (await fake.control("GET", f"namespaces/{name}/rules")).json["rules"]
        assert isinstance(shown, list)
        assert [row["name"] for row in shown] == names


async def test_two_rules_of_one_name_are_refused(fake: Fake) -> None:
    answer = await fake.control("PUT", "namespaces/a", {"rules": [LOST, LOST]})

    assert answer.json == {"error": "rules.1.name: two rules are called 'lost'; names must differ"}
