"""Phone numbers, from how they are typed to how they are sent."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from momo_client import InvalidRequest
from momo_client.edge.phone import default_region, normalise

TEST_NUMBERS = [f"4673312345{last}" for last in range(10)]


@pytest.mark.parametrize("number", [*TEST_NUMBERS, "56733123453"])
def test_the_sandboxs_own_numbers_pass_as_they_are(number: str) -> None:
    assert normalise(number, None).msisdn.digits == number
    assert normalise(number, "UG").msisdn.digits == number


@pytest.mark.parametrize(
    ("region", "typed", "sent"),
    [
        ("UG", "0772123456", "256772123456"),
        ("UG", "772 123 456", "256772123456"),
        ("UG", "256772123456", "256772123456"),
        ("UG", "00256772123456", "256772123456"),
        ("UG", "+256 (0)772-123-456", "256772123456"),
        ("GH", "024 888 8736", "233248888736"),
        ("ZA", "083 123 4567", "27831234567"),
        ("CG", "06 481 80 06", "242064818006"),
        ("CI", "01 02 03 04 05", "2250102030405"),
        ("BJ", "01 97 10 85 57", "2290197108557"),
        (None, "+256772123456", "256772123456"),
        (None, " 46733123453 ", "46733123453"),
    ],
)
def test_local_and_international_forms_become_digits(
    region: str | None, typed: str, sent: str
) -> None:
    phone = normalise(typed, region)
    assert (phone.msisdn.digits, phone.warning) == (sent, "")


@pytest.mark.parametrize(
    ("region", "typed", "why"),
    [
        ("UG", "12", "too short"),
        ("UG", "07721234567890123", "too long"),
        ("BJ", "97108557", "too short"),
        (None, "0772123456", "country code"),
        (None, "+999123456789", "country code"),
        ("UG", "0800FLOWERS", "digits"),
        ("UG", "", "digits"),
        ("UG", "٠٧٧٢١٢٣٤٥٦", "digits"),
    ],
)
def test_impossible_numbers_are_refused_with_the_reason_and_a_remedy(
    region: str | None, typed: str, why: str
) -> None:
    with pytest.raises(InvalidRequest, match=why) as caught:
        normalise(typed, region)
    assert "country code" in caught.value.remedy
    assert caught.value.code == "INVALID_MSISDN"


def test_an_unusual_range_passes_with_a_warning_that_masks_the_number() -> None:
    phone = normalise("256999123456", "UG")
    assert phone.msisdn.digits == "256999123456"
    assert "256******456" in phone.warning


@pytest.mark.parametrize(
    ("country", "environment", "region"),
    [
        (None, "mtnuganda", "UG"),
        (None, "mtncongo", "CG"),
        (None, "sandbox", None),
        ("GH", "sandbox", "GH"),
        ("GH", "mtnuganda", "GH"),
    ],
)
def test_the_region_is_the_country_set_or_the_environments(
    country: str | None, environment: str, region: str | None
) -> None:
    assert default_region(country, environment) == region


@settings(deadline=None)  # the first number of a country loads its table
@example("980000", None)  # possible in its country, too short for E.164
@given(st.text("0123456789+ -()", max_size=24), st.sampled_from([None, "UG", "CI", "ZA", "SE"]))
def test_whatever_is_typed_is_sent_as_digits_or_refused(typed: str, region: str | None) -> None:
    try:
        digits = normalise(typed, region).msisdn.digits
    except InvalidRequest:
        return
    assert normalise(f"+{digits}", region).msisdn.digits == digits
