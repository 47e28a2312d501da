"""Whether the books add up: each payment against what is booked for it.

The rules are written apart from those in `bookings` on purpose, so that a mistake there shows here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from momo_client.core.bookings import IN_TRANSIT, PARTIES, WALLET, Posting, Step
from momo_client.core.payments import Payment, PaymentStatus, Review
from momo_contracts.values import Currency, Money

NAMED = 3
"""How many reference ids a complaint names."""

_Move = tuple[str, str]
"""From which account to which."""


class Flaw(StrEnum):
    """What can be wrong with a payment's bookings."""

    NO_PAYMENT = "no payment that can be read"
    UNBALANCED = "postings that do not sum to zero"
    NOT_OPENED = "sent without being taken from the wallet"
    NOT_CLOSED = "ended without being closed"
    UNDUE = "opened or closed though nothing is due"
    OTHERWISE = "booked with another amount, or between other accounts"


@dataclass(frozen=True, slots=True)
class Page:
    """A payment and all that is booked for it; None for one that is missing or unreadable."""

    reference_id: str
    payment: Payment | None
    postings: Sequence[Posting] = ()


def audit(pages: Iterable[Page]) -> tuple[str, ...]:
    """What is wrong with the books, a sentence for each kind of flaw; empty when they add up."""
    found: Counter[Flaw] = Counter()
    named: dict[Flaw, list[str]] = defaultdict(list)
    transit: Counter[Currency] = Counter()
    expected: Counter[Currency] = Counter()
    for page in pages:
        for flaw in _flaws(page):
            found[flaw] += 1
            if found[flaw] <= NAMED:
                named[flaw].append(page.reference_id)
        for posting in page.postings:
            if posting.account == IN_TRANSIT:
                transit[posting.money.currency] += posting.money.minor_units
        if page.payment and not page.payment.is_income and _is_under_way(page.payment):
            expected[page.payment.money.currency] += page.payment.money.minor_units
    complaints = (f"{flaw}: {_listed(named[flaw], found[flaw])}" for flaw in Flaw if flaw in found)
    return (*complaints, *_lost_in_transit(transit, expected))


def _flaws(page: Page) -> Iterator[Flaw]:
    if page.payment is None:
        yield Flaw.NO_PAYMENT
        return
    moves = _moves(page.payment)
    flaws = (
        _flaw(step, [one for one in page.postings if one.step is step], moves, page.payment.money)
        for step in Step
    )
    yield from dict.fromkeys(flaw for flaw in flaws if flaw)


def _flaw(
    step: Step, postings: Sequence[Posting], moves: Mapping[Step, _Move], money: Money
) -> Flaw | None:
    sums: Counter[Currency] = Counter()
    for posting in postings:
        sums[posting.money.currency] += posting.money.minor_units
    if any(sums.values()):
        return Flaw.UNBALANCED
    if step not in moves:
        return Flaw.UNDUE if postings else None
    if not postings:
        return Flaw.NOT_OPENED if step is Step.OPENED else Flaw.NOT_CLOSED
    source, target = moves[step]
    units = money.minor_units
    booked = {(one.account, one.money.currency, one.money.minor_units) for one in postings}
    due = {(source, money.currency, -units), (target, money.currency, units)}
    return None if booked == due else Flaw.OTHERWISE


def _moves(payment: Payment) -> Mapping[Step, _Move]:
    """What must be booked for a payment as it stands."""
    is_completed = payment.status is PaymentStatus.COMPLETED
    if payment.is_income:
        return {Step.CLOSED: (PARTIES, WALLET)} if is_completed else {}
    opening = {Step.OPENED: (WALLET, IN_TRANSIT)}
    if _is_under_way(payment):
        return opening
    return opening | {Step.CLOSED: (IN_TRANSIT, PARTIES if is_completed else WALLET)}


def _is_under_way(payment: Payment) -> bool:
    """Open, watched or under review."""
    return not payment.is_final or payment.is_watched or payment.review is Review.OPEN


def _lost_in_transit(
    transit: Mapping[Currency, int], expected: Mapping[Currency, int]
) -> Iterator[str]:
    for currency in sorted({*transit, *expected}, key=lambda currency: currency.code):
        held, due = (
            Money.of_minor(sums.get(currency, 0), currency) for sums in (transit, expected)
        )
        if held != due:
            yield f"{held} in transit, but the payments under way are {due}"


def _listed(reference_ids: Sequence[str], total: int) -> str:
    more = f" and {total - len(reference_ids)} more" if total > len(reference_ids) else ""
    return ", ".join(reference_ids) + more
