"""Bugs about phone numbers, parties and texts."""

import re

from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.intake import Intake, Notes, Phones


@bug("MOMO-MSI-01", "a plus before the country code", says="'+467")
def _plus() -> None:
    right = Phones.normalised
    replace(Phones, normalised=lambda self, text: "+" + right(self, text))


@bug("MOMO-MSI-02", "the MSISDN is a number", says="was sent as the number")
def _number() -> None:
    right = Intake.party

    def party(self: Intake, msisdn: str) -> dict[str, object]:
        return {**right(self, msisdn), "partyId": int(msisdn)}

    replace(Intake, party=party)


@bug("MOMO-MSI-02", "numbers go out as they were typed", says="' was sent as '")
def _raw() -> None:
    replace(Phones, normalised=lambda _self, text: text.strip())


@bug("MOMO-MSI-02", "a local number loses its zero", says="was sent as '733123499'")
def _zero_lost() -> None:
    right = Phones.without_prefix
    replace(Phones, without_prefix=lambda self, text: right(self, text).removeprefix("0"))


@bug("MOMO-MSI-03", "the party's type in small letters", says="'msisdn'")
def _small_letters() -> None:
    replace(Intake, PARTY_TYPE="msisdn")


@bug("MOMO-MSI-03", "a phone number as a party code", says="as the id of")
def _wrong_kind() -> None:
    replace(Intake, PARTY_TYPE="PARTY_CODE")


@bug("MOMO-MSI-04", "texts with any character", says="with an apostrophe")
def _any_character() -> None:
    replace(Notes, UNSAFE=re.compile(r"[^ -~]"))


@bug("MOMO-MSI-04", "texts of any length", says="characters: at most")
def _long_texts() -> None:
    replace(Notes, LIMIT=10_000)


@bug("MOMO-MSI-04", "no text is null", says="was sent as None")
def _null() -> None:
    right = Intake.note
    replace(Intake, note=lambda self, order: right(self, order) if "note" in order else None)
