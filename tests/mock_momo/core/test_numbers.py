"""The payers that choose an outcome: the sandbox's own, and a twin of each in each country."""

from dataclasses import replace

import phonenumbers
import pytest

from mock_momo.core import gateway
from mock_momo.core.namespace import Namespace
from mock_momo.core.numbers import TEST_NUMBERS, plan_by_payer
from mock_momo.core.settings import Settings
from momo_contracts.plans import Plan, parse_plan
from momo_contracts.values import TARGET_ENVIRONMENTS, TargetEnvironment
from tests.mock_momo.core.calls import NOW_MS, ORDER, PAYER, REFERENCE_ID, REQUEST_TO_PAY, call

PLANS = {
    "46733123450": "FAILED",
    "46733123451": "REJECTED",
    "46733123452": "TIMEOUT",
    "46733123453": "PENDING",
    "46733123454": "SUCCESSFUL; after=25s; pending=CREATED",
}
NATIONAL_DIGITS = {
    "mtnuganda": 9, "mtnghana": 9, "mtnivorycoast": 10, "mtnbenin": 10, "mtnzambia": 9,
    "mtncameroon": 9, "mtncongo": 9, "mtnswaziland": 8, "mtnguineaconakry": 9,
    "mtnsouthafrica": 9, "mtnliberia": 9, "mtnrwanda": 9, "mtnsouthsudan": 9, "mtnnigeria": 10,
}  # fmt: skip


def twins(environment: str) -> list[str]:
    return [number for number in TEST_NUMBERS[environment] if number not in PLANS]


def plan_of(environment: str, payer: str, outcome: str | None = None) -> Plan:
    """The plan that a payment by this payer gets."""
    chosen = TargetEnvironment.of(environment)
    namespace = Namespace("default", Settings(chosen))
    body = replace(ORDER, payer=replace(PAYER, id=payer), currency=chosen.currency.code)
    made = call(namespace, "POST", REQUEST_TO_PAY, body=body, outcome=outcome)
    gateway.answer(namespace, replace(made, target_environment=environment), NOW_MS)
    return namespace.engine.payments[REFERENCE_ID].plan


@pytest.mark.parametrize("environment", TARGET_ENVIRONMENTS)
@pytest.mark.parametrize("number", PLANS)
def test_the_sandboxs_own_numbers_plan_a_payment_everywhere(number: str, environment: str) -> None:
    assert plan_of(environment, number) == parse_plan(PLANS[number])


def test_a_header_wins_over_a_test_number() -> None:
    assert plan_of("sandbox", "46733123450", "TIMEOUT; after=1s") == parse_plan("TIMEOUT; after=1s")


def test_every_country_has_a_twin_of_each_number_and_the_sandbox_has_none() -> None:
    countries = {row.name for row in TARGET_ENVIRONMENTS.values() if row.calling_code}

    assert countries == set(NATIONAL_DIGITS)
    assert twins("sandbox") == []
    for name in countries:
        assert [number[-3:] for number in twins(name)] == [number[-3:] for number in PLANS]


@pytest.mark.parametrize("environment", NATIONAL_DIGITS)
def test_a_twin_is_a_valid_mobile_number_of_its_country(environment: str) -> None:
    calling_code = TARGET_ENVIRONMENTS[environment].calling_code
    for number in twins(environment):
        parsed = phonenumbers.parse(f"+{number}")

        assert phonenumbers.is_valid_number(parsed)
        assert phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
        assert str(parsed.country_code) == calling_code
        assert len(number) == len(calling_code) + NATIONAL_DIGITS[environment]


@pytest.mark.parametrize("environment", NATIONAL_DIGITS)
def test_a_twin_does_as_its_original_does_at_home_and_nothing_elsewhere(environment: str) -> None:
    elsewhere = "mtnghana" if environment != "mtnghana" else "mtnzambia"
    for number, plan in zip(twins(environment), PLANS.values(), strict=True):
        assert plan_of(environment, number) == parse_plan(plan)
        assert plan_of("sandbox", number) == parse_plan("SUCCESSFUL")
        assert plan_of(elsewhere, number) == parse_plan("SUCCESSFUL")


@pytest.mark.parametrize("written", ["+46733123450", " 46733123450 ", "+260963123450"])
def test_a_test_number_is_one_however_it_is_written(written: str) -> None:
    assert plan_by_payer(written, "mtnzambia") == parse_plan("FAILED")
