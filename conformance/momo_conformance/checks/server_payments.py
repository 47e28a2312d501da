"""MOMO-SRV-04 to 07 and 12: how payments come to be, and by which ids they are found."""

import re
from collections.abc import Iterator

from momo_conformance.checks.served import (
    Course,
    courses,
    is_clean,
    is_own,
    is_shown_by_payment,
)
from momo_conformance.checks.server_echoes import difference
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.intents import Intent
from momo_conformance.verdicts import Sighting
from momo_contracts.values import UUID4_FORM

_TAKEN = "RESOURCE_ALREADY_EXIST"
_NOT_FOUND = "RESOURCE_NOT_FOUND"
_UUID4 = re.compile(UUID4_FORM)


def accepted(history: History) -> Iterator[Sighting]:
    """SRV-04: a valid create is an empty 202, and its status can be read from then on."""
    for course in courses(history):
        yield from _refused(course)
        first = course.first
        if first is None or not is_clean(first) or not course.is_clean:
            continue
        if first.reply:
            yield Sighting((first.began,), "the 202 has a body: it must be empty")
        for row in course.reads:
            is_shown = is_own(first, row) or is_shown_by_payment(history, first, row)
            if is_shown and row.began > first.ended and is_clean(row):
                yield Sighting((first.began, row.began), _read(row))
                break


def taken(history: History) -> Iterator[Sighting]:
    """SRV-05: a reference id that is used again is a 409, and changes nothing."""
    for course in courses(history):
        first = course.first
        if first is None or not course.is_clean:
            continue
        for row in course.creates:
            if row.began > first.ended and is_own(first, row) and is_clean(row):
                yield from _again(course, first, row)


def named(history: History) -> Iterator[Sighting]:
    """SRV-06: a create without a reference id that is a UUID version 4 makes nothing."""
    for row in history.creates:
        name = row.header("X-Reference-Id")
        if not is_clean(row) or (name is not None and _UUID4.fullmatch(name)):
            continue
        shown = "no reference id" if name is None else f"the reference id {name[:40]!r}"
        if row.is_accepted:
            yield Sighting((row.began,), f"a create with {shown} was accepted")
        elif row.status == 400:
            yield Sighting((row.began,))
        elif row.intent is Intent.BAD_ID:
            told = f"a create with {shown} was answered {row.status}, not 400"
            yield Sighting((row.began,), told)
        for read in history.reads(row.reference_id) if row.reference_id else ():
            if is_clean(read) and read.status == 200 and read.began > row.ended:
                told = f"a create with {shown} has made a payment"
                yield Sighting((row.began, read.began), told)


def found(history: History) -> Iterator[Sighting]:
    """SRV-07: the status of an unknown id is 404, of one that is malformed 400."""
    for row in history.exchanges:
        if not is_clean(row):
            continue
        if row.intent is Intent.MALFORMED_ID:
            told = f"the status of a malformed id was answered {row.status}, not 400"
            yield Sighting((row.began,), "" if row.status == 400 else told)
        elif row.intent is Intent.UNKNOWN_ID:
            yield Sighting((row.began,), _unknown(row))


def at_once(history: History) -> Iterator[Sighting]:
    """SRV-12: of creates with one reference id at the same moment one makes a payment."""
    for course in courses(history):
        rows = [row for row in course.creates if row.is_answered]
        together = [row for row in rows if any(_overlap(row, other) for other in rows)]
        if len(together) < 2 or not course.is_clean:
            continue
        shown = tuple(row.began for row in together[:3])
        made = sum(row.is_accepted for row in rows)
        others = {row.status for row in rows if not row.is_accepted}
        is_meant = all(row.intent is Intent.AT_ONCE and is_clean(row) for row in rows)
        if sum(row.is_accepted for row in together) > 1:
            yield Sighting(shown, f"{made} of {len(rows)} creates with one id were accepted")
        elif is_meant and (made, others) != (1, {409}):
            told = f"of {len(rows)} creates with one id {made} were accepted"
            yield Sighting(shown, f"{told}, the others were answered {sorted(map(str, others))}")
        elif made and 409 in others:
            yield Sighting(shown)


def _refused(course: Course) -> Iterator[Sighting]:
    """Valid creates that were not taken, and valid reads that were not answered."""
    for row in course.creates:
        is_wrong = row.intent is Intent.VALID and is_clean(row) and not row.is_success
        if is_wrong and not row.is_accepted:
            told = f"a valid create was answered {row.status} {row.code or ''}".rstrip()
            yield Sighting((row.began,), f"{told}, not 202")


def _read(row: Exchange) -> str:
    if row.status == 404:
        return "the status of a payment is 404 though its create was answered 202"
    if row.intent is Intent.VALID and row.status != 200:
        return f"the status of a payment that was just made was answered {row.status}, not 200"
    return ""


def _again(course: Course, first: Exchange, row: Exchange) -> Iterator[Sighting]:
    shown = (first.began, row.began)
    if row.is_accepted:
        yield Sighting(shown, "a reference id was accepted a second time")
    elif row.status != 409:
        if row.intent is Intent.DUPLICATE:
            yield Sighting(shown, f"a second create was answered {row.status}, not 409")
    elif row.code != _TAKEN:
        yield Sighting(shown, f"the 409 says {row.code or 'nothing'}, not {_TAKEN}")
    else:
        later = [read for read in course.own_reads() if _is_look(read) and read.began > row.ended]
        wrong = next((read for read in later if difference(first, read)), None)
        if wrong:
            told = f"after a second create the first payment is another: {difference(first, wrong)}"
            yield Sighting((*shown, wrong.began), told)
        elif later:
            yield Sighting((*shown, later[-1].began))


def _is_look(read: Exchange) -> bool:
    """True for a read that shows what there is, or that there is nothing."""
    return read.status in (200, 404)


def _unknown(row: Exchange) -> str:
    if row.status != 404:
        return f"the status of an unknown id was answered {row.status}, not 404"
    if row.code != _NOT_FOUND or not isinstance(row.received.get("message"), str):
        return f"the 404 has no body with the code {_NOT_FOUND} and a message"
    return ""


def _overlap(one: Exchange, other: Exchange) -> bool:
    return one is not other and one.began < other.ended and other.began < one.ended
