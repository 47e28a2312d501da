"""Phone numbers: from what people type to E.164 digits, before any call is made.

The default region is MTN_COUNTRY, else the target environment's country. The sandbox has none:
there a number must be international, with or without the plus sign.
"""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, ValidationResult

from momo_client.errors import InvalidRequest
from momo_contracts.errors import InvalidValue
from momo_contracts.values import Msisdn, TargetEnvironment

_TYPED = re.compile(r"\+?[0-9][0-9 ().\-/]*", re.ASCII)
_SEPARATORS = re.compile(r"[ ().\-/]")

_WHY = {
    ValidationResult.TOO_SHORT: "too short",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "too short: its area code is missing",
    ValidationResult.TOO_LONG: "too long",
    ValidationResult.INVALID_LENGTH: "of a length that its country does not use",
    ValidationResult.INVALID_COUNTRY_CODE: "without a country code that exists",
}

_UNREADABLE = {
    NumberParseException.INVALID_COUNTRY_CODE: _WHY[ValidationResult.INVALID_COUNTRY_CODE],
    NumberParseException.TOO_LONG: _WHY[ValidationResult.TOO_LONG],
}


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that can be sent. `warning` is empty unless its range is unusual."""

    msisdn: Msisdn
    warning: str = ""


def read_country(text: str) -> str:
    """The code of a country that has phone numbers. Raises ValueError."""
    country = text.strip().upper()
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"{text[:20]!r} is no known country: write two letters, such as UG")
    return country


def default_region(country: str | None, target_environment: str) -> str | None:
    """The region in which local forms are read; None in the sandbox without MTN_COUNTRY."""
    calling_code = TargetEnvironment.of(target_environment).calling_code
    if country or not calling_code:
        return country
    return phonenumbers.region_code_for_country_code(int(calling_code))


def normalise(text: str, region: str | None) -> Phone:
    """Read a number in local or international form. Raises InvalidRequest for impossible ones.

    A number that no operator is known to hand out passes with a warning: numbering plans change
    faster than their tables, and the sandbox's own test numbers are of that kind.
    """
    typed = text.strip()
    if not _TYPED.fullmatch(typed):
        raise _refusal(text, "not written in digits", region)
    digits = _SEPARATORS.sub("", typed)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    is_local = region is not None and not digits.startswith("+")
    reading = _read(digits, region if is_local else None)
    if isinstance(reading, str) and is_local:
        # Perhaps a foreign number without its plus sign; only a known range may be read so,
        # else a mistyped local number would become somebody else's.
        foreign = _read(digits, None)
        if isinstance(foreign, PhoneNumber) and phonenumbers.is_valid_number(foreign):
            reading = foreign
    if isinstance(reading, str):
        raise _refusal(text, reading, region)
    try:
        return _phone(reading)
    except InvalidValue:  # possible in its country, and shorter than any E.164 number we may send
        raise _refusal(text, _WHY[ValidationResult.TOO_SHORT], region) from None


def _read(digits: str, region: str | None) -> PhoneNumber | str:
    """A possible number, or what is wrong with it. Without a region it is international."""
    try:
        number = phonenumbers.parse(digits if region else f"+{digits.removeprefix('+')}", region)
    except NumberParseException as error:
        return _UNREADABLE.get(error.error_type, _WHY[ValidationResult.TOO_SHORT])
    return _WHY.get(phonenumbers.is_possible_number_with_reason(number)) or number


def _phone(number: PhoneNumber) -> Phone:
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    msisdn = Msisdn(e164.removeprefix("+"))
    if phonenumbers.is_valid_number(number):
        return Phone(msisdn)
    return Phone(msisdn, f"{msisdn.masked} is in a range that no operator is known to use")


def _refusal(text: str, why: str, region: str | None) -> InvalidRequest:
    here = f" (read in {region})" if region else ""
    return InvalidRequest(
        f"phone number {text[:30]!r} is {why}{here}",
        remedy="Write it with its country code, such as +46733120001"
        + ("." if region else ", or set MTN_COUNTRY for local numbers."),
        payer_message="This phone number does not look right. Please check it.",
        code="INVALID_MSISDN",
    )
