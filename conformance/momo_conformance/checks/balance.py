"""MOMO-BAL: one credit for one success, and books that add up."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from momo_conformance.calls import Call
from momo_conformance.checks.sums import sums_agree
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.knowledge import NEVER, SUCCESS, Knowledge, known_payments, meaning_of
from momo_conformance.payments import (
    COMPLETED,
    FAILED,
    PENDING,
    Look,
    Payment,
    deaths_in,
    looks_of,
)
from momo_conformance.verdicts import Check, Sighting


def one_credit(history: History) -> Iterator[Sighting]:
    """BAL-01: what was SUCCESSFUL is credited once."""
    for payment, known in known_payments(history):
        reads = [row for row in payment.reads if row.is_success and row.word == SUCCESS]
        if payment.is_incoming and known.told_from(COMPLETED) != NEVER:
            shown = payment.created.began, *(row.began for row in reads[:2])
            yield from _credited_once(payment, known, shown)


def unsettled_moves_nothing(history: History) -> Iterator[Sighting]:
    """BAL-03: without a success nothing comes in, and a hold is released once."""
    for payment, known in known_payments(history):
        if payment.is_incoming:
            yield from _never_credited(payment, known)
        else:
            yield from _held_until_failed(payment, known)


def side_by_side(history: History) -> Iterator[Sighting]:
    """BAL-04: a callback and a status read at the same moment make one credit."""
    for payment, known in known_payments(history):
        met = next(_meetings(payment), None)
        if payment.is_incoming and met:
            yield from _credited_once(payment, known, met)


def crash_safe(history: History) -> Iterator[Sighting]:
    """BAL-05: after a crash a completed payment has its credit, and only one."""
    for payment, known in known_payments(history):
        crashes = [row for row in deaths_in(history) if row > payment.created.began]
        hint = known.told_from(COMPLETED)
        if not (payment.is_incoming and crashes and hint != NEVER):
            continue
        looks = [row for row in looks_of(history) if row.asked > max(crashes[-1], hint)]
        for look in looks[-1:]:
            booked, credits_ = payment.booked(look), payment.credits_in(look)
            due = 1 if booked and booked.state == COMPLETED else 0
            shown = payment.created.began, hint, look.asked
            if booked and booked.needs_review:
                continue
            if len(credits_) != due:
                state = booked.state if booked else "not in the ledger"
                told = f"after a crash {payment.key} is {state} and has {_counted(credits_)}"
                yield Sighting(shown, told)
            elif due:
                yield Sighting(shown)


def failed_is_given_back(history: History) -> Iterator[Sighting]:
    """BAL-06: a transfer is debited once, and given back once when it has failed."""
    for payment, known in known_payments(history):
        if payment.is_incoming:
            continue
        for look in looks_of(history):
            debits = [row for row in payment.moves(look) if row.amount < 0]
            if len(debits) > 1:
                shown = payment.created.began, look.asked
                yield Sighting(shown, f"{payment.key} is debited {len(debits)} times")
                break
        end = known.end
        if end and end.state == FAILED:
            yield from _given_back(payment, end.read, end.known_from)


def _credited_once(
    payment: Payment, known: Knowledge, shown: tuple[int, ...]
) -> Iterator[Sighting]:
    """At most one credit in every look; exactly one once the client knows of the success."""
    end, last = known.end, None
    since = end.known_from if end and end.state == COMPLETED else NEVER
    for look in looks_of(payment.history):
        credits_ = payment.credits_in(look)
        if len(credits_) > 1 or (not credits_ and look.asked > since):
            told = f"{payment.key} was SUCCESSFUL once and has {_counted(credits_)}"
            yield Sighting((*shown, look.asked), told)
            return
        last = look if credits_ else last
    if last:
        yield Sighting((*shown, last.asked))


def _never_credited(payment: Payment, known: Knowledge) -> Iterator[Sighting]:
    until = known.told_from(COMPLETED)
    looks = [row for row in looks_of(payment.history) if payment.created.began < row.answered]
    seen = [row for row in looks if row.answered < until and payment.booked(row)]
    moved = next((row for row in looks if row.answered < until and payment.moves(row)), None)
    if moved:
        told = f"{payment.key} has not succeeded, and moves {_moved(payment, moved)}"
        yield Sighting((payment.created.began, moved.asked), told)
    elif seen and payment.is_accepted:
        yield Sighting((payment.created.began, seen[-1].asked))


def _held_until_failed(payment: Payment, known: Knowledge) -> Iterator[Sighting]:
    until = known.told_from(FAILED)
    for look in looks_of(payment.history):
        back = payment.credits_in(look)
        is_early = look.answered < until and not payment.is_overdue(look.at_ms)
        if len(back) > 1 or (back and is_early and payment.is_accepted):
            why = "more than once" if len(back) > 1 else "and may still go out"
            told = f"the hold for {payment.key} was released, {why}"
            yield Sighting((payment.created.began, look.asked), told)
            return
    held = [row for row in looks_of(payment.history) if payment.moves(row)]
    if held:
        yield Sighting((payment.created.began, held[-1].asked))


def _given_back(payment: Payment, read: Exchange, since: int) -> Iterator[Sighting]:
    looks = [row for row in looks_of(payment.history) if row.asked > since]
    wrong = next((row for row in looks if not _is_round_trip(payment, row)), None)
    if wrong:
        told = f"{payment.key} is FAILED, and moves {_moved(payment, wrong)}"
        yield Sighting((payment.created.began, read.began, wrong.asked), told)
    elif looks:
        yield Sighting((payment.created.began, read.began, looks[-1].asked))


def _is_round_trip(payment: Payment, look: Look) -> bool:
    amounts = [row.amount for row in payment.moves(look)]
    return len(amounts) == 2 and sum(amounts) == 0


def _meetings(payment: Payment) -> Iterator[tuple[int, ...]]:
    """A read of the success that was under way when a callback or another read of it came."""
    reads = [row for row in payment.reads if row.is_success and row.word == SUCCESS]
    callbacks = [call for call in payment.callbacks if meaning_of(_word(payment, call)) != PENDING]
    for read in reads:
        for call in callbacks:
            if call.asked < read.ended and (call.answered or NEVER) > read.began:
                yield read.began, call.asked
        for other in reads:
            if read.began < other.began < read.ended and callbacks:
                yield callbacks[0].asked, read.began, other.began


def _word(payment: Payment, call: Call) -> object:
    news = payment.history.news(payment.reference_id)
    return next((row.word for row in news if row.position == call.asked), None)


def _counted(rows: tuple[object, ...]) -> str:
    return {0: "no credit", 1: "one credit"}.get(len(rows), f"{len(rows)} credits")


def _moved(payment: Payment, look: Look) -> str:
    amounts: list[Decimal] = [row.amount for row in payment.moves(look)]
    return " and ".join(f"{amount:+}" for amount in amounts) or "nothing"


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-BAL-01": one_credit,
        "MOMO-BAL-02": sums_agree,
        "MOMO-BAL-03": unsettled_moves_nothing,
        "MOMO-BAL-04": side_by_side,
        "MOMO-BAL-05": crash_safe,
        "MOMO-BAL-06": failed_is_given_back,
    }
)
