"""REC-04 and REC-05: what becomes of a payment that is open after 24 h."""

from collections.abc import Iterator
from itertools import pairwise

from momo_conformance.calls import Call
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.knowledge import NEVER, SUCCESS, Knowledge, known_payments
from momo_conformance.payments import (
    COMPLETED,
    DAY_MS,
    FAILED,
    PENDING,
    Look,
    Payment,
    Said,
    looks_of,
    rounds_of,
)
from momo_conformance.verdicts import Sighting

_LEAST_ROUNDS = 3


def given_up_once(history: History) -> Iterator[Sighting]:
    """REC-04: what is pending for 24 h is flagged or failed, once, and not credited."""
    if not history.has_clock:
        return
    for payment, known in known_payments(history):
        if not payment.is_accepted or known.told_from() != NEVER:
            continue
        rounds = _late_rounds(payment)
        late = [row for row in payment.said if rounds and row.asked > rounds[0].asked]
        if not late:
            continue
        shown = payment.created.began, rounds[0].asked, late[-1].asked
        told = _problem(payment, late)
        if told:
            yield Sighting(shown, told)
        elif not _is_forgotten(late[-1]):
            yield Sighting(shown)
        elif len(rounds) >= _LEAST_ROUNDS and late[-1].asked > rounds[_LEAST_ROUNDS - 1].asked:
            yield Sighting(shown, "24 h have passed, and it is still pending and not flagged")


def late_success_kept(history: History) -> Iterator[Sighting]:
    """REC-05: a success after the deadline is one credit, or one item for a person."""
    if not history.has_clock:
        return
    for payment, known in known_payments(history):
        if not payment.is_incoming or known.ends:
            continue
        late = (row for row in payment.reads if _is_late_success(payment, row) and known.fits(row))
        read = next(late, None)
        if read is not None:
            yield from _kept(payment, known, read)
        else:
            yield from _never_looked(payment, known)


def _problem(payment: Payment, late: list[Said]) -> str:
    states = [row.state for row in payment.said if row.state in (PENDING, COMPLETED, FAILED)]
    changes = sum(a != b for a, b in pairwise(states))
    looks = [row for row in looks_of(payment.history) if row.asked >= late[0].asked]
    if payment.is_incoming and any(payment.credits_in(row) for row in looks):
        return "it was never shown SUCCESSFUL, and is credited after 24 h"
    if COMPLETED in states:
        return "it was never shown SUCCESSFUL, and is completed after 24 h"
    if changes > 1:
        return f"its state has changed {changes} times"
    is_twice = any(len(payment.credits_in(row)) > 1 for row in looks)
    return "after 24 h its hold was released more than once" if is_twice else ""


def _is_forgotten(said: Said) -> bool:
    return said.state not in (FAILED, COMPLETED) and not said.needs_review


def _kept(payment: Payment, known: Knowledge, read: Exchange) -> Iterator[Sighting]:
    since = known.known_from(read)
    looks = [row for row in looks_of(payment.history) if since and row.asked > since]
    for look in looks[-1:]:
        credits_ = len(payment.credits_in(look))
        shown = payment.created.began, read.began, look.asked
        if credits_ > 1 or (credits_ == 0 and not _is_flagged(payment, look)):
            told = f"SUCCESSFUL came after 24 h, and the books have {credits_ or 'no'} credits"
            yield Sighting(shown, f"{told} and nothing for review")
        else:
            yield Sighting(shown)


def _never_looked(payment: Payment, known: Knowledge) -> Iterator[Sighting]:
    """The fake's log shows the late success, and in days of rounds nobody asks for it."""
    settled = _settled_late(payment)
    if settled is None or not payment.is_accepted or known.told_from() != NEVER:
        return
    rounds = rounds_of(payment.history, settled, DAY_MS)
    looks = [row for row in looks_of(payment.history) if row.asked > settled]
    is_flagged = any(_is_flagged(payment, look) for look in looks[-1:])
    if len(rounds) >= _LEAST_ROUNDS and looks and not is_flagged:
        told = "it was SUCCESSFUL after 24 h, and nobody has asked for it a day later"
        yield Sighting((payment.created.began, settled, rounds[-1].asked), told)


def _settled_late(payment: Payment) -> int | None:
    for position, event in enumerate(payment.history.events):
        is_it = str(event.get("reference_id") or "").lower() == payment.reference_id
        if event["kind"] == "payment_settled" and is_it and event["state"] == SUCCESS:
            return position if payment.is_overdue(event["at"]) else None
    return None


def _late_rounds(payment: Payment) -> tuple[Call, ...]:
    """The rounds of checking when its 24 h are over by any count."""
    return rounds_of(payment.history, payment.attempts[-1].began, DAY_MS)


def _is_late_success(payment: Payment, read: Exchange) -> bool:
    return read.is_success and read.word == SUCCESS and payment.is_overdue(read.ended_at_ms)


def _is_flagged(payment: Payment, look: Look) -> bool:
    booked = payment.booked(look)
    return booked is not None and booked.needs_review
