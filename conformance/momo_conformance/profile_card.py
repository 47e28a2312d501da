"""What a client is like, beyond right and wrong: the figures that a reader wants to know."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from momo_conformance.checks.token_lifetimes import flights
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History

_GAPS = 8
"""So many gaps between reads are shown."""


@dataclass(frozen=True, slots=True)
class ClientProfile:
    """Figures of one client. Seconds are those of its clock.

    `margin_s` is its refresh margin, None where it was not measured. `most_attempts` is how often
    it has sent one create, `attempt_gaps_s` the times between those sendings, `poll_gaps_s` the
    times between the status reads of one payment, of the longest rows of each that were seen.
    `tokens_per_100_calls` counts what may share a token, `tokens_at_once` the token calls of the
    worst burst of calls; both are None where nothing of the kind was seen.
    """

    margin_s: int | None
    most_attempts: int
    attempt_gaps_s: tuple[float, ...]
    poll_gaps_s: tuple[float, ...]
    tokens_per_100_calls: float | None
    tokens_at_once: int | None

    @property
    def shown(self) -> Mapping[str, str]:
        """What was seen, each under a label for people."""
        told = {
            "refresh margin": _told(self.margin_s, " s before a token's end"),
            "attempts at one create": _told(self.most_attempts or None, " at most"),
            "between them": ", ".join(f"{gap:g} s" for gap in self.attempt_gaps_s),
            "between two reads": ", ".join(f"{gap:g} s" for gap in self.poll_gaps_s[:_GAPS]),
            "tokens": _told(self.tokens_per_100_calls, " fetched per 100 calls that carry one"),
            "tokens in a burst": _told(self.tokens_at_once, " at most"),
        }
        return {label: text for label, text in told.items() if text}


def profile_of(histories: Iterable[History], margin_s: int | None = None) -> ClientProfile:
    """The figures that these histories show, with a margin that was measured apart."""
    attempts: tuple[Exchange, ...] = ()
    polls: tuple[Exchange, ...] = ()
    calls = tokens = 0
    at_once: list[int] = []
    for history in histories:
        attempts = max(attempts, *_by_payment(history.creates), key=len)
        polls = max(polls, *_by_payment(row for row in history.exchanges if row.is_read), key=len)
        calls += len(history.business)
        tokens += len(history.tokens)
        at_once += [1 + len(row.others) for row in flights(history)]
    return ClientProfile(
        margin_s,
        len(attempts),
        _gaps_s(attempts),
        _gaps_s(polls),
        round(100 * tokens / calls, 1) if calls else None,
        max(at_once, default=None),
    )


def _by_payment(rows: Iterable[Exchange]) -> Iterator[tuple[Exchange, ...]]:
    """The rows about each payment, in order; one without any in the end."""
    found: dict[tuple[str, str | None], list[Exchange]] = {}
    for row in rows:
        found.setdefault((row.namespace, row.reference_id), []).append(row)
    yield from map(tuple, found.values())
    yield ()


def _gaps_s(rows: tuple[Exchange, ...]) -> tuple[float, ...]:
    return tuple((later.at_ms - row.at_ms) / 1000 for row, later in pairwise(rows))


def _told(figure: float | None, unit: str) -> str:
    return "" if figure is None else f"{figure:g}{unit}"
