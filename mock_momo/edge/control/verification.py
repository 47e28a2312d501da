"""Verification: has a namespace seen what was expected of it, and nothing that nobody expects?"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from mock_momo.core.deliveries import Delivery, Stage
from mock_momo.core.namespace import Namespace
from mock_momo.edge.control.routes import LONGEST_WAIT_S, Answer, Route, Visit, json_answer
from mock_momo.edge.control_messages import Message, read
from mock_momo.errors import InvalidSetting
from momo_contracts.events import Event, ExchangeBegan, ExchangeEnded, NamespaceReset

_UNKNOWN = "unknown"
Problem = dict[str, object]


class VerifyMessage(Message):
    """What must have happened, and how long to wait for it in wall time."""

    expect: tuple[dict[str, object], ...] = ()
    wait_s: Annotated[float, Field(ge=0, le=LONGEST_WAIT_S)] = 0


async def _verify(visit: Visit, namespace: Namespace) -> Answer:
    message = read(VerifyMessage, visit.content)
    if message.expect:
        raise InvalidSetting("this fake judges no expectations yet; leave out 'expect'")
    visit.services.performer.catch_up(namespace)
    await visit.services.performer.quiesce(namespace)
    bell = visit.services.bells.of(namespace)
    await bell.until(lambda: not _undelivered(namespace), message.wait_s)
    problems = [*_unmatched(namespace), *_undelivered(namespace)]
    return json_answer({"ok": not problems, "findings": [], "problems": problems})


def _unmatched(namespace: Namespace) -> Iterator[Problem]:
    """Requests since the last reset that are no operation of the API."""
    kept = 0
    for began, ended in _unknown_exchanges(namespace):
        kept += 1
        path = began.target.partition("?")[0]
        answered = f"answered {ended.status}: {ended.why}"
        why = f"{began.method} {path} is no operation of the API ({answered})"
        yield {"kind": "unmatched_request", "why": why}
    missing = namespace.calls[_UNKNOWN] - kept
    if missing > 0:
        why = f"{missing} more, which are under way or no longer in the event log"
        yield {"kind": "unmatched_request", "why": why}


def _unknown_exchanges(namespace: Namespace) -> Iterator[tuple[ExchangeBegan, ExchangeEnded]]:
    began: dict[int | None, ExchangeBegan] = {}
    for event in _events_of_this_world(namespace):
        match event.detail:
            case ExchangeBegan(operation=None) as detail:
                began[event.exchange_id] = detail
            case ExchangeEnded(operation=None) as detail if event.exchange_id in began:
                yield began[event.exchange_id], detail


def _events_of_this_world(namespace: Namespace) -> list[Event]:
    """The kept events since the namespace was last emptied: the log outlives that."""
    events: list[Event] = []
    for event in namespace.log.after(0):
        if isinstance(event.detail, NamespaceReset):
            events.clear()
        events.append(event)
    return events


def _undelivered(namespace: Namespace) -> list[Problem]:
    return [
        {
            "kind": "undelivered_callback",
            "why": f"callback {delivery.id} is {delivery.stage}: {_why_undelivered(delivery)}",
        }
        for delivery in namespace.engine.callbacks.deliveries.values()
        if delivery.is_undelivered
    ]


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


ROUTES = (
    Route(
        "POST",
        "namespaces/{namespace}/verify",
        "whether all of `expect` happened, no request was unknown, no callback is undelivered",
        of_namespace=_verify,
        body=VerifyMessage,
    ),
)
