"""What happened in one example: the driver's answers and the fake's traffic, in one order.

Judgement reads nothing else. A turn is one question to the driver and all that the fake saw until
its answer, so every request has a cause and an instant.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from momo_conformance.errors import IncompleteEvents
from momo_conformance.protocol import Answer, Fields
from momo_contracts.operations import OPERATIONS, READ_PAYMENT, READ_REQUEST_TO_PAY, Operation

Event = Mapping[str, Any]
"""One line of the fake's log: see `momo_contracts.events`."""

_SECRETS = ("api_key", "subscription_key")
STATUS_READS = (READ_PAYMENT, READ_REQUEST_TO_PAY)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its reply. `operation` is None where the API has none such."""

    operation: Operation | None
    reference_id: str | None
    status: int
    layer: str
    body: str

    @property
    def is_success(self) -> bool:
        """True when it was answered as it was meant to be."""
        return self.operation is not None and self.status == self.operation.success_status

    @property
    def is_status_read(self) -> bool:
        """True for a status read that was answered."""
        return self.operation in STATUS_READS and self.is_success

    @property
    def status_word(self) -> object:
        """What a status read showed; None when the body is no JSON object with a status."""
        try:
            body = json.loads(self.body)
        except ValueError:
            return None
        return body.get("status") if isinstance(body, dict) else None

    def __str__(self) -> str:
        name = self.operation.name if self.operation else "unknown operation"
        return f"{name} {self.reference_id or ''} -> {self.status} {self.body[:200]}".rstrip()


@dataclass(frozen=True, slots=True)
class Turn:
    """One question to the driver. In fake time it happened at `to_ms`.

    While `clock.advance` is answered the client's own clock goes from `from_ms` to `to_ms`; in
    every other turn the two are the same. `payment` is the number of the payment it is about.
    """

    op: str
    asked: Fields
    answer: Answer
    from_ms: int
    to_ms: int
    exchanges: tuple[Exchange, ...]
    payment: int | None = None

    def __str__(self) -> str:
        asked = {name: value for name, value in self.asked.items() if name not in _SECRETS}
        return f"{self.op} {json.dumps(asked)} was answered {self.answer}"


def exchanges_in(events: Iterable[Event], after: int) -> tuple[Exchange, ...]:
    """The exchanges that ended in these events, the first of which must follow seq `after`.

    Raises IncompleteEvents when the log has lost some.
    """
    began: dict[int, Event] = {}
    ended: list[Exchange] = []
    for expected, event in enumerate(events, start=after + 1):
        if event["seq"] != expected:
            raise IncompleteEvents(
                f"the fake's log jumps to event {event['seq']} where {expected} was due; "
                "the log keeps only so much: when `clock.advance` skips a day, a driver should "
                "run its checker once, not once per interval"
            )
        match event["kind"]:
            case "exchange_began":
                began[event["exchange_id"]] = event
            case "exchange_ended":
                ended.append(_exchange(began.pop(event["exchange_id"]), event))
    return tuple(ended)


def _exchange(began: Event, ended: Event) -> Exchange:
    return Exchange(
        OPERATIONS.get(began["operation"] or ""),
        began["reference_id"] and began["reference_id"].lower(),
        ended["status"],
        ended["layer"],
        ended["body"]["head"],
    )
