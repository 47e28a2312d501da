"""MOMO-CBK, the second half: a callback is a hint, kept until a status read has confirmed it."""

from collections.abc import Iterator

from momo_conformance.calls import Call, Died
from momo_conformance.checks.grounds import has_restarted, is_overdue
from momo_conformance.checks.handovers import (
    Handover,
    claims_of,
    handovers,
    has_acted,
    net,
    overbooked,
    settled_after,
    turn_after,
)
from momo_conformance.history import History
from momo_conformance.knowledge import SUCCESS, meaning_of
from momo_conformance.verdicts import Sighting

_SOON_MS = 20_000
"""So long a client may leave a callback alone: a checker that knows of none comes after 30 s."""


def confirmed_first(history: History) -> Iterator[Sighting]:
    """CBK-04: what a callback says has ended is settled when a status read says so, too."""
    for row in _first_of_each(history):
        if row.create is None or not row.create.is_accepted or _is_told(history, row, row.at):
            continue
        end = meaning_of(row.word)
        claims = [claim for claim in claims_of(history, row.about) if claim.position > row.at]
        for claim in claims[:1]:
            seen = row.at, history.asked_at(claim.position)
            if claim.state != end:
                yield Sighting(seen)
        done = next((claim for claim in claims if claim.state == end), None)
        if done and not _is_told(history, row, done.position):
            told = f"a payment was {end} by a callback alone: no status read said {row.word}"
            yield Sighting((row.at, history.asked_at(done.position)), told)


def not_lost_when_early(history: History) -> Iterator[Sighting]:
    """CBK-05: a callback that overtakes the 202 is taken, acted on, and counted once."""
    for row in _first_of_each(history):
        create = row.create
        if create is None or not create.is_accepted:
            continue
        if not create.began < row.at < row.end < create.ended:
            continue
        turn = turn_after(history, create.ended)
        over = overbooked(history, create, create.ended)
        shown = (create.began, row.at)
        if not row.is_taken:
            yield Sighting(shown, f"a callback that came before the 202 was {row.told}")
        elif over:
            look = history.asked_at(over[0])
            told = f"a callback and the 202 that followed put {over[1]} into the wallet"
            yield Sighting((*shown, look), told)
        elif turn and history.has_clock and not _is_excused(history, row.at, turn):
            acted = has_acted(history, row.about, row.at, turn)
            told = "a callback that came before the 202 was taken and forgotten: nothing was read"
            yield Sighting((*shown, turn.asked), "" if acted else told)
        elif settled := settled_after(history, row.about, create.ended):
            yield Sighting((*shown, history.asked_at(settled.position)))


def kept_over_a_crash(history: History) -> Iterator[Sighting]:
    """CBK-08: what a callback said is still known to a client that is killed after its answer."""
    for row in handovers(history):
        killed = _killed_after(history, row)
        if killed is None or not (row.is_good and row.is_taken and _is_open(history, row, killed)):
            continue
        turn = _late_round(history, killed)
        if turn is None or _is_hindered(history, killed, turn):
            continue
        told = "a callback that was acknowledged before the kill is forgotten: nothing is read"
        kept = has_acted(history, row.about, killed, turn)
        yield Sighting((row.at, turn.asked), "" if kept else told)


def not_reversed(history: History) -> Iterator[Sighting]:
    """CBK-09: a callback that says FAILED after the payment is completed changes nothing."""
    for row in handovers(history):
        if row.word != "FAILED" or not row.is_good:
            continue
        claims = list(claims_of(history, row.about))
        before = [claim for claim in claims if claim.position < row.at]
        after = [claim for claim in claims if claim.position > row.at]
        if not before or before[-1].state != "completed" or not after:
            continue
        if _is_confirmed(history, row.about, row.at) and not _may_change(history, row):
            turned = next((claim for claim in after if claim.state != "completed"), after[0])
            told = f"a completed payment became {turned.state} after a callback that said FAILED"
            seen = row.at, history.asked_at(turned.position)
            yield Sighting(seen, told if turned.state != "completed" else "")
            yield from _rebooked(history, row)


def _first_of_each(history: History) -> Iterator[Handover]:
    """The first good callback of each payment and word."""
    seen: set[tuple[str, str]] = set()
    for row in handovers(history):
        if row.is_good and (row.about, row.word) not in seen:
            seen.add((row.about, row.word))
            yield row


def _is_told(history: History, row: Handover, before: int) -> bool:
    """True when by then a status read, or 24 h, had told what a callback says."""
    has_read = any(
        meaning_of(news.word) == meaning_of(row.word) and news.position < before
        for news in history.news(row.about)
        if news.source == "read"
    )
    return has_read or (row.word != SUCCESS and is_overdue(history, row.about, before))


def _is_confirmed(history: History, reference_id: str, before: int) -> bool:
    """True when by then a status read said SUCCESSFUL."""
    return any(
        news.source == "read" and news.word == SUCCESS and news.position < before
        for news in history.news(reference_id)
    )


def _killed_after(history: History, row: Handover) -> int | None:
    """Where the client was killed after an answer, before it was asked for anything else."""
    following = next((call.asked for call in history.calls if call.asked > row.end), None)
    for position in range(row.end, following or len(history.events)):
        event = history.events[position]
        if event["kind"] == "driver_ended" and Died(event["how"]).is_by_examiner:
            return position
    return None


def _late_round(history: History, killed: int) -> Call | None:
    """The first round of the checker that a callback must be remembered in."""
    due_ms = history.events[killed]["at"] + _SOON_MS
    return next(
        (
            call
            for call in history.calls
            if call.op == "reconcile" and call.asked > killed and call.at_ms >= due_ms
        ),
        None,
    )


def _is_open(history: History, row: Handover, killed: int) -> bool:
    """True for a payment that was in the provider's hands, and of whose end no read had told."""
    accepted = any(
        create.is_success and create.ended < row.at for create in history.attempts(row.about)
    )
    known = any(
        read.is_answered and row.at < read.ended < killed for read in history.reads(row.about)
    )
    told = any(
        claim.state != "pending"
        for claim in claims_of(history, row.about)
        if claim.position < row.at
    )
    return accepted and not known and not told


def _is_excused(history: History, since: int, turn: Call) -> bool:
    """True when it was hindered, or killed meanwhile: what it then remembers is CBK-08's."""
    return has_restarted(history, since, turn.asked) or _is_hindered(history, since, turn)


def _is_hindered(history: History, since: int, turn: Call) -> bool:
    """True when errors meanwhile, or a pause asked for before, may have kept it from asking."""
    end = turn.asked if turn.answered is None else turn.answered
    return any(
        (row.status or 0) >= 400 or (row.is_token and not row.is_success)
        for row in history.exchanges
        if row.began < end and (row.ended > since or row.status == 429)
    )


def _may_change(history: History, row: Handover) -> bool:
    """True when something else than the callback may have moved the payment or its money."""
    reads = (news for news in history.news(row.about) if news.source == "read")
    return any(news.position > row.at and news.word != SUCCESS for news in reads) or any(
        call.op == "refund" for call in history.calls
    )


def _rebooked(history: History, row: Handover) -> Iterator[Sighting]:
    """A breach where the payment's money in the wallet is not what it was before the callback."""
    looks = [(position, net(ledger, row.about)) for position, ledger in history.ledgers]
    before = [amount for position, amount in looks if position < row.at]
    for position, amount in looks:
        if before and position > row.at and amount != before[-1]:
            told = "a callback that said FAILED changed the books of a completed payment"
            yield Sighting((row.at, history.asked_at(position)), told)
            return
