"""The callback lab: what is owed, what became of it, and everything that can go wrong with it."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from mock_momo.core.callbacks import Callbacks
from mock_momo.core.deliveries import Delivery
from mock_momo.core.namespace import Namespace
from mock_momo.edge.control.routes import Answer, NamespaceHandler, Route, Visit, json_answer
from mock_momo.edge.documents.control_messages import Message, read
from mock_momo.edge.documents.state_description import describe_attempt
from momo_contracts.events import ExchangeEnded


class DelayMessage(Message):
    """How much later, in namespace time."""

    seconds: Annotated[Decimal, Field(ge=0, le=30 * 86400)]


class OrderMessage(Message):
    """Ids of queued deliveries, the first to be sent first."""

    deliveries: list[str]


async def _list(visit: Visit, namespace: Namespace) -> Answer:
    """All deliveries, or those of one payment and, if it has none, why."""
    callbacks, reference_id = namespace.engine.callbacks, visit.query.get("reference_id")
    if reference_id is None:
        rows = [describe_delivery(row) for row in callbacks.deliveries.values()]
        return json_answer({"paused": callbacks.is_paused, "deliveries": rows})
    found = [describe_delivery(row) for row in callbacks.of(reference_id)]
    why = None if found else _why_none(namespace, reference_id)
    return json_answer({"paused": callbacks.is_paused, "deliveries": found, "why": why})


async def _pause(_visit: Visit, namespace: Namespace) -> Answer:
    namespace.engine.callbacks.pause()
    return json_answer({"paused": True})


async def _resume(visit: Visit, namespace: Namespace) -> Answer:
    performer, callbacks = visit.services.performer, namespace.engine.callbacks
    effects = callbacks.resume(namespace.now_ms(visit.wall_ms))
    await performer.send_now(namespace, performer.note(namespace, effects))
    return json_answer({"paused": False, "sent": len(effects)})


async def _step(visit: Visit, namespace: Namespace) -> Answer:
    performer, callbacks = visit.services.performer, namespace.engine.callbacks
    effects = callbacks.step(namespace.now_ms(visit.wall_ms))
    sends = performer.note(namespace, effects)
    await performer.send_now(namespace, sends)
    sent = [describe_delivery(callbacks.deliveries[send.delivery_id]) for send in sends]
    return json_answer({"paused": callbacks.is_paused, "deliveries": sent})


async def _reorder(visit: Visit, namespace: Namespace) -> Answer:
    namespace.engine.callbacks.reorder(read(OrderMessage, visit.content).deliveries)
    return await _list(visit, namespace)


async def _resend(visit: Visit, namespace: Namespace) -> Answer:
    performer, callbacks = visit.services.performer, namespace.engine.callbacks
    effects = callbacks.resend(_named(visit), namespace.now_ms(visit.wall_ms))
    await performer.send_now(namespace, performer.note(namespace, effects))
    return _shown(visit, callbacks)


async def _duplicate(visit: Visit, namespace: Namespace) -> Answer:
    performer, callbacks = visit.services.performer, namespace.engine.callbacks
    effects = callbacks.duplicate(_named(visit), namespace.now_ms(visit.wall_ms))
    sends = performer.note(namespace, effects)
    await performer.send_now(namespace, sends)
    copy = callbacks.deliveries[sends[0].delivery_id]
    return json_answer(describe_delivery(copy), 201)


async def _drop(visit: Visit, namespace: Namespace) -> Answer:
    effects = namespace.engine.callbacks.drop(_named(visit), namespace.now_ms(visit.wall_ms))
    visit.services.performer.perform(namespace, effects)
    return _shown(visit, namespace.engine.callbacks)


async def _delay(visit: Visit, namespace: Namespace) -> Answer:
    by_ms = int(read(DelayMessage, visit.content).seconds * 1000)
    now_ms = namespace.now_ms(visit.wall_ms)
    namespace.engine.callbacks.delay(_named(visit), by_ms, now_ms)
    visit.services.performer.catch_up(namespace)
    return _shown(visit, namespace.engine.callbacks)


def describe_delivery(delivery: Delivery) -> dict[str, object]:
    """One delivery and its attempts."""
    return {
        "id": delivery.id,
        "reference_id": delivery.reference_id,
        "stage": delivery.stage,
        "due_at_ms": delivery.due_at_ms,
        "why": delivery.why,
        "attempts": [describe_attempt(attempt) for attempt in delivery.attempts],
    }


def _why_none(namespace: Namespace, reference_id: str) -> str:
    payment = namespace.engine.payments.get(reference_id)
    if payment is not None and payment.callback is None:
        return "the request had no X-Callback-Url, so nothing is ever sent"
    if payment is not None and payment.is_final:
        return f"the payment is {payment.state}; it was put back with no callback to be sent"
    if payment is not None:
        return f"the payment is {payment.state}; a callback is sent when it is final"
    for event in namespace.log.after(0):
        detail = event.detail
        if isinstance(detail, ExchangeEnded) and detail.reference_id == reference_id and detail.why:
            return f"the payment was refused: {detail.why}"
    return "no payment has this reference id"


def _named(visit: Visit) -> str:
    return visit.names["delivery"]


def _shown(visit: Visit, callbacks: Callbacks) -> Answer:
    """The delivery that the call names; `callbacks` are those of when it was asked."""
    return json_answer(describe_delivery(callbacks.deliveries[_named(visit)]))


def _row(what: str, summary: str, handler: NamespaceHandler, **more: type[Message]) -> Route:
    path = f"namespaces/{{namespace}}/callbacks/{what}"
    return Route("POST", path, summary, of_namespace=handler, body=more.get("body"))


ROUTES = (
    Route(
        "GET",
        "namespaces/{namespace}/callbacks",
        "deliveries and attempts; with `reference_id` those of one payment, or why there is none",
        of_namespace=_list,
        query=("reference_id",),
    ),
    _row("pause", "what comes due from now on is queued", _pause),
    _row("resume", "sends what is queued, in order, and goes on", _resume),
    _row("step", "sends the first of the queue", _step),
    _row("reorder", "gives the queue another order", _reorder, body=OrderMessage),
    _row("{delivery}/resend", "one more attempt, now", _resend),
    _row("{delivery}/duplicate", "the same callback in one more delivery, now", _duplicate),
    _row("{delivery}/drop", "never sends it, or not again", _drop),
    _row("{delivery}/delay", "sends it so much later", _delay, body=DelayMessage),
)
