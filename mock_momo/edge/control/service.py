"""The fake as a service: is it up, can it be used, what has it done."""

from mock_momo.core.fidelity import behaviours, describe
from mock_momo.core.routes import NAMESPACE_PREFIX
from mock_momo.edge.control.routes import Answer, Route, Visit, json_answer, problem
from mock_momo.edge.documents.api_document import api_document
from mock_momo.errors import InvalidSetting, UnknownNamespace
from momo_contracts.fidelity import Basis
from momo_contracts.openapi import PRODUCTS


async def _health(_visit: Visit) -> Answer:
    return json_answer({"status": "ok"})


async def _ready(visit: Visit) -> Answer:
    if visit.services.stopping.is_set():
        return json_answer({"status": "stopping"}, 503)
    return json_answer({"status": "ready"})


async def _metrics(visit: Visit) -> Answer:
    from mock_momo.edge.metrics import CONTENT_TYPE, exposition  # noqa: PLC0415  # keeps its library out of the start

    return Answer(200, exposition(visit.services), CONTENT_TYPE)


async def _fidelity(visit: Visit) -> Answer:
    only = visit.query.get("only")
    if only is not None and only not in list(Basis):
        raise InvalidSetting(f"'only' must be one of {', '.join(Basis)}, not {only[:40]!r}")
    return json_answer(describe(behaviours([only] if only else [])))


async def _api(visit: Visit) -> Answer:
    """The document of the API, with the server's path of the namespace that is asked for."""
    product, name = visit.names["product"], visit.query.get("namespace")
    if product not in PRODUCTS:
        return problem(404, f"there is no {product[:40]!r}, only {', '.join(PRODUCTS)}")
    registry = visit.services.registry
    namespace = registry.default if name is None else registry.find(name)
    if namespace is None:
        raise UnknownNamespace(f"no namespace {(name or '')[:80]!r}")
    server = "/" if name is None else f"{NAMESPACE_PREFIX}{name}"
    return json_answer(api_document(product, namespace.settings, server))


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
    Route(
        "GET",
        "fidelity",
        "each behaviour of the fake: what it rests on, and who says so",
        _fidelity,
        query=("only",),
    ),
    Route(
        "GET",
        "openapi/{product}.json",
        "the API of a product as an OpenAPI 3.1 document, as this namespace serves it",
        _api,
        query=("namespace",),
    ),
)
