"""The fake as a service: is it up, can it be used, what has it done."""

from mock_momo.edge.control.routes import Answer, Route, Visit, json_answer


async def _health(_visit: Visit) -> Answer:
    return json_answer({"status": "ok"})


async def _ready(visit: Visit) -> Answer:
    if visit.services.stopping.is_set():
        return json_answer({"status": "stopping"}, 503)
    return json_answer({"status": "ready"})


async def _metrics(visit: Visit) -> Answer:
    from mock_momo.edge.metrics import CONTENT_TYPE, exposition  # noqa: PLC0415  # keeps its library out of the start

    return Answer(200, exposition(visit.services), CONTENT_TYPE)


ROUTES = (
    Route("GET", "health", "the process is up", _health),
    Route("GET", "ready", "it takes requests; 503 while it stops", _ready),
    Route(
        "GET",
        "metrics",
        "figures for Prometheus: requests, faults, callbacks, payments, events, memory",
        _metrics,
        content_type="text/plain",
    ),
)
