"""The values that choose an answer: the sandbox's own, and twins of its numbers per country."""

from collections.abc import Mapping
from dataclasses import replace

import phonenumbers
import pytest

from mock_momo.core import gateway
from mock_momo.core.namespace import Namespace
from mock_momo.core.numbers import SANDBOX_PREFIX, TWIN_PREFIXES, choosing_values
from mock_momo.core.replies import ActiveFound, Refusal
from mock_momo.core.settings import Settings
from momo_contracts.operations import OPERATIONS
from momo_contracts.plans import Plan, parse_plan
from momo_contracts.profiles import PROFILES, Profile
from momo_contracts.values import TARGET_ENVIRONMENTS
from tests.mock_momo.core.calls import NOW_MS, ORDER, PAYER, REFERENCE_ID, call

RTP, WITHDRAW, DEPOSIT = (
    "collection.requesttopay.create", "collection.requesttowithdraw.create_v2",
    "disbursement.deposit.create",
)  # fmt: skip
TRANSFERS = ("disbursement.transfer.create", "remittance.transfer.create")
COMMON = {
    "450": "FAILED",
    "451": "REJECTED",
    "452": "TIMEOUT",
    "453": "PENDING",
    "469": "SUCCESSFUL",
}
PAYING = {
    **COMMON,
    "454": "SUCCESSFUL; after=25s; pending=CREATED",
    "455": "FAILED; reason=PAYER_NOT_FOUND",
    "456": "FAILED; reason=PAYEE_NOT_ALLOWED_TO_RECEIVE",
    "457": "FAILED; reason=NOT_ALLOWED",
    "458": "FAILED; reason=NOT_ALLOWED_TARGET_ENVIRONMENT",
    "459": "FAILED; reason=INVALID_CALLBACK_URL_HOST",
    "460": "FAILED; reason=INVALID_CURRENCY",
    "461": "FAILED; reason=INTERNAL_PROCESSING_ERROR",
    "462": "FAILED; reason=SERVICE_UNAVAILABLE",
    "463": "FAILED; reason=COULD_NOT_PERFORM_TRANSACTION",
    "464": "FAILED",
}
TRANSFER = {
    **COMMON,
    "454": "SUCCESSFUL; after=25s",
    "455": "FAILED; reason=NOT_ENOUGH_FUNDS",
    "456": "FAILED; reason=PAYER_LIMIT_REACHED",
    "457": "FAILED; reason=PAYEE_NOT_FOUND",
    "458": "FAILED; reason=NOT_ALLOWED",
    "459": "FAILED; reason=NOT_ALLOWED_TARGET_ENVIRONMENT",
    "460": "FAILED; reason=INVALID_CALLBACK_URL_HOST",
    "461": "FAILED; reason=INVALID_CURRENCY",
    "462": "FAILED; reason=INTERNAL_PROCESSING_ERROR",
    "463": "FAILED; reason=SERVICE_UNAVAILABLE",
    "464": "FAILED",
}
TABLES = dict.fromkeys((RTP, WITHDRAW, DEPOSIT), PAYING) | dict.fromkeys(TRANSFERS, TRANSFER)
ACTIVE: Mapping[str, bool | str] = {
    "450": "RESOURCE_NOT_FOUND", "451": False, "452": "NOT_ALLOWED",
    "453": "NOT_ALLOWED_TARGET_ENVIRONMENT", "454": "INTERNAL_PROCESSING_ERROR",
    "455": "SERVICE_UNAVAILABLE", "456": True, "469": True,
}  # fmt: skip
NATIONAL_DIGITS = {
    "mtnuganda": 9, "mtnghana": 9, "mtnivorycoast": 10, "mtnbenin": 10, "mtnzambia": 9,
    "mtncameroon": 9, "mtncongo": 9, "mtnswaziland": 8, "mtnguineaconakry": 9,
    "mtnsouthafrica": 9, "mtnliberia": 9, "mtnrwanda": 9, "mtnsouthsudan": 9, "mtnnigeria": 10,
}  # fmt: skip


def world(profile: str = "sandbox", **switches: str) -> Namespace:
    return Namespace("default", Settings(Profile.of(profile), chosen=switches))


def plan_of(namespace: Namespace, operation: str, party: str = "1", **changes: str) -> Plan:
    """The plan that a payment with this party gets."""
    row, environment = OPERATIONS[operation], namespace.settings.target_environment
    body = replace(ORDER, party=replace(PAYER, id=party), currency=environment.currency.code)
    body = replace(body, amount=changes.pop("amount", "5"))
    made = call(namespace, row.method, row.path, body=body, target_environment=environment.name)
    gateway.answer(namespace, replace(made, **changes), NOW_MS)  # type: ignore[arg-type]  # by name
    return namespace.engine.payments[REFERENCE_ID].plan


def active(namespace: Namespace, kind: str, holder: str, product: str = "collection") -> bool | str:
    path = f"/{product}/v1_0/accountholder/{kind}/{holder}/active"
    environment = namespace.settings.target_environment.name
    asked = call(namespace, "GET", path, target_environment=environment)
    reply, _ = gateway.answer(namespace, asked, NOW_MS)
    if isinstance(reply, Refusal):
        return reply.error.code
    assert isinstance(reply, ActiveFound)
    return reply.is_active


@pytest.mark.parametrize(
    ("operation", "digits", "plan"),
    [(name, *row) for name, table in TABLES.items() for row in table.items()],
)
def test_a_number_means_what_the_sandbox_means_to_this_operation(
    operation: str, digits: str, plan: str
) -> None:
    assert plan_of(world(), operation, SANDBOX_PREFIX + digits) == parse_plan(plan)
    assert plan_of(world("mtnzambia"), operation, f"260960000{digits}") == parse_plan(plan)


@pytest.mark.parametrize(
    ("amount", "plan"),
    [
        ("1000", "SUCCESSFUL"), ("2000", "FAILED"), ("2000.00", "FAILED"),
        ("3000", "SUCCESSFUL; after=25s"), ("4000", "FAILED; after=25s"), ("5000", "PENDING"),
        ("6000", "PENDING"), ("7000", "FAILED"), ("7", "SUCCESSFUL"),
    ],
)  # fmt: skip
def test_the_amount_of_a_v2_payment_chooses(amount: str, plan: str) -> None:
    made = plan_of(world(), "collection.payment.create", amount=amount)

    assert made == parse_plan(plan)
    assert plan_of(world(), RTP, amount=amount) == parse_plan("SUCCESSFUL")


@pytest.mark.parametrize("product", ["collection", "disbursement", "remittance"])
@pytest.mark.parametrize(("digits", "answer"), ACTIVE.items())
def test_a_number_chooses_whether_its_holder_is_active(
    product: str,
    digits: str,
    answer: bool | str,  # noqa: FBT001  # a row
) -> None:
    assert active(world(), "msisdn", SANDBOX_PREFIX + digits, product) == answer
    assert active(world("mtnghana"), "MSISDN", f"233243123{digits}", product) == answer


@pytest.mark.parametrize(
    ("kind", "holder", "answer"),
    [
        ("email", "notfound@email.com", "RESOURCE_NOT_FOUND"),
        ("email", "NotActive@email.com", False),
        ("email", "notallowed@email.com", "NOT_ALLOWED"),
        ("email", "notallowedtargetenvironment@email.com", "NOT_ALLOWED_TARGET_ENVIRONMENT"),
        ("email", "internalprocessingerror@email.com", "INTERNAL_PROCESSING_ERROR"),
        ("email", "serviceunavailable@email.com", "SERVICE_UNAVAILABLE"),
        ("email", "somebody@email.com", True),
        ("party_code", "5cecb5a7-8bd0-4f49-87b1-8eb9ecc7b7bc", "RESOURCE_NOT_FOUND"),
        ("party_code", "b0040b3c-b426-4a90-af6e-673e65861cd7", False),
        ("party_code", "4d5f500f-c385-4901-9be5-25b6d36ad220", "NOT_ALLOWED"),
        ("party_code", "d2265f9b-0c22-496d-908f-79a65ad66266", "NOT_ALLOWED_TARGET_ENVIRONMENT"),
        ("party_code", "8f548a78-ceb8-4d12-a243-5640b91e91a4", "INTERNAL_PROCESSING_ERROR"),
        ("party_code", "585c07a4-2c80-42f7-9e73-e586b36dee68", "SERVICE_UNAVAILABLE"),
        ("party_code", REFERENCE_ID, True),
    ],
)
def test_an_address_or_code_chooses_whether_its_holder_is_active(
    kind: str,
    holder: str,
    answer: bool | str,  # noqa: FBT001  # a row
) -> None:
    assert active(world(), kind, holder) == answer


@pytest.mark.parametrize(
    ("switch", "value", "digits", "plan"),
    [
        ("ongoing", "successful_30_s", "453", "SUCCESSFUL; after=30s"),
        ("ongoing", "expired_callback_180_s", "453", "PENDING"),
        ("delayed", "created", "454", "PENDING; pending=CREATED"),
        ("delayed", "pending_25_s", "454", "SUCCESSFUL; after=25s"),
    ],
)
def test_a_switch_chooses_what_the_disputed_numbers_do(
    switch: str, value: str, digits: str, plan: str
) -> None:
    made = plan_of(world(**{switch: value}), RTP, SANDBOX_PREFIX + digits)

    assert str(made) == str(parse_plan(plan))


def test_a_header_wins_over_a_test_number() -> None:
    made = plan_of(world(), RTP, SANDBOX_PREFIX + "450", outcome="TIMEOUT; after=1s")

    assert made == parse_plan("TIMEOUT; after=1s")


def test_every_country_has_twins_and_the_sandbox_has_none() -> None:
    countries = {row.name for row in TARGET_ENVIRONMENTS.values() if row.calling_code}

    assert countries == set(NATIONAL_DIGITS) == set(TWIN_PREFIXES) == set(PROFILES) - {
        "sandbox", "strict",
    }  # fmt: skip


@pytest.mark.parametrize("environment", NATIONAL_DIGITS)
def test_a_twin_is_a_valid_mobile_number_of_its_country(environment: str) -> None:
    calling_code = TARGET_ENVIRONMENTS[environment].calling_code
    for last in range(450, 470):
        number = f"{TWIN_PREFIXES[environment]}{last}"
        parsed = phonenumbers.parse(f"+{number}")

        assert phonenumbers.is_valid_number(parsed)
        assert phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
        assert str(parsed.country_code) == calling_code
        assert len(number) == len(calling_code) + NATIONAL_DIGITS[environment]


@pytest.mark.parametrize("environment", NATIONAL_DIGITS)
def test_a_twin_chooses_at_home_alone_and_the_sandboxs_everywhere(environment: str) -> None:
    elsewhere = "mtnghana" if environment != "mtnghana" else "mtnzambia"
    twin = TWIN_PREFIXES[environment] + "451"

    assert plan_of(world(environment), RTP, twin) == parse_plan("REJECTED")
    assert plan_of(world(environment), RTP, SANDBOX_PREFIX + "451") == parse_plan("REJECTED")
    assert plan_of(world("sandbox"), RTP, twin) == parse_plan("SUCCESSFUL")
    assert plan_of(world(elsewhere), RTP, twin) == parse_plan("SUCCESSFUL")


@pytest.mark.parametrize("written", ["+46733123450", " 46733123450 ", "+260960000450"])
def test_a_test_number_is_one_however_it_is_written(written: str) -> None:
    assert plan_of(world("mtnzambia"), RTP, written) == parse_plan("FAILED")


@pytest.mark.parametrize("other", ["56733123450", "4673312345", "467331234500", "450", ""])
def test_any_other_number_succeeds(other: str) -> None:
    assert plan_of(world(), RTP, other or "x") == parse_plan("SUCCESSFUL")


def test_the_list_for_people_has_every_value_once() -> None:
    rows = [(row.resource, row.value) for row in choosing_values("mtnzambia")]

    assert len(rows) == len(set(rows))
    assert ("requesttopay", "260960000451") in rows
    assert ("payment", "amount 1000") in rows
    assert ("active", "notfound@email.com") in rows
