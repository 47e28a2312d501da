"""What a client says of a payment, held against what it can know and what it must."""

from collections.abc import Iterable, Iterator

from momo_conformance.exchanges import Exchange
from momo_conformance.knowledge import NEVER, OPEN_WORDS, End, Knowledge
from momo_conformance.payments import (
    COMPLETED,
    FAILED,
    REFUSED,
    UNKNOWN,
    Payment,
    Said,
    looks_of,
)
from momo_conformance.verdicts import Sighting


def stays_open(payment: Payment, known: Knowledge, rows: Iterable[Exchange]) -> Iterator[Sighting]:
    """After these reads, and until there is news of an end, it stays open and is not booked."""
    first = next(iter(rows), None)
    if first is None:
        return
    said = [row for row in payment.said if first.ended < row.answered < known.told_from()]
    said = [row for row in said if not payment.is_overdue(row.at_ms)]
    if not said:
        return
    ended = next((row for row in said if is_ended(payment, row)), None)
    credited = next((row for row in said if is_credited(payment, row)), None)
    if ended:
        told = f"{shown_by(first)}, and the client says {ended.state}"
        yield Sighting((first.began, ended.asked), told)
    elif credited:
        told = f"{shown_by(first)}, and the payment is credited"
        yield Sighting((first.began, credited.asked), told)
    else:
        yield Sighting((first.began, said[-1].asked))


def follows(payment: Payment, known: Knowledge, end: End) -> Iterator[Sighting]:
    """From where the client knows an end, all that it says is that, until a read says otherwise."""
    until = min(known.lasts_until(end.known_from), _doubted_from(payment, end))
    said = [
        row
        for row in payment.said_between(end.known_from, until)
        if row.state not in (UNKNOWN, REFUSED) or _has_no_excuse(payment, known, row)
    ]
    wrong = next((row for row in said if row.state != end.state), None)
    if wrong:
        told = f"{end.read.word} was read, and the client says {wrong.state}, not {end.state}"
        yield Sighting((end.read.began, wrong.asked), told)
    elif said:
        yield Sighting((end.read.began, said[0].asked))


def shown_by(read: Exchange) -> str:
    """What a status read has brought, in a few words."""
    if read.is_success:
        return f"a read showed {read.word!r}"
    return f"a read was answered {read.status}" if read.is_answered else "a read had no answer"


def is_ended(payment: Payment, said: Said) -> bool:
    """True when it is called completed, or failed before its 24 h were over."""
    is_failed = said.state == FAILED and not payment.is_overdue(said.at_ms)
    return is_failed or said.state == COMPLETED


def is_credited(payment: Payment, said: Said) -> bool:
    """True when it was said in a ledger that credits the payment."""
    looks = (row for row in looks_of(payment.history) if row.call is said.call)
    return payment.is_incoming and any(payment.credits_in(row) for row in looks)


def _doubted_from(payment: Payment, end: End) -> int:
    """Where a later read has begun that shows it open: what then becomes of it is STS-07's."""
    later = (row for row in payment.reads if row.began > end.read.began and row.is_success)
    return next((row.began for row in later if row.word in OPEN_WORDS), NEVER)


def _has_no_excuse(payment: Payment, known: Knowledge, said: Said) -> bool:
    """True when no read went wrong while the client was to answer."""
    reads = (row for row in payment.reads if said.asked < row.began < said.answered)
    return said.call.op == "status" and all(known.is_sound(row) for row in reads)
