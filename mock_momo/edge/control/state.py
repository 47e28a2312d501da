"""The state of a namespace, taken out and put back, here or in another fake."""

from mock_momo.core.namespace import Namespace
from mock_momo.core.snapshot import put_back, take
from mock_momo.edge.control.routes import Answer, Route, Visit, json_answer
from mock_momo.edge.documents.control_messages import check_name, describe_namespace, read
from mock_momo.edge.documents.state_description import describe_state
from mock_momo.edge.documents.state_messages import StateMessage, snapshot_from


async def _export(visit: Visit, namespace: Namespace) -> Answer:
    visit.services.performer.catch_up(namespace)
    return json_answer(describe_state(namespace.name, take(namespace, visit.wall_ms)))


async def _import(visit: Visit) -> Answer:
    """The namespace is made if it is not there; what it was is gone."""
    message = read(StateMessage, visit.content)
    registry, name = visit.services.registry, check_name(visit.names["namespace"])
    namespace = registry.find_or_create(name)
    visit.services.gatekeeper.free(namespace.gates.remove_all())
    put_back(namespace, snapshot_from(message, namespace.credentials), visit.wall_ms)
    visit.services.performer.catch_up(namespace)
    return json_answer(describe_namespace(namespace))


ROUTES = (
    Route(
        "GET",
        "namespaces/{namespace}/state",
        "everything but its event log, to be put back later: settings, rules, payments, clock, …",
        of_namespace=_export,
    ),
    Route(
        "PUT",
        "namespaces/{namespace}/state",
        "gives the namespace this state instead of its own; makes it if need be",
        _import,
        body=StateMessage,
    ),
)
