from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momo_contracts.errors import InvalidValue
from momo_contracts.values import (
    CURRENCIES,
    TARGET_ENVIRONMENTS,
    Currency,
    Money,
    Msisdn,
    ReferenceId,
    TargetEnvironment,
    normalise_amount,
    parse_amount,
)

currencies = st.sampled_from(sorted(CURRENCIES.values(), key=lambda row: row.code))
minor_units = st.integers(-(10**15) + 1, 10**15 - 1)
amount_texts = st.from_regex(r"[0-9]{1,30}(\.[0-9]{1,18})?", fullmatch=True).filter(
    lambda text: text.strip("0.") != ""
)

NOT_AN_AMOUNT = (
    "", " ", "0", "0.00", "-1", "+1", "1e3", "1E3", "1.", ".5", "1,5", "1 000", " 1", "1 ", "1\n",
    "NaN", "Infinity", "0x10", "1_000", "\u0661\u0662", "\uff11", "1.2.3",
    "1" * 31, "1." + "1" * 19,
)  # fmt: skip
ECHOES = (
    ("6.0", "6"), ("12.50", "12.5"), ("100", "100"), ("0.10", "0.1"), ("10", "10"),
    ("007", "7"), ("1000000.000", "1000000"), ("0.000000000000000001", "0.000000000000000001"),
)  # fmt: skip


@given(minor_units, currencies)
def test_minor_units_and_money_are_one_to_one(units: int, currency: Currency) -> None:
    assert Money.of_minor(units, currency).minor_units == units


@given(st.integers(1, 10**15 - 1), currencies)
def test_money_survives_its_own_wire_text(units: int, currency: Currency) -> None:
    money = Money.of_minor(units, currency)

    assert Money.of(money.wire, currency.code) == money
    assert len(money.wire.partition(".")[2]) == currency.scale


@given(amount_texts)
def test_the_echo_of_an_amount_is_the_same_number_without_trailing_zeros(text: str) -> None:
    amount = parse_amount(text)
    echo = normalise_amount(amount)

    assert Decimal(echo) == amount == Decimal(text)
    assert not ("." in echo and echo.endswith(("0", ".")))


@pytest.mark.parametrize(("text", "echo"), ECHOES)
def test_echoes_are_as_observed(text: str, echo: str) -> None:
    assert normalise_amount(parse_amount(text)) == echo


@pytest.mark.parametrize("text", NOT_AN_AMOUNT)
def test_what_is_no_plain_positive_decimal_is_no_amount(text: str) -> None:
    with pytest.raises(InvalidValue, match="amount"):
        parse_amount(text)


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [
        (1.5, "EUR", "float"),
        (True, "EUR", "bool"),
        ("10.001", "EUR", "more decimals"),
        ("10.5", "UGX", "more decimals"),
        ("10", "BTC", "is not one of"),
        (Decimal("NaN"), "EUR", "from 0 to"),
        (Decimal(-1), "EUR", "plain decimal"),
        ("1" + "0" * 15, "EUR", "must stay below"),
        ("9" * 30, "XAF", "must stay below"),
    ],
)
def test_money_that_no_wallet_holds_is_refused(amount: str, currency: str, told: str) -> None:
    with pytest.raises(InvalidValue, match=told):
        Money.of(amount, currency)


@given(st.text(max_size=20))
def test_no_text_makes_money_fail_but_with_invalid_value(text: str) -> None:
    try:
        money = Money.of(text, "EUR")
    except InvalidValue:
        return
    assert money.amount == Decimal(text) > 0


@given(st.from_regex(r"[1-9][0-9]{6,14}", fullmatch=True))
def test_a_masked_number_shows_six_digits_at_most(digits: str) -> None:
    masked = Msisdn(digits).masked

    assert len(masked) == len(digits)
    assert sum(char.isdigit() for char in masked) == 6


@pytest.mark.parametrize(
    "digits",
    ["", "123456", "1234567890123456", "+256772123456", "0772123456", "25677212345é", "\u0661" * 9],
)
def test_a_number_that_is_not_e164_digits_is_refused(digits: str) -> None:
    with pytest.raises(InvalidValue, match="MSISDN"):
        Msisdn(digits)


@given(st.uuids(version=4))
def test_a_reference_id_is_a_uuid_4_in_any_case_and_kept_lower(uuid: object) -> None:
    assert ReferenceId(str(uuid).upper()).text == str(uuid)


@given(st.one_of(st.uuids(version=1), st.uuids(version=5)).map(str) | st.text(max_size=40))
def test_anything_but_a_uuid_4_is_no_reference_id(text: str) -> None:
    with pytest.raises(InvalidValue, match="UUID version 4"):
        ReferenceId(text)


@pytest.mark.parametrize(
    "text",
    [
        "{7a3e1c9a-3b5e-4a54-9d5a-111111111111}",
        "urn:uuid:7a3e1c9a-3b5e-4a54-9d5a-111111111111",
        "7a3e1c9a3b5e4a549d5a111111111111",
        "7a3e1c9a-3b5e-4a54-cd5a-111111111111",
        "7a3e1c9a-3b5e-4a54-9d5a-111111111111\n",
    ],
)
def test_near_uuids_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        ReferenceId(text)


def test_every_environment_has_a_known_currency_and_the_sandbox_has_euros() -> None:
    assert {row.currency.code for row in TARGET_ENVIRONMENTS.values()} <= set(CURRENCIES)
    assert TargetEnvironment.of("sandbox").currency.code == "EUR"
    with pytest.raises(InvalidValue, match="mtnzambia"):
        TargetEnvironment.of("mtnatlantis")


def test_scales_are_iso_4217s() -> None:
    assert {code for code, row in CURRENCIES.items() if row.scale == 0} == {
        "GNF", "RWF", "UGX", "XAF", "XOF",
    }  # fmt: skip
    assert {row.scale for row in CURRENCIES.values()} == {0, 2}


@pytest.mark.parametrize(
    "amount",
    [10**5000, Decimal("1e999999999"), Decimal("1e-999999999"), Decimal("NaN"), Decimal("sNaN"),
     Decimal("-Infinity")],
    ids=["long int", "huge", "tiny", "NaN", "sNaN", "infinite"],
)  # fmt: skip
def test_an_absurd_number_is_refused_and_never_written_out(amount: Decimal | int) -> None:
    with pytest.raises(InvalidValue, match=r"an amount must be a number from 0 to 10{15}"):
        Money.of(amount, "EUR")
