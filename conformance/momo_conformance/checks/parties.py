"""MOMO-MSI: whom a client names, how it writes phone numbers, and what it tells payers."""

import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from momo_conformance.calls import Call
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.protocol import Fail
from momo_conformance.verdicts import Check, Sighting
from momo_contracts.values import MSISDN_FORM, NOTIFICATION_LENGTH, UUID_FORM

_MSISDN = re.compile(MSISDN_FORM, re.ASCII)
_FILLING = re.compile(r"[\s().\-/]")
_PHONE = re.compile(r"\+?[0-9\s().\-/]+", re.ASCII)
_IDS = {
    "MSISDN": _PHONE,
    "EMAIL": re.compile(r"[^@\s]+@[^@\s]+"),
    "PARTY_CODE": re.compile(UUID_FORM),
}
_TEXTS = ("payerMessage", "payeeNote")
_LONG = 128
_MOST_SHOWN = 60


def international(history: History) -> Iterator[Sighting]:
    """MSI-01: an MSISDN goes out as digits that begin with a country code."""
    for row in history.creates:
        party = _party(row)
        number = party.get("partyId")
        if str(party.get("partyIdType")).upper() != "MSISDN":
            continue
        told = f"the MSISDN was sent as {number!r}, not as 7 to 15 digits with a country code"
        if not isinstance(number, str):
            told = f"the MSISDN was sent as {_shown(number)}, not as digits in a JSON string"
        elif _MSISDN.fullmatch(number):
            told = ""
        yield Sighting((row.began,), told)


def as_typed(history: History) -> Iterator[Sighting]:
    """MSI-02: the digits that were typed go out, completed if need be, or nothing does."""
    for order in history.orders:
        call = next(call for call in order.calls if call.creates)
        typed = call.fields.get("payer") or call.fields.get("payee")
        digits = _digits_of(typed) if isinstance(typed, str) else ""
        if not digits or call.answer is None:
            continue
        sent = next((row for row in order.attempts if _party(row)), None)
        if sent is not None:
            told = _wrong_number(str(typed), digits, _party(sent).get("partyId"))
            yield Sighting((call.asked, sent.began), told)
        elif isinstance(call.answer, Fail) and any(row.is_accepted for row in history.creates):
            yield Sighting((call.asked,))


def typed_party(history: History) -> Iterator[Sighting]:
    """MSI-03: a party's type is one of the three, in capitals, and its id is of that kind."""
    for row in history.creates:
        party = _party(row)
        if not party:
            continue
        kind, number = party.get("partyIdType"), party.get("partyId")
        form = _IDS.get(kind) if isinstance(kind, str) else None
        if form is None:
            told = f"partyIdType was sent as {kind!r}, not as {', '.join(_IDS)}"
        elif not isinstance(number, str):
            told = f"the id of an {kind} was sent as {_shown(number)}, not as a JSON string"
        else:
            told = "" if form.fullmatch(number) else f"{number!r} was sent as the id of an {kind}"
        yield Sighting((row.began,), told)


def short_texts(history: History) -> Iterator[Sighting]:
    """MSI-04: what payers read is a short text without an apostrophe, or is refused."""
    notes = {call.key: call for call in reversed(history.calls) if _is_hard_note(call)}
    for row in history.creates:
        call = notes.get(row.key)
        wrong = next(
            (_wrong_text(name, row.sent) for name in _TEXTS if _wrong_text(name, row.sent)), ""
        )
        shown = (row.began,) if call is None else (call.asked, row.began)
        if wrong or call is not None:
            yield Sighting(shown, wrong)
    sent = {row.key for row in history.creates}
    for key, call in notes.items():
        if key not in sent and isinstance(call.answer, Fail) and history.creates:
            yield Sighting((call.asked,))


def _shown(found: object) -> str:
    """A value that is no string, as JSON has it."""
    return json.dumps(found)[:_MOST_SHOWN]


def _party(row: Exchange) -> Mapping[str, Any]:
    party = row.sent.get("payer") or row.sent.get("payee")
    return party if isinstance(party, dict) else {}


def _digits_of(typed: str) -> str:
    """The digits of a phone number, without what dials abroad; empty for what is none.

    A local number keeps its zero. One such as +46 (0)733 says two things at once: it is none.
    """
    if not _PHONE.fullmatch(typed.strip()) or "(0)" in typed:
        return ""
    return _FILLING.sub("", typed).removeprefix("+").removeprefix("00")


def _wrong_number(typed: str, digits: str, sent: object) -> str:
    """What is wrong with what was sent for a number; empty when nothing is.

    A number that does not say that it is international may have been completed.
    """
    if not isinstance(sent, str):
        return f"the MSISDN was sent as the number {sent!r}, not as a text"
    if typed.strip().startswith(("+", "00")):
        return "" if sent == digits else f"{typed!r} was sent as {sent!r}"
    national = digits.removeprefix("0")
    is_whole = sent == digits and not digits.startswith("0")
    is_completed = len(sent) > len(national) and sent.endswith(national) and _MSISDN.fullmatch(sent)
    return "" if is_whole or is_completed else f"{typed!r} was sent as {sent!r}"


def _is_hard_note(call: Call) -> bool:
    note = call.fields.get("note")
    return isinstance(note, str) and call.creates and (len(note) > _LONG or "'" in note)


def _wrong_text(name: str, sent: Mapping[str, Any]) -> str:
    """What is wrong with one of the texts; empty when nothing is, or where there is none."""
    text = sent.get(name, "")
    if not isinstance(text, str):
        return f"{name} was sent as {text!r}, not as a text"
    if len(text) > NOTIFICATION_LENGTH:
        return (
            f"{name} was sent with {len(text)} characters: at most {NOTIFICATION_LENGTH} are taken"
        )
    return f"{name} was sent with an apostrophe" if "'" in text else ""


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-MSI-01": international,
        "MOMO-MSI-02": as_typed,
        "MOMO-MSI-03": typed_party,
        "MOMO-MSI-04": short_texts,
    }
)
