"""The clock of a namespace: frozen, moved on, set free."""

from decimal import Decimal
from functools import partial
from typing import Annotated, Literal

from pydantic import Field

from mock_momo.core.clock import FrozenClock
from mock_momo.core.namespace import Journey, Namespace
from mock_momo.edge.control.routes import Answer, Route, Visit, json_answer
from mock_momo.edge.documents.control_messages import Message, describe_fired, read
from mock_momo.errors import InvalidSetting


class ClockMessage(Message):
    """What to do with the clock. `at_ms` goes with freeze, `seconds` with advance."""

    action: Literal["freeze", "advance", "run", "run_until_idle"]
    seconds: Annotated[Decimal, Field(ge=0, le=10 * 365 * 86400)] | None = None
    at_ms: int | None = None


async def _show(visit: Visit, namespace: Namespace) -> Answer:
    return json_answer(_describe(visit, namespace))


async def _move(visit: Visit, namespace: Namespace) -> Answer:
    """Answers with where the clock stands and what came due, in order, callbacks delivered."""
    journey = partial(_journey, read(ClockMessage, visit.content), namespace)
    fired = await visit.services.performer.travel(namespace, journey)
    shown = [describe_fired(happened) for happened in fired]
    return json_answer({**_describe(visit, namespace), "fired": shown})


def _journey(message: ClockMessage, namespace: Namespace, wall_ms: int) -> Journey:
    match message.action:
        case "freeze":
            return namespace.freeze(wall_ms, message.at_ms)
        case "advance":
            if message.seconds is None:
                raise InvalidSetting("advance needs 'seconds', such as 30")
            return namespace.advance(int(message.seconds * 1000), wall_ms)
        case "run":
            return namespace.run(wall_ms)
        case "run_until_idle":
            return namespace.run_until_idle(wall_ms)


def _describe(visit: Visit, namespace: Namespace) -> dict[str, object]:
    return {
        "mode": "frozen" if isinstance(namespace.clock, FrozenClock) else "real",
        "now_ms": namespace.now_ms(visit.wall_ms),
        "idle": namespace.is_idle,
    }


ROUTES = (
    Route("GET", "namespaces/{namespace}/clock", "where the clock stands", of_namespace=_show),
    Route(
        "POST",
        "namespaces/{namespace}/clock",
        "freezes it, moves it on, sets it free; answers what came due, in order, as `fired`",
        of_namespace=_move,
        body=ClockMessage,
    ),
)
