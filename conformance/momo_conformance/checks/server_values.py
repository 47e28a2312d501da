"""MOMO-SRV-13: test values have their published outcomes, and invalid input is refused as such."""

from collections.abc import Iterator, Mapping

from momo_conformance.checks.served import courses, is_clean, is_of_fake
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.intents import Intent
from momo_conformance.knowledge import OPEN_WORDS
from momo_conformance.server.numbers import ACTIVE, EXPECTED, Expected
from momo_conformance.verdicts import Sighting
from momo_contracts.operations import Kind
from momo_contracts.resources import PAYMENT
from momo_contracts.wire_errors import Layer

_OPEN_FOR_MS = 20_000
"""So long a payment of a number that is not final at once is open, whichever source is right."""

_FINAL_AFTER_MS = 60_000
"""By then a payment that is final at once has ended, however slow the server."""

_DOCUMENTED = ("INVALID_CURRENCY", "NOT_ALLOWED_TARGET_ENVIRONMENT", "INVALID_CALLBACK_URL_HOST")
"""Codes of wrong input that come as 500."""


def valued(history: History) -> Iterator[Sighting]:
    """SRV-13: of test values the table holds, of invalid input that it is refused."""
    yield from _payments(history)
    yield from _holders(history)
    for row in history.exchanges:
        if row.intent is Intent.INVALID and is_clean(row):
            yield Sighting((row.began,), _invalid(history, row))
        elif _is_breakdown(row) and is_of_fake(history, row):
            yield Sighting((row.began,), "the fake has answered 500 by itself")


def _payments(history: History) -> Iterator[Sighting]:
    for course in courses(history):
        first = course.first
        expected = _expected(first) if first else None
        if first is None or expected is None or first.faults:
            continue
        for read in course.own_reads():
            age_ms = read.at_ms - first.ended_at_ms
            if read.status == 200 and read.began > first.ended:
                yield from _look(first, read, expected, age_ms)


def _look(first: Exchange, read: Exchange, expected: Expected, age_ms: int) -> Iterator[Sighting]:
    shown, number = (first.began, read.began), _number_of(first)
    told = f"a payment of {number} is {read.word} {read.code or ''}".rstrip()
    breach = f"{told}, not {expected}"
    if expected.is_open:
        if age_ms <= _OPEN_FOR_MS and first.intent is not None:
            yield Sighting(shown, "" if read.word in expected.words else breach)
    elif read.word in OPEN_WORDS:
        if age_ms > _FINAL_AFTER_MS:
            yield Sighting(shown, f"{breach} after {age_ms // 1000} s")
    elif read.word not in expected.words:
        yield Sighting(shown, breach)
    else:
        is_same = not expected.reason or not read.code or read.code == expected.reason
        yield Sighting(shown, "" if is_same else breach)


def _expected(create: Exchange) -> Expected | None:
    """What a test value leads to; None for other values, or where something else decides."""
    operation = create.operation
    if operation is None or create.header("X-Mock-Outcome") is not None:
        return None
    if create.header("X-Target-Environment") != "sandbox":
        return None
    expected = EXPECTED.get(operation.resource.name, {}).get(_number_of(create))
    is_usual = expected is not None and expected.words == ("SUCCESSFUL",)
    return None if is_usual and create.intent is None else expected


def _number_of(create: Exchange) -> str:
    if create.operation is not None and create.operation.resource is PAYMENT:
        money = create.sent.get("money")
        return str(money.get("amount")) if isinstance(money, Mapping) else ""
    return create.party


def _holders(history: History) -> Iterator[Sighting]:
    for row in history.exchanges:
        if row.kind is not Kind.READ_ACTIVE or not row.is_answered or row.faults:
            continue
        holder = row.target.partition("?")[0].rstrip("/").rpartition("/")[0].rpartition("/")[2]
        if holder not in ACTIVE or row.header("X-Target-Environment") != "sandbox":
            continue
        if row.layer != Layer.WALLET or row.status == 401:
            continue
        status, word = ACTIVE[holder]
        result = str(row.received.get("result")).lower()
        given = row.status, result if row.status == 200 else row.code
        told = f"account holder {holder} is answered {given[0]} {given[1]}, not {status} {word}"
        yield Sighting((row.began,), "" if given == (status, word) else told)


def _invalid(history: History, row: Exchange) -> str:
    status = row.status or 0
    if status < 400:
        return f"invalid input was answered {status}"
    if status < 500 or not is_of_fake(history, row) or _is_documented(row):
        return ""
    return f"invalid input was answered {status} {row.code or ''}".rstrip() + ", not 4xx"


def _is_documented(row: Exchange) -> bool:
    """A code that comes as 500, or the recorded empty 500 of no body and of an empty party."""
    if row.reply:
        return row.code in _DOCUMENTED
    return row.status == 500 and (not row.body or row.sent.get("payer") == {})


def _is_breakdown(row: Exchange) -> bool:
    return row.status == 500 and row.layer == Layer.GATEWAY and not row.faults
