"""MOMO-SRV-09 to 11: what a server says of a payment, again and again, and by callback."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from momo_conformance.checks.served import Course, courses, is_clean
from momo_conformance.exchanges import Exchange, read_object
from momo_conformance.history import History
from momo_conformance.payments import to_decimal
from momo_conformance.verdicts import Sighting

_RANKS: Mapping[str, int] = MappingProxyType(
    {"CREATED": 0, "PENDING": 1, "SUCCESSFUL": 2, "FAILED": 2, "TIMEOUT": 2, "REJECTED": 2}
)
_FINAL = 2
_ONGOING = "453"
"""The payer of whom a callback was recorded that says more than reads do (disputed)."""

_MOST_PAIRS = 200


@dataclass(frozen=True, slots=True)
class _Word:
    """One time that a status was told, by whom: positions of its beginning and end."""

    began: int
    ended: int
    by: str
    word: str


def in_order(history: History) -> Iterator[Sighting]:
    """SRV-09: a status moves forward only, and a final one stays."""
    for course in courses(history):
        words = sorted(_words(course), key=lambda row: row.ended)[-_MOST_PAIRS:]
        if not course.is_clean or len(words) < 2:
            continue
        wrong = _wrong_pair(words)
        if wrong is None:
            yield Sighting((words[0].began, words[-1].began))
        else:
            one, other = wrong
            told = f"a payment was {one.word} ({one.by}) and then {other.word} ({other.by})"
            yield Sighting((one.began, other.began), told)


def echoed(history: History) -> Iterator[Sighting]:
    """SRV-10: a status shows the order as it was sent."""
    for course in courses(history):
        first = course.first
        if first is None or not course.is_clean:
            continue
        for row in course.own_reads():
            if row.status == 200 and "amount" in row.received:
                yield Sighting((first.began, row.began), difference(first, row))
            elif row.status == 200 and "currency" in row.received:
                yield Sighting((first.began, row.began), "the status shows no amount")


def told(history: History) -> Iterator[Sighting]:
    """SRV-11: callbacks go to the address given, and say what the status says."""
    for course in courses(history):
        first = course.first
        if first is None or not course.is_clean:
            continue
        for delivery in course.deliveries:
            asked = first.header("X-Callback-Url")
            shown = (first.began, delivery.position)
            body = read_object(delivery.body)
            if delivery.url != asked:
                yield Sighting(shown, f"a callback went to {delivery.url}, not to {asked}")
            elif body != read_object(course.deliveries[0].body):
                yield Sighting(shown, "two callbacks of a payment say different things")
            else:
                yield from _compared(course, shown, body)


def difference(create: Exchange, read: Exchange) -> str:
    """How a status shows another order than the one that was sent; empty where it does not."""
    sent, shown = create.sent, read.received
    for name in ("externalId", "currency"):
        if isinstance(sent.get(name), str) and sent[name] and shown.get(name) != sent[name]:
            return f"{name} is {shown.get(name)!r}, and {sent[name]!r} was sent"
    amount = _number(sent.get("amount"))
    if amount is not None and _number(shown.get("amount")) != amount:
        return f"the amount is {shown.get('amount')!r}, and {sent['amount']!r} was sent"
    for role in ("payer", "payee"):
        if isinstance(sent.get(role), Mapping) and shown.get(role) != _party(sent[role]):
            return f"the {role} is {shown.get(role)!r}, and {_party(sent[role])!r} was sent"
    return ""


def _words(course: Course) -> Iterator[_Word]:
    for row in course.reads:
        if is_clean(row) and row.status == 200 and _rank(row.word) is not None and row.operation:
            yield _Word(row.began, row.ended, row.operation.path, str(row.word))
    if any(row.party.endswith(_ONGOING) for row in course.creates):
        return
    for delivery in course.deliveries:
        word = read_object(delivery.body).get("status")
        if _rank(word) is not None:
            yield _Word(delivery.position, delivery.position, "callback", str(word))


def _rank(word: object) -> int | None:
    """How far a status is; None for what is none."""
    return _RANKS.get(word) if isinstance(word, str) else None


def _wrong_pair(words: list[_Word]) -> tuple[_Word, _Word] | None:
    """The first status that does not follow from one before, and the nearest of those."""
    for index, other in enumerate(words):
        for one in reversed(words[:index]):
            if one.ended < other.began and not _may_follow(one, other):
                return one, other
    return None


def _may_follow(one: _Word, other: _Word) -> bool:
    if _RANKS[one.word] < _FINAL:
        return _RANKS[other.word] >= _RANKS[one.word]
    if one.by == other.by:
        return one.word == other.word
    return _RANKS[other.word] == _FINAL and _is_good(one) == _is_good(other)


def _is_good(word: _Word) -> bool:
    """Views name bad ends by different words, the good one by the same."""
    return word.word == "SUCCESSFUL"


def _compared(
    course: Course, shown: tuple[int, ...], body: Mapping[str, object]
) -> Iterator[Sighting]:
    """A callback against the first final status that its own operation has shown."""
    final = (row for row in course.own_reads() if _rank(row.word) == _FINAL)
    read = next(final, None)
    if read is None or _rank(body.get("status")) != _FINAL:
        yield Sighting(shown)
        return
    for name in body:
        if name in read.received and _plain(body[name]) != _plain(read.received[name]):
            problem = f"the callback's {name} is {body[name]!r}"
            told = f"{problem}, the status has {read.received[name]!r}"
            yield Sighting((*shown, read.began), told)
            return
    yield Sighting((*shown, read.began))


def _plain(value: object) -> object:
    """A value to be compared: numbers by what they are worth, a reason by its code."""
    if isinstance(value, Mapping) and "code" in value:
        return value["code"]
    number = _number(value)
    return value if number is None else number


def _number(value: object) -> Decimal | None:
    """What a text, or a number, is worth; None where it is neither."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return to_decimal(str(value))


def _party(party: Mapping[str, object]) -> dict[str, object]:
    return {name: party.get(name) for name in ("partyIdType", "partyId")}
