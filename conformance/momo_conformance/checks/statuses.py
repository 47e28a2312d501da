"""MOMO-STS: what a client makes of the status words, and of the 202 before them."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from momo_conformance.calls import Call
from momo_conformance.checks.details import CODE, kept, kept_details
from momo_conformance.checks.finality import final_is_final
from momo_conformance.checks.standing import follows, is_credited, is_ended, stays_open
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.knowledge import (
    FAILURES,
    NEVER,
    OPEN_WORDS,
    SUCCESS,
    Knowledge,
    known_payments,
)
from momo_conformance.payments import (
    COMPLETED,
    FAILED,
    PENDING,
    Payment,
    Said,
    rounds_of,
    to_decimal,
)
from momo_conformance.verdicts import Check, Sighting, breaches

_WORDS = (SUCCESS, *FAILURES, *OPEN_WORDS)
_LEAST_ROUNDS = 3
_HOUR_MS = 3_600_000
_SOON_MS = 2000
"""A client that takes longer over an order, in wall time, may call it unknown."""


def success_completes(history: History) -> Iterator[Sighting]:
    """STS-01: once SUCCESSFUL was read the client says completed."""
    return _ended_by(history, SUCCESS)


def failure_fails(history: History) -> Iterator[Sighting]:
    """STS-02: once FAILED was read the client says failed, with the reason's code."""
    yield from _ended_by(history, "FAILED")
    for payment, known in known_payments(history):
        if known.end and known.end.read.word == "FAILED":
            yield from breaches(kept(payment, known.end, CODE))


def open_stays_open(history: History) -> Iterator[Sighting]:
    """STS-03: PENDING and CREATED change nothing, and the client asks again."""
    for payment, known in known_payments(history):
        shown = [row for row in payment.reads if row.is_success and row.word in OPEN_WORDS]
        yield from stays_open(payment, known, shown)
        if shown and shown[-1] is payment.reads[-1]:
            yield from _never_asked_again(payment, known)


def timeout_fails(history: History) -> Iterator[Sighting]:
    """STS-04: once v2_0/payment has shown TIMEOUT the client says failed."""
    return _ended_by(history, "TIMEOUT")


def rejection_fails(history: History) -> Iterator[Sighting]:
    """STS-05: once v2_0/payment has shown REJECTED the client says failed."""
    return _ended_by(history, "REJECTED")


def strange_ends_nothing(history: History) -> Iterator[Sighting]:
    """STS-06: another word than those, or none, ends nothing."""
    for payment, known in known_payments(history):
        reads = (row for row in payment.reads if row.is_success and row.received)
        yield from stays_open(payment, known, [row for row in reads if row.word not in _WORDS])


def order_must_fit(history: History) -> Iterator[Sighting]:
    """STS-08: SUCCESSFUL completes what fits the order, however its amount is written."""
    for payment, known in known_payments(history):
        reads = (row for row in payment.reads if row.is_success and row.word == SUCCESS)
        others = [row for row in reads if known.fits(row) is False]
        if others:
            yield from _not_completed(payment, known, others)
        sent, end = payment.created.sent.get("amount"), known.end
        if end and end.state == COMPLETED and end.read.received.get("amount", sent) != sent:
            yield from breaches(follows(payment, known, end))


def acceptance_is_pending(history: History) -> Iterator[Sighting]:
    """STS-09: 202 with an empty body is acceptance, neither success nor error."""
    for payment, known in known_payments(history):
        row = next((row for row in payment.attempts if row.is_accepted), None)
        if row is not None and not row.reply and known.is_sound(row):
            yield from _taken_as_pending(payment, known, row)


def _ended_by(history: History, word: str) -> Iterator[Sighting]:
    for payment, known in known_payments(history):
        if known.end and known.end.read.word == word:
            yield from follows(payment, known, known.end)


def _never_asked_again(payment: Payment, known: Knowledge) -> Iterator[Sighting]:
    """With the client's clock in hand: an hour and rounds have passed, and no read."""
    last, history = payment.reads[-1], payment.history
    if not history.has_clock or known.told_from() != NEVER:
        return
    rounds = rounds_of(history, last.ended, _HOUR_MS)
    due = [call for call in rounds if not payment.is_overdue(call.at_ms)]
    if len(due) >= _LEAST_ROUNDS + len(history.creates) // 2:
        told = f"{last.word} was read, and in {len(due)} rounds of checking never again"
        yield Sighting((last.began, due[-1].asked), told)


def _not_completed(
    payment: Payment, known: Knowledge, others: list[Exchange]
) -> Iterator[Sighting]:
    """Until another read or a callback vouches for it, it is neither completed nor credited."""
    odd, first = {row.began for row in others}, others[0]
    vouched = [row for row, state in known.hints if state == COMPLETED and row not in odd]
    until = min(vouched, default=NEVER)
    said = [row for row in payment.said if first.ended < row.answered < until]
    wrong = [row for row in said if row.state == COMPLETED or is_credited(payment, row)]
    if wrong:
        told = f"{_difference(payment, first)}, and the client completes the order"
        yield Sighting((payment.created.began, first.began, wrong[0].asked), told)
    elif said:
        yield Sighting((first.began, said[-1].asked))


def _difference(payment: Payment, read: Exchange) -> str:
    shown, sent = read.received, payment.created.sent
    for name, ordered in (("currency", sent.get("currency")), ("amount", sent.get("amount"))):
        is_same = name == "amount" and to_decimal(str(shown.get(name))) == payment.amount
        if name in shown and shown[name] != ordered and not is_same:
            return f"a read showed {name} {shown[name]!r} for {ordered!r}"
    return f"a read showed referenceId {shown.get('referenceId')!r} for {payment.reference_id!r}"


def _taken_as_pending(payment: Payment, known: Knowledge, row: Exchange) -> Iterator[Sighting]:
    calls = [call for call in payment.orders if _holds(call, row)]
    answers = [_answer_to(payment, call) for call in calls]
    wrong = [told for told in answers if not _is_earned(payment, known, told)]
    since = NEVER if known.accepted_from is None else known.accepted_from
    later = payment.said_between(since, known.told_from())
    ended = next((said for said in later if is_ended(payment, said)), None)
    if answers and len(wrong) == len(answers):
        shown = wrong[0].asked, row.began
        yield Sighting(shown, f"202 with an empty body was called {wrong[0].state}")
    elif ended:
        told = f"nobody has shown an end, and the client says {ended.state}"
        yield Sighting((row.began, ended.asked), told)
    elif answers:
        yield Sighting((answers[0].asked, row.began))


def _holds(call: Call, row: Exchange) -> bool:
    """True when an exchange took place within a call that was answered in good time."""
    is_within = call.answered is not None and call.asked < row.began < row.ended < call.answered
    is_quick = call.answered_wall_ms - call.wall_ms < _SOON_MS
    return is_within and is_quick and not call.is_killed


def _answer_to(payment: Payment, call: Call) -> Said:
    found = next((row for row in payment.said if row.call is call), None)
    position = call.asked if call.answered is None else call.answered
    return found or Said(call.asked, position, call.at_ms, str(call.answer), call)


def _is_earned(payment: Payment, known: Knowledge, told: Said) -> bool:
    """True for pending, and for an end of which there was news."""
    if told.state not in (COMPLETED, FAILED):
        return told.state == PENDING
    return known.told_from(told.state) < told.answered or payment.is_overdue(told.at_ms)


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-STS-01": success_completes,
        "MOMO-STS-02": failure_fails,
        "MOMO-STS-03": open_stays_open,
        "MOMO-STS-04": timeout_fails,
        "MOMO-STS-05": rejection_fails,
        "MOMO-STS-06": strange_ends_nothing,
        "MOMO-STS-07": final_is_final,
        "MOMO-STS-08": order_must_fit,
        "MOMO-STS-09": acceptance_is_pending,
        "MOMO-STS-10": kept_details,
    }
)
