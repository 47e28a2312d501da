"""STS-07: completed and failed are final, whatever is heard later."""

from collections.abc import Iterator

from momo_conformance.exchanges import Exchange
from momo_conformance.history import History, News
from momo_conformance.knowledge import (
    FAILURES,
    OPEN_WORDS,
    SUCCESS,
    Knowledge,
    known_payments,
    meaning_of,
)
from momo_conformance.payments import (
    COMPLETED,
    FAILED,
    PENDING,
    Payment,
    Said,
    looks_of,
)
from momo_conformance.verdicts import Sighting

_WORDS = (SUCCESS, *FAILURES, *OPEN_WORDS)


def final_is_final(history: History) -> Iterator[Sighting]:
    """STS-07: after an end, news that contradict it change neither state nor books."""
    for payment, known in known_payments(history):
        ended = _ended(payment, known)
        if ended is None:
            continue
        news = next(_contradictions(payment, ended), None)
        until = known.lasts_until(ended.answered)
        if news is None or news.position > until:
            continue
        yield from _unchanged(payment, ended, news, until)


def _ended(payment: Payment, known: Knowledge) -> Said | None:
    """Where it was first called ended, of which there had been news by then."""
    for row in payment.said:
        if row.state in (COMPLETED, FAILED):
            is_told = known.told_from(row.state) < row.answered
            return row if is_told and not payment.is_overdue(row.at_ms) else None
    return None


def _contradictions(payment: Payment, ended: Said) -> Iterator[News]:
    for row in payment.history.news(payment.reference_id):
        is_later = row.position > ended.answered and row.word in _WORDS
        if is_later and meaning_of(row.word) != ended.state:
            yield row


def _unchanged(payment: Payment, ended: Said, news: News, until: int) -> Iterator[Sighting]:
    said = payment.said_between(news.position, until)
    wrong = next((r for r in said if r.state in _others(ended.state)), None)
    position = _began(payment, news)
    told = f"it was {ended.state}, then {news.source} said {news.word}"
    if wrong:
        yield Sighting((ended.asked, position, wrong.asked), f"{told}, now it is {wrong.state}")
        return
    looks = [row for row in looks_of(payment.history) if row.answered >= ended.answered]
    before = [payment.moves(row) for row in looks if row.answered < news.position]
    after = [row for row in looks if row.asked > news.position]
    moved = next((row for row in after if before and payment.moves(row) != before[-1]), None)
    if moved:
        yield Sighting((ended.asked, position, moved.asked), f"{told}, now its entries differ")
    elif said:
        yield Sighting((ended.asked, position, said[-1].asked))


def _others(state: str) -> tuple[str, ...]:
    return tuple(row for row in (COMPLETED, FAILED, PENDING) if row != state)


def _began(payment: Payment, news: News) -> int:
    """Where the news is in a trace: a read is shown by its beginning."""
    reads: tuple[Exchange, ...] = payment.reads
    return next((row.began for row in reads if row.ended == news.position), news.position)
