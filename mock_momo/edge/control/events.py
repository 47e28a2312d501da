"""The event log: read, followed, waited for."""

import orjson

from mock_momo.core.namespace import Namespace
from mock_momo.edge.control.routes import Answer, Route, Visit
from momo_contracts.event_wire import to_wire

NDJSON = "application/x-ndjson"
_FILTERS = ("kind", "operation", "reference_id", "status")


async def _list(visit: Visit, namespace: Namespace) -> Answer:
    """The kept events as NDJSON, oldest first; those of the query, after `after`."""
    key = visit.services.fingerprint_key
    wanted = {name: text for name, text in visit.query.items() if name in _FILTERS}
    lines = []
    for event in namespace.log.after(visit.number("after", 0)):
        shown = to_wire(event, key)
        if all(str(shown.get(name)) == text for name, text in wanted.items()):
            lines.append(orjson.dumps(shown, option=orjson.OPT_APPEND_NEWLINE))
    return Answer(200, b"".join(lines), NDJSON)


ROUTES = (
    Route(
        "GET",
        "namespaces/{namespace}/events",
        "the kept events as JSON lines; secrets are fingerprints",
        of_namespace=_list,
        query=("after", *_FILTERS),
        content_type=NDJSON,
    ),
)
