"""Rules: what matches gets a plan or a fault, by hash and never by order of arrival."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_momo.core import gateway
from mock_momo.core.calls import Call, OrderFacts
from mock_momo.core.faults.server_error import ServerError
from mock_momo.core.namespace import Namespace
from mock_momo.core.payments import Payment
from mock_momo.core.rules import NOTHING, Match, Rule, RuleBook, Share
from mock_momo.core.settings import Settings
from momo_contracts.operations import READ_PAYMENT, REQUEST_TO_PAY
from momo_contracts.plans import Plan, parse_plan
from momo_contracts.values import Party
from tests.mock_momo.core.calls import BALANCE, TOKEN, basic, bearer, call
from tests.mock_momo.core.calls import REQUEST_TO_PAY as PATH

IDS = [f"00000000-0000-4000-8000-{number:012x}" for number in range(200)]
DEFAULT = parse_plan("SUCCESSFUL")
FAULT = ServerError(503)

MATCHES = {
    "nothing said": (Match(), True),
    "the operation": (Match(operation="collection.requesttopay.create"), True),
    "an operation by wildcard": (Match(operation="collection.*"), True),
    "another operation": (Match(operation="collection.token"), False),
    "the party": (Match(party="46733123499"), True),
    "a party by wildcard": (Match(party="46733*"), True),
    "another party": (Match(party="4673312"), False),
    "the amount, written otherwise": (Match(amount=Decimal(5)), True),
    "another amount": (Match(amount=Decimal("5.01")), False),
    "the currency": (Match(currency="EUR"), True),
    "another currency": (Match(currency="UGX"), False),
    "the external id": (Match(external_id="order-?"), True),
    "another external id": (Match(external_id="order-"), False),
    "a header": (Match(headers=(("X-Test", "a*"),)), True),
    "another value of a header": (Match(headers=(("X-Test", "b"),)), False),
    "an absent header": (Match(headers=(("X-Other", "*"),)), False),
    "one thing right, one wrong": (Match(party="46733*", currency="UGX"), False),
}


def world(*rules: Rule, seed: int = 0) -> Namespace:
    return Namespace("default", Settings(seed=seed), rules)


def create(namespace: Namespace, reference_id: str = IDS[0]) -> Call:
    made = call(namespace, "POST", PATH, reference_id=reference_id, headers={"X-Test": "abc"})
    assert isinstance(made.body, OrderFacts)
    assert made.body.party is not None
    payer = replace(made.body.party, id="46733123499")
    body = replace(made.body, party=payer, amount="5.00", external_id="order-7")
    return replace(made, body=body)


def struck(namespace: Namespace, made: Call) -> list[str]:
    shaping = namespace.rulebook.shape(made, namespace.engine)
    return [strike.rule.name for strike in shaping.strikes]


@pytest.mark.parametrize("about", MATCHES)
def test_a_rule_matches_only_what_it_describes(about: str) -> None:
    match, is_match = MATCHES[about]
    namespace = world(Rule("r", match, fault=FAULT))

    assert struck(namespace, create(namespace)) == (["r"] if is_match else [])


def test_a_status_read_is_matched_by_the_payment_that_it_asks_for() -> None:
    namespace = world(Rule("r", Match(operation=READ_PAYMENT.name, party="4673*"), fault=FAULT))
    order = call(namespace, "POST", PATH).body
    assert isinstance(order, OrderFacts)
    path = f"/collection/v2_0/payment/{IDS[0]}"
    read = call(namespace, "GET", path)
    assert struck(namespace, read) == []

    namespace.engine.payments[IDS[0]] = _paid("46733123450")

    assert struck(namespace, read) == ["r"]


def test_a_namespace_without_rules_counts_nothing() -> None:
    namespace = world()
    assert namespace.rulebook.shape(create(namespace), namespace.engine) is NOTHING


@pytest.mark.parametrize(
    ("skip_first", "times", "ordinals"),
    [(0, None, [1, 2, 3, 4]), (0, 1, [1]), (1, 2, [2, 3]), (3, None, [4]), (0, 0, [])],
)
def test_a_rule_strikes_on_the_arrivals_it_names_for_each_reference_id(
    skip_first: int, times: int | None, ordinals: list[int]
) -> None:
    namespace = world(Rule("r", Match(), fault=FAULT, skip_first=skip_first, times=times))

    for reference_id in IDS[:3]:
        hits = [struck(namespace, create(namespace, reference_id)) for _ in range(4)]
        assert [place + 1 for place, names in enumerate(hits) if names] == ordinals
    assert namespace.rulebook.strikes["r"] == 3 * len(ordinals)


def test_what_is_about_no_reference_id_is_counted_by_its_api_user_not_by_its_token() -> None:
    namespace = world(Rule("r", Match(), fault=FAULT, times=1))
    tokens = [bearer(namespace) for _ in range(3)]

    hits = [
        struck(namespace, call(namespace, "GET", BALANCE, authorization=token, reference_id=None))
        for token in tokens
    ]

    assert len(set(tokens)) == 3
    assert hits == [["r"], [], []]


@pytest.mark.parametrize("changed", ["authorization", "reference_id"])
def test_what_strangers_make_up_is_one_count(changed: str) -> None:
    namespace = world(Rule("r", Match(), fault=FAULT, times=1))
    strange = [{"authorization": basic(name, "x"), "reference_id": None} for name in IDS[:3]]
    if changed == "reference_id":
        strange = [{"authorization": None, "reference_id": name} for name in IDS[:3]]

    hits = [struck(namespace, call(namespace, "POST", TOKEN, **row)) for row in strange]

    assert hits == [["r"], [], []]


def test_a_reference_id_in_capitals_is_no_other_one() -> None:
    namespace = world(Rule("r", Match(), fault=FAULT, times=1))
    written = ["abcdef00-0000-4000-8000-000000000001", "ABCDEF00-0000-4000-8000-000000000001"]

    assert [struck(namespace, create(namespace, name)) for name in written] == [["r"], []]


def test_with_scope_rule_the_rules_own_matches_are_counted() -> None:
    namespace = world(Rule("r", Match(), fault=FAULT, times=2, scope="rule"))

    assert sum(bool(struck(namespace, create(namespace, name))) for name in IDS[:5]) == 2


@settings(deadline=None)
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(seed: int, random: Random) -> None:
    rules = (
        Rule("rare", Match(), fault=FAULT, probability=0.3),
        Rule("mix", Match(), mix=(Share(parse_plan("FAILED"), 1), Share(DEFAULT, 2))),
    )
    shuffled = random.sample(IDS[:20], 20)

    assert _all(world(*rules, seed=seed), IDS[:20]) == _all(world(*rules, seed=seed), shuffled)


def test_a_probability_is_met_over_many_reference_ids() -> None:
    namespace = world(Rule("r", Match(), fault=FAULT, probability=0.25))

    hits = sum(bool(struck(namespace, create(namespace, name))) for name in IDS)

    assert 30 <= hits <= 70, "200 draws at one in four; fixed by the seed"


def test_a_mix_is_met_by_its_weights_and_another_seed_mixes_otherwise() -> None:
    rule = Rule("mix", Match(), mix=(Share(parse_plan("FAILED"), 1), Share(DEFAULT, 3)))
    plans = [_plans(world(rule, seed=seed)) for seed in (1, 2)]

    assert plans[0] != plans[1]
    assert all(30 <= Counter(row)["FAILED"] <= 70 for row in plans)


def test_the_first_mix_wins_and_a_header_wins_over_all() -> None:
    namespace = world(
        Rule("other", Match(party="0"), mix=(Share(parse_plan("PENDING")),)),
        Rule("first", Match(), mix=(Share(parse_plan("FAILED")),)),
        Rule("second", Match(), mix=(Share(parse_plan("REJECTED")),)),
    )
    shaping = namespace.rulebook.shape(create(namespace), namespace.engine)

    assert shaping.plan(DEFAULT, is_explicit=False).outcome == "FAILED"
    assert shaping.plan(DEFAULT, is_explicit=True) == DEFAULT


def test_a_replaced_book_forgets_what_has_arrived() -> None:
    rule = Rule("r", Match(), fault=FAULT, times=1)
    namespace = world(rule)
    assert [struck(namespace, create(namespace)) for _ in range(2)] == [["r"], []]

    namespace.rule((rule,))

    assert isinstance(namespace.rulebook, RuleBook)
    assert struck(namespace, create(namespace)) == ["r"]


def _all(namespace: Namespace, order: list[str]) -> dict[str, tuple[list[str], Plan]]:
    found = {}
    for name in order:
        shaping = namespace.rulebook.shape(create(namespace, name), namespace.engine)
        names = [strike.rule.name for strike in shaping.strikes]
        found[name] = (names, shaping.plan(DEFAULT, is_explicit=False))
    return found


def _plans(namespace: Namespace) -> list[str]:
    return [plan.outcome.value for _, plan in _all(namespace, IDS).values()]


def _paid(party: str) -> Payment:
    namespace = world()
    made = call(namespace, "POST", PATH, reference_id=IDS[0])

    gateway.answer(namespace, made, 0)
    payment = namespace.engine.payments[IDS[0]]
    return replace(payment, order=replace(payment.order, party=Party("MSISDN", party)))


def test_the_operation_names_of_the_table_are_those_of_the_law() -> None:
    assert REQUEST_TO_PAY.name == "collection.requesttopay.create"
