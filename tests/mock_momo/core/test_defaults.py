"""What a fake was started with: who has it, and what a change of it reaches while it runs."""

from dataclasses import replace

import pytest

from mock_momo.core import gateway
from mock_momo.core.faults.hang import Hang
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.core.rules import Match, Rule
from mock_momo.core.settings import Settings
from momo_contracts.plans import parse_plan
from tests.mock_momo.core.calls import NOW_MS, REFERENCE_ID, REQUEST_TO_PAY, call

BEFORE = Settings(expires_in_s=90, seed=7)
AFTER = replace(BEFORE, plan=parse_plan("FAILED"), expires_in_s=60)
OLD = (Rule("old", Match(), fault=Hang()),)
NEW = (Rule("new", Match(), fault=Hang()), *OLD)
OWN_RULES = (Rule("own", Match(), fault=Hang()),)
OWN_SETTINGS = replace(BEFORE, expires_in_s=5)

NAMESPACES = (
    # its settings and rules -> those after the defaults have changed
    (BEFORE, OLD, AFTER, NEW),
    (OWN_SETTINGS, OLD, OWN_SETTINGS, NEW),
    (BEFORE, OWN_RULES, AFTER, OWN_RULES),
    (OWN_SETTINGS, (), OWN_SETTINGS, ()),
)


def test_the_default_namespace_and_one_opened_by_a_key_have_the_defaults() -> None:
    registry = Registry(BEFORE, OLD, opens_by_key=True)
    opened, _ = registry.attribute(call(registry.default, "GET", "/", subscription_key="test-1"))

    for namespace in (registry.default, opened):
        assert (namespace.settings, namespace.rulebook.rules) == (BEFORE, OLD)


@pytest.mark.parametrize(("settings", "rules", "new_settings", "new_rules"), NAMESPACES)
def test_other_defaults_reach_the_namespaces_that_still_have_those_of_before(
    settings: Settings,
    rules: tuple[Rule, ...],
    new_settings: Settings,
    new_rules: tuple[Rule, ...],
) -> None:
    registry = Registry(BEFORE, OLD)
    namespace = registry.create("a", settings, rules)

    registry.replace_defaults(AFTER, NEW, NOW_MS)

    assert (namespace.settings, namespace.rulebook.rules) == (new_settings, new_rules)
    assert (registry.default.settings, registry.default.rulebook.rules) == (AFTER, NEW)
    assert (registry.defaults, registry.default_rules) == (AFTER, NEW)


def test_payments_stay_and_new_ones_have_the_new_plan() -> None:
    registry = Registry(BEFORE)
    namespace = registry.default
    another = REFERENCE_ID.replace("1", "2")
    gateway.answer(namespace, call(namespace, "POST", REQUEST_TO_PAY), NOW_MS)

    registry.replace_defaults(AFTER, (), NOW_MS)
    gateway.answer(namespace, call(namespace, "POST", REQUEST_TO_PAY, reference_id=another), NOW_MS)

    states = {name: payment.state for name, payment in namespace.engine.payments.items()}
    assert namespace.engine.settings == AFTER, "tokens issued from now on live so long"
    assert states == {REFERENCE_ID: "SUCCESSFUL", another: "FAILED"}


def test_what_has_arrived_is_forgotten_only_with_other_rules_or_another_seed() -> None:
    for settings, rules, is_kept in (
        (AFTER, OLD, True),
        (AFTER, NEW, False),
        (replace(BEFORE, seed=8), OLD, False),
    ):
        registry = Registry(BEFORE, OLD)
        shape(registry.default)

        registry.replace_defaults(settings, rules, NOW_MS)

        assert bool(registry.default.rulebook.strikes["old"]) is is_kept


def shape(namespace: Namespace) -> None:
    namespace.rulebook.shape(call(namespace, "POST", REQUEST_TO_PAY), namespace.engine)
