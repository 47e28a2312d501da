"""Gates, closed, watched, released and opened."""

from typing import Annotated

from pydantic import Field

from mock_momo.core.gates import Gate, Point
from mock_momo.core.namespace import Namespace
from mock_momo.edge.control.routes import Answer, Route, Visit, json_answer
from mock_momo.edge.documents.control_messages import MOST, Message, check_name, read
from mock_momo.edge.documents.rule_messages import MatchMessage, match_from
from mock_momo.errors import InvalidSetting
from momo_contracts.event_wire import clean_text


class GateMessage(Message):
    """Where the gate is, what it holds, and how much of it in all (null: everything)."""

    point: Point
    match: MatchMessage = MatchMessage()
    times: Annotated[int, Field(gt=0, le=MOST)] | None = None


class ReleaseMessage(Message):
    """How many go on (null: all that is held)."""

    count: Annotated[int, Field(gt=0)] | None = None


async def _list(_visit: Visit, namespace: Namespace) -> Answer:
    rows = [_describe(namespace, gate) for gate in namespace.gates.closed.values()]
    return json_answer({"gates": rows})


async def _close(visit: Visit, namespace: Namespace) -> Answer:
    message = read(GateMessage, visit.content)
    name = check_name(visit.names["gate"], "a gate's name")
    gate = Gate(name, message.point, match_from(message.match), message.times)
    visit.services.gatekeeper.free(namespace.gates.put(gate))
    return json_answer(_describe(namespace, gate), 201)


async def _watch(visit: Visit, namespace: Namespace) -> Answer:
    """Wait until at least `held` are held, at most `wait_s`; answers what is held then."""
    gate, wanted = _found(visit, namespace), visit.number("held", 0)
    bell = visit.services.bells.of(namespace)
    await bell.until(lambda: len(namespace.gates.held_by(gate.name)) >= wanted, visit.wait_s)
    return json_answer(_describe(namespace, gate))


async def _release(visit: Visit, namespace: Namespace) -> Answer:
    gate, message = _found(visit, namespace), read(ReleaseMessage, visit.content)
    freed = namespace.gates.release(gate.name, message.count)
    visit.services.gatekeeper.free(freed)
    return json_answer({**_describe(namespace, gate), "released": len(freed)})


async def _open(visit: Visit, namespace: Namespace) -> Answer:
    freed = namespace.gates.remove(_found(visit, namespace).name)
    visit.services.gatekeeper.free(freed)
    return json_answer({"released": len(freed)})


def _found(visit: Visit, namespace: Namespace) -> Gate:
    gate = namespace.gates.closed.get(visit.names["gate"])
    if gate is None:
        known = ", ".join(namespace.gates.closed) or "none"
        raise InvalidSetting(f"no gate {visit.names['gate'][:80]!r} is closed; closed: {known}")
    return gate


def _describe(namespace: Namespace, gate: Gate) -> dict[str, object]:
    subjects = [hold.subject for hold in namespace.gates.held_by(gate.name)]
    held = [
        {
            "operation": subject.operation,
            "reference_id": subject.reference_id and clean_text(subject.reference_id),
        }
        for subject in subjects
    ]
    return {"name": gate.name, "point": gate.point, "times": gate.times, "held": held}


ROUTES = (
    Route(
        "GET",
        "namespaces/{namespace}/gates",
        "the closed gates and what each holds",
        of_namespace=_list,
    ),
    Route(
        "PUT",
        "namespaces/{namespace}/gates/{gate}",
        "closes a gate at a point, for what matches",
        of_namespace=_close,
        body=GateMessage,
    ),
    Route(
        "GET",
        "namespaces/{namespace}/gates/{gate}",
        "waits until it holds `held`, at most `wait_s` seconds; answers what it holds",
        of_namespace=_watch,
        query=("held", "wait_s"),
    ),
    Route(
        "POST",
        "namespaces/{namespace}/gates/{gate}/release",
        "lets `count` go on, without it all that is held; the gate stays closed",
        of_namespace=_release,
        body=ReleaseMessage,
    ),
    Route(
        "DELETE",
        "namespaces/{namespace}/gates/{gate}",
        "opens it: all go on, nothing more is held",
        of_namespace=_open,
    ),
)
