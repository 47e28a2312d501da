"""MOMO-AMT: the amounts and currencies that a client sends, and those that it does not."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from momo_conformance.calls import Call
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.payments import to_decimal
from momo_conformance.protocol import Fail, Ok, Unsupported
from momo_conformance.verdicts import Check, Sighting
from momo_contracts.operations import Kind
from momo_contracts.values import CURRENCIES, TARGET_ENVIRONMENTS

_PLAIN = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_FEW_DIGITS = 7
"""So many digits a binary float of 32 bits holds at least: 16777217 needs more."""

_ALSO_USED: Mapping[str, tuple[str, ...]] = MappingProxyType({"mtnliberia": ("USD",)})
"""Currencies that an environment may have beside its own (assumed)."""


def plain_text(history: History) -> Iterator[Sighting]:
    """AMT-01: an amount is a JSON string of plain decimals."""
    for row in history.creates:
        if "amount" in row.sent:
            amount = row.sent["amount"]
            is_plain = isinstance(amount, str) and _PLAIN.fullmatch(amount)
            told = f"the amount was sent as {amount!r}, not as a string of plain decimals"
            yield Sighting((row.began,), "" if is_plain else told)


def exact(history: History) -> Iterator[Sighting]:
    """AMT-02: amounts that a float would spoil are sent as they were asked for."""
    if history.settings and history.settings.locale:
        return
    for call, row in _ordered(history):
        asked = to_decimal(call.fields["amount"])
        if asked is None or not _is_hard(asked) or not _fits(asked, call.fields["currency"]):
            continue
        told = f"asked for {call.fields['amount']}, the client sent {row.sent['amount']!r}"
        yield Sighting((call.asked, row.began), "" if _value(row) == asked else told)


def fits_currency(history: History) -> Iterator[Sighting]:
    """AMT-03: an amount has no more decimals than its currency."""
    for row in history.creates:
        currency, amount = CURRENCIES.get(str(row.sent.get("currency"))), row.sent.get("amount")
        if currency is None or not isinstance(amount, str) or not _PLAIN.fullmatch(amount):
            continue
        decimals = len(amount.partition(".")[2])
        if currency.scale and not decimals:
            continue
        told = f"{amount} {currency.code} was sent: the currency has {currency.scale} decimals"
        yield Sighting((row.began,), told if decimals > currency.scale else "")


def same_in_every_locale(history: History) -> Iterator[Sighting]:
    """AMT-04: under another locale amounts are written and read as ever."""
    locale = history.settings.locale if history.settings else ""
    if not locale:
        return
    asked = {row.began: call for call, row in _ordered(history)}
    for row in history.creates:
        amount, call = row.sent.get("amount"), asked.get(row.began)
        is_plain = isinstance(amount, str) and _PLAIN.fullmatch(amount)
        is_same = call is None or _value(row) == to_decimal(call.fields["amount"])
        told = f"under {locale} the client sent the body {row.body[:80]}"
        yield Sighting((row.began,), "" if is_plain and is_same else told)
    yield from _balances(history, locale)


def refused_before_sending(history: History) -> Iterator[Sighting]:
    """AMT-05: an amount that cannot be is refused, and nothing is sent."""
    if not any(row.is_accepted for row in history.creates):
        return
    for call in history.calls:
        wrong = _wrong_with(call)
        if not wrong or call.answer is None or isinstance(call.answer, Unsupported):
            continue
        if call.is_killed:
            continue
        sent = next((row for row in history.creates if row.key == call.key), None)
        amount = f"the amount {call.fields['amount']!r}, which is {wrong},"
        if sent is not None:
            yield Sighting((call.asked, sent.began), f"{amount} was sent")
        elif isinstance(call.answer, Fail):
            yield Sighting((call.asked,))
        else:
            yield Sighting((call.asked,), f"{amount} was not definitely refused: {call.answer}")


def of_the_environment(history: History) -> Iterator[Sighting]:
    """AMT-06: the currency is that of X-Target-Environment."""
    asked = {row.began: call for call, row in _ordered(history)}
    for row in history.creates:
        environment = TARGET_ENVIRONMENTS.get(row.header("X-Target-Environment") or "")
        currency, call = row.sent.get("currency"), asked.get(row.began)
        if environment is None or currency is None:
            continue
        own = environment.currency.code
        if call is not None and call.fields["currency"] != own:
            continue  # somebody wanted it so
        is_own = currency in (own, *_ALSO_USED.get(environment.name, ()))
        told = f"{environment.name} was sent the currency {currency!r}, not {own}"
        yield Sighting((row.began,), "" if is_own else told)


def _ordered(history: History) -> Iterator[tuple[Call, Exchange]]:
    """The first create of each reference id, with the call that asked for it."""
    for order in history.orders:
        seen: set[str | None] = set()
        call = next(call for call in order.calls if call.creates)
        for row in order.attempts:
            if row.reference_id not in seen and "amount" in row.sent:
                seen.add(row.reference_id)
                yield call, row


def _balances(history: History, locale: str) -> Iterator[Sighting]:
    """The balances that the client read, against those that it was sent."""
    for call in history.calls:
        read = [row for row in history.during(call) if row.kind is Kind.READ_BALANCE]
        if call.op != "balance" or len(read) != 1 or not read[0].is_success or read[0].faults:
            continue
        sent = to_decimal(read[0].received.get("availableBalance"))
        match call.answer:
            case Ok({"available": str(text)}):
                is_same = to_decimal(text) == sent
            case _:
                is_same = False
        told = f"under {locale} the client made {call.answer} of a balance of {sent}"
        yield Sighting((call.asked, read[0].began), "" if is_same or sent is None else told)


def _wrong_with(call: Call) -> str:
    """What makes an amount one that must be refused, beyond doubt; empty for others."""
    if not call.creates:
        return ""
    text = str(call.fields["amount"])
    amount = to_decimal(text)
    if amount is None:
        return "" if any(letter.isdigit() for letter in text) else "no number"
    if amount <= 0:
        return "not above zero"
    return "" if _fits(amount, call.fields["currency"]) else "too fine"


def _is_hard(amount: Decimal) -> bool:
    """True for one that a binary float cannot hold, or is tempted to write with an exponent."""
    return amount != amount.to_integral_value() or len(amount.as_tuple().digits) > _FEW_DIGITS


def _fits(amount: Decimal, currency: str) -> bool:
    known = CURRENCIES.get(currency)
    decimals = f"{amount:f}".partition(".")[2].rstrip("0")
    return known is None or len(decimals) <= known.scale


def _value(row: Exchange) -> Decimal | None:
    return to_decimal(row.sent.get("amount"))


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-AMT-01": plain_text,
        "MOMO-AMT-02": exact,
        "MOMO-AMT-03": fits_currency,
        "MOMO-AMT-04": same_in_every_locale,
        "MOMO-AMT-05": refused_before_sending,
        "MOMO-AMT-06": of_the_environment,
    }
)
