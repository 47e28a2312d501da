"""BAL-02: at rest the books add up to the payments that succeeded."""

from collections.abc import Iterator
from decimal import Decimal

from momo_conformance.history import History
from momo_conformance.knowledge import NEVER, Knowledge, known_payments
from momo_conformance.ledger import WALLET, Ledger
from momo_conformance.payments import COMPLETED, Look, Payment, looks_of
from momo_conformance.verdicts import Sighting


def sums_agree(history: History) -> Iterator[Sighting]:
    """BAL-02: each payment has moved what it had to, entries sum to zero, the balance is theirs."""
    look = next(reversed(looks_of(history)), None)
    if look is None or not look.ledger.is_at_rest:
        return
    rows = list(known_payments(history))
    if not any(payment.is_accepted for payment, _ in rows):
        return
    created = [payment.created.began for payment, _ in rows[:3]]
    wrong = next(_problems(rows, look), "")
    succeeded = any(known.end and known.end.state == COMPLETED for _, known in rows)
    if wrong:
        yield Sighting((*created, look.asked), wrong)
    elif succeeded:
        yield Sighting((*created, look.asked))


def _problems(rows: list[tuple[Payment, Knowledge]], look: Look) -> Iterator[str]:
    for payment, known in rows:
        moved = sum((row.amount for row in payment.moves(look)), Decimal(0))
        due = _due(payment, known, look)
        if due and moved not in due:
            wanted = " or ".join(str(amount) for amount in sorted(due))
            yield f"{payment.key} moved the wallet by {moved}; it must be {wanted}"
        yield from _other_than_ordered(payment, look)
    yield from _unbalanced(look.ledger)
    sent = {row.reference_id for payment, _ in rows[:1] for row in payment.history.creates}
    yield from _strays(sent, look.ledger)
    yield from _misstated(look.ledger)


def _due(payment: Payment, known: Knowledge, look: Look) -> frozenset[Decimal]:
    """What a payment may have moved in the end; nothing where its amount cannot be told."""
    amount, nothing, end = payment.amount, Decimal(0), known.end
    if amount is None:
        return frozenset()
    whole = amount if payment.is_incoming else -amount
    booked = payment.booked(look)
    if end and not (booked and booked.needs_review):
        has_moved = end.state == COMPLETED
        return frozenset({whole if has_moved else nothing})
    if payment.is_incoming and known.told_from(COMPLETED) == NEVER:
        return frozenset({nothing})
    return frozenset({nothing, whole})


def _unbalanced(ledger: Ledger) -> Iterator[str]:
    """Double entry: what one account gets another gives, for each payment and currency."""
    sums: dict[tuple[str, str], Decimal] = {}
    for row in ledger.entries:
        place = row.reference_id, row.currency
        sums[place] = sums.get(place, Decimal(0)) + row.amount
    for (reference_id, currency), total in sums.items():
        if total:
            yield f"the entries of {reference_id} sum to {total} {currency}, not to zero"


def _other_than_ordered(payment: Payment, look: Look) -> Iterator[str]:
    """The books tell of a payment what was ordered, in its currency."""
    for row in payment.moves(look):
        if row.currency != payment.currency:
            yield f"{payment.key} is booked in {row.currency}, and was sent in {payment.currency}"
    booked = payment.booked(look)
    if booked is None or payment.amount is None:
        return
    ordered = payment.key, payment.amount, payment.currency
    if (booked.key, booked.amount, booked.currency) != ordered:
        told = f"{booked.amount} {booked.currency} for {booked.key!r}"
        yield f"the books have {told} where {payment.key} was {payment.amount} {payment.currency}"


def _strays(sent: set[str | None], ledger: Ledger) -> Iterator[str]:
    """No money moves for what was never sent; what is to be sent may be held already."""
    held = {row.reference_id for row in ledger.payments}
    moved: dict[str, Decimal] = {}
    for row in ledger.entries:
        if row.account == WALLET and row.reference_id not in sent:
            moved[row.reference_id] = moved.get(row.reference_id, Decimal(0)) + row.amount
    for reference_id, amount in moved.items():
        if amount > 0 or (amount and reference_id not in held):
            yield f"{amount} is booked for {reference_id}, which was never sent"


def _misstated(ledger: Ledger) -> Iterator[str]:
    """The balance is what the entries say."""
    held: dict[str, Decimal] = {}
    for row in ledger.entries:
        if row.account == WALLET:
            held[row.currency] = held.get(row.currency, Decimal(0)) + row.amount
    for currency in sorted({*held, *ledger.balance}):
        shown, booked = ledger.balance.get(currency, Decimal(0)), held.get(currency, Decimal(0))
        if shown != booked:
            yield f"the balance is {shown} {currency}; its entries sum to {booked}"
