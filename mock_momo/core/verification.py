"""What is wrong with a namespace that nobody had to expect: requests that are none of the API's,
and callbacks that nobody took.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mock_momo.core.deliveries import Delivery, Stage
from mock_momo.core.namespace import Namespace
from momo_contracts.events import Event, ExchangeBegan, ExchangeEnded
from momo_contracts.redaction import conceal_target

UNKNOWN = "unknown"
"""What requests that are no operation of the API are counted as."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong; `why` is a line that a person can act on."""

    kind: Literal["unmatched_request", "undelivered_callback"]
    why: str


def problems_of(namespace: Namespace) -> tuple[Problem, ...]:
    """All that is wrong since the namespace was last emptied."""
    return (*_unmatched(namespace), *_undelivered(namespace))


def has_undelivered(namespace: Namespace) -> bool:
    """True while a callback is owed that nobody has taken."""
    return any(row.is_undelivered for row in namespace.engine.callbacks.deliveries.values())


def events_since_reset(namespace: Namespace) -> tuple[list[Event], int]:
    """The kept events of this world, and how many of it are no longer kept."""
    events = list(namespace.log.after(namespace.born_seq))
    return events, namespace.events - len(events)


def _unmatched(namespace: Namespace) -> Iterator[Problem]:
    kept = 0
    for began, ended in _unknown_exchanges(namespace):
        kept += 1
        path = conceal_target(began.target).partition("?")[0]
        answered = f"answered {ended.status}: {ended.why}"
        why = f"{began.method} {path} is no operation of the API ({answered})"
        yield Problem("unmatched_request", why)
    missing = namespace.calls[UNKNOWN] - kept
    if missing > 0:
        why = f"{missing} more, under way or no longer in the event log; a reset forgets them"
        yield Problem("unmatched_request", why)


def _unknown_exchanges(namespace: Namespace) -> Iterator[tuple[ExchangeBegan, ExchangeEnded]]:
    began: dict[int | None, ExchangeBegan] = {}
    for event in events_since_reset(namespace)[0]:
        match event.detail:
            case ExchangeBegan(operation=None) as detail:
                began[event.exchange_id] = detail
            case ExchangeEnded(operation=None) as detail if event.exchange_id in began:
                yield began[event.exchange_id], detail


def _undelivered(namespace: Namespace) -> Iterator[Problem]:
    for delivery in namespace.engine.callbacks.deliveries.values():
        if delivery.is_undelivered:
            why = f"callback {delivery.id} is {delivery.stage}: {_why_undelivered(delivery)}"
            yield Problem("undelivered_callback", why)


def _why_undelivered(delivery: Delivery) -> str:
    match delivery.stage:
        case Stage.QUEUED:
            return "callbacks are paused; resume or step sends it"
        case Stage.IN_HAND:
            return "it is being sent, or a gate holds it"
        case Stage.WITHHELD:
            return delivery.why or "withheld"
    last = delivery.attempts[-1] if delivery.attempts else None
    if last is None:
        return "it is due later"
    return last.problem or f"attempt {len(delivery.attempts)} was answered with {last.status}"
