"""The rules about money: what the client's ledger must hold once all has come to rest."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from momo_conformance.evidence import Breach, Evidence, order_key
from momo_conformance.ledger import WALLET, Entry


def one_payment_per_order(evidence: Evidence) -> Iterator[Breach]:
    """Every order is one payment, under one reference id, in both books; nothing else is."""
    sent = Counter(evidence.numbers.get(row.reference_id, 0) for row in evidence.rows)
    booked = Counter(row.key for row in evidence.ledger.payments)
    for number in range(1, len(evidence.plan.payments) + 1):
        key = order_key(number)
        if (sent[number], booked[key]) != (1, 1):
            yield Breach(
                key,
                f"{key} is {sent[number]} payments at the provider and {booked[key]} in the "
                "ledger; it must be one in each",
            )
    at_provider = {row.reference_id for row in evidence.rows}
    for where, extra in (
        ("only the ledger has", set(evidence.booked) - at_provider),
        ("nobody asked for", at_provider - set(evidence.numbers)),
    ):
        if extra:
            title = f"{where} {len(extra)} of the payments"
            yield Breach(where, title, tuple(sorted(extra)))


def as_ordered(evidence: Evidence) -> Iterator[Breach]:
    """Amount, currency, payer and key are those of the order, on the wire and in the ledger."""
    for row in evidence.rows:
        if row.reference_id not in evidence.numbers:
            continue
        pay, booked = evidence.pay(row.reference_id), evidence.booked.get(row.reference_id)
        key = order_key(evidence.numbers[row.reference_id])
        ordered = Decimal(pay.amount), evidence.currency
        order = f"ordered: {pay.amount} {evidence.currency} from {pay.payer} as {key}"
        if (row.amount, row.currency, row.party) != (*ordered, pay.payer):
            sent = f"{row.amount} {row.currency} from {row.party}"
            yield Breach(row.reference_id, f"sent {sent}", (order,))
        if booked and (booked.amount, booked.currency, booked.key) != (*ordered, key):
            title = f"booked {booked.amount} {booked.currency} as {booked.key}"
            yield Breach(row.reference_id, title, (order,))


def final_states(evidence: Evidence) -> Iterator[Breach]:
    """At rest every payment is completed or failed, as its status or the 24 h deadline says."""
    for reference_id, course in evidence.courses.items():
        booked, wanted = evidence.booked.get(reference_id), course.final_states()
        if booked and booked.state not in wanted:
            yield Breach(
                reference_id,
                f"{booked.key} ends {booked.state}; it must be {' or '.join(sorted(wanted))}",
                (f"{reference_id}: {course}", *map(str, course.looks)),
            )


def credited_once(evidence: Evidence) -> Iterator[Breach]:
    """A completed payment is credited to `wallet` once, in full; nothing else is ever booked."""
    references = {entry.reference_id for entry in evidence.ledger.entries}
    for reference_id in sorted(references | set(evidence.courses)):
        entries = [row for row in evidence.ledger.entries if row.reference_id == reference_id]
        credits_ = [row for row in entries if row.amount > 0 or row.account == WALLET]
        due = _credits_due(evidence, reference_id)
        if credits_ != due or (entries and not due):
            yield Breach(
                reference_id,
                f"{reference_id} is credited {_listed(credits_)}; due is {_listed(due)}",
                tuple(map(str, entries)),
            )


def entries_balance(evidence: Evidence) -> Iterator[Breach]:
    """The entries of every payment sum to zero in each currency, exactly."""
    sums: dict[tuple[str, str], Decimal] = {}
    for entry in evidence.ledger.entries:
        place = entry.reference_id, entry.currency
        sums[place] = sums.get(place, Decimal(0)) + entry.amount
    for (reference_id, currency), total in sums.items():
        if total:
            title = f"the entries of {reference_id} sum to {total} {currency}, not to zero"
            yield Breach(reference_id, title)


def balance_agrees(evidence: Evidence) -> Iterator[Breach]:
    """The balance is what the provider has credited, less successes that came too late."""
    late = sum(
        (
            evidence.pay_amount(reference_id)
            for reference_id, course in evidence.courses.items()
            if course.outlook.outcome == "SUCCESSFUL"
            and course.is_settled(evidence.end_ms)
            and not _credits_due(evidence, reference_id)
        ),
        Decimal(0),
    )
    wanted = evidence.credited - late
    balance = {code: amount for code, amount in evidence.ledger.balance.items() if amount}
    if balance != ({evidence.currency: wanted} if wanted else {}):
        shown = ", ".join(f"{amount} {code}" for code, amount in balance.items()) or "nothing"
        title = f"the balance is {shown}; it must be {wanted} {evidence.currency}"
        facts = f"the provider credited {evidence.credited}, of which {late} after the deadline"
        yield Breach("", title, (facts,))


def _credits_due(evidence: Evidence, reference_id: str) -> list[Entry]:
    """The credits that a payment must have: one or none; the ledger decides what may be either."""
    course = evidence.courses.get(reference_id)
    if course is None:
        return []
    wanted, booked = course.final_states(), evidence.booked.get(reference_id)
    is_due = "completed" in wanted and (
        "failed" not in wanted or (booked is not None and booked.state == "completed")
    )
    amount = evidence.pay_amount(reference_id)
    return [Entry(reference_id, WALLET, amount, evidence.currency)] if is_due else []


def _listed(entries: list[Entry]) -> str:
    return " and ".join(map(str, entries)) or "nothing"
