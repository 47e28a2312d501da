"""The event log as a stream of server-sent events, for whoever wants to see all of it."""

from collections.abc import AsyncGenerator

import orjson

from mock_momo.core.namespace import Namespace
from mock_momo.edge.control.routes import Answer, Route, Visit
from mock_momo.edge.log.follower import Batch, following
from mock_momo.edge.services import Services
from momo_contracts.event_wire import to_wire

EVENT_STREAM = "text/event-stream"
HEARTBEAT_S = 15.0
"""Wall time after which a silent stream shows that it is alive."""


async def _stream(visit: Visit, namespace: Namespace) -> Answer:
    """All events after `after`, or after the header Last-Event-ID, which a client that comes back
    sends. One that this log has not reached is another run's: it begins at the beginning.
    """
    after = visit.number("after", 0)
    last_id = visit.headers.get("Last-Event-ID", "")
    if last_id:
        after = visit.whole("Last-Event-ID", last_id)
        after = after if after <= namespace.log.last_seq else 0
    return Answer(200, b"", EVENT_STREAM, feed=_frames(visit.services, namespace, after))


async def _frames(
    services: Services, namespace: Namespace, after: int
) -> AsyncGenerator[bytes, None]:
    with following(services.bells, namespace, after) as follower:
        yield f": the events of {namespace.name}\n\n".encode()
        async for batch in follower.batches(HEARTBEAT_S):
            yield _frame(batch, services.fingerprint_key) if batch else b":\n\n"


def _frame(batch: Batch, key: bytes) -> bytes:
    gap = b'event: gap\ndata: {"lost":%d}\n\n' % batch.lost if batch.lost else b""
    return gap + b"".join(
        b"id: %d\ndata: %b\n\n" % (event.seq, orjson.dumps(to_wire(event, key)))
        for event in batch.events
    )


ROUTES = (
    Route(
        "GET",
        "namespaces/{namespace}/events/stream",
        "the events as they come, as server-sent events; `gap` says how many were lost",
        of_namespace=_stream,
        query=("after",),
        content_type=EVENT_STREAM,
    ),
)
