"""The event log: one versioned schema for what the fake stores, streams and writes, and for what
the examiner judges and replays.

An event is an envelope and a detail. `event_wire.to_wire` is the only way out: it redacts, so an
event in memory may hold secrets, which is why raw fields stay out of `repr`.
Source: mission.
"""

from collections.abc import Iterable, Iterator
from dataclasses import field
from hashlib import sha256
from itertools import chain

from momo_contracts.frozen import dataclass

VERSION = 1
BODY_LIMIT = 16 * 1024
"""Bytes of a body that are kept; `length` and `sha256` describe the whole."""

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class RawHeaders:
    """Header fields as they came, in order: pairs of name and value.

    Kept as one line each for names and values, in one piece: a log remembers thousands of them.
    """

    text: bytes = field(repr=False)

    @staticmethod
    def of(pairs: Iterable[tuple[bytes, bytes]]) -> "RawHeaders":
        return RawHeaders(b"\n".join(chain.from_iterable(pairs)))

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        lines = iter(self.text.split(b"\n"))
        return zip(lines, lines, strict=False)


NO_HEADERS = RawHeaders.of(())


@dataclass(frozen=True, slots=True)
class Body:
    """The first 16 KiB of a body, and the length and hash of all of it.

    `digest` is None while the head is the whole: such a body is hashed when somebody asks.
    """

    head: bytes = field(repr=False)
    length: int
    digest: str | None = None

    @staticmethod
    def of(content: bytes) -> "Body":
        length = len(content)
        if length <= BODY_LIMIT:
            return Body(content, length)
        return Body(content[:BODY_LIMIT], length, sha256(content).hexdigest())

    @property
    def sha256(self) -> str:
        return self.digest or sha256(self.head).hexdigest()


EMPTY_BODY = Body.of(b"")


@dataclass(frozen=True, slots=True)
class ExchangeBegan:
    """A request arrived whole. `attributed_by` says how its namespace was found."""

    method: str
    target: str = field(repr=False)
    headers: RawHeaders = field(repr=False)
    body: Body
    attributed_by: str
    operation: str | None = None
    reference_id: str | None = None


@dataclass(frozen=True, slots=True)
class ExchangeEnded:
    """Its reply is decided, and about to be handed over as it is or as a fault wants it.

    `rule` names what shaped it, `why` explains a refusal. `operation` and
    `reference_id` are those of its beginning.
    """

    status: int
    headers: RawHeaders = field(repr=False)
    body: Body
    layer: str
    operation: str | None = None
    reference_id: str | None = None
    rule: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class ClientAborted:
    """The client went away before the reply was complete."""

    stage: str


@dataclass(frozen=True, slots=True)
class RequestUnparsable:
    """Bytes arrived that are not HTTP."""

    problem: str


@dataclass(frozen=True, slots=True)
class FaultConsumed:
    """A fault took effect on this exchange."""

    rule: str
    fault: str


@dataclass(frozen=True, slots=True)
class ClockMoved:
    """The namespace's clock was frozen, advanced or set free; both instants in ms."""

    mode: str
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class NamespaceDescribed:
    """What a client may rely on from here on, so that a log can be judged without the fake.

    Names of the profile and of the target environment, a currency code, the provider callback host
    of the namespace's own API user, how long tokens live from now on, and the switches that say
    how statuses are worded and which payments v2_0/payment shows.
    """

    profile: str
    target_environment: str
    currency: str
    callback_host: str
    expires_in_s: int
    payment_status: str
    payment_scope: str


@dataclass(frozen=True, slots=True)
class NamespaceReset:
    """The namespace was emptied: payments, tokens, API users and books."""


@dataclass(frozen=True, slots=True)
class PaymentSettled:
    """A payment reached a final state."""

    reference_id: str
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class CallbackAttempted:
    """One delivery attempt, number `attempt` of at most `attempts`.

    `status` and `reply` are None when no answer came, which `problem` explains. `next_in_ms` is
    namespace time, None when no attempt follows; `latency_ms` is wall time.
    """

    reference_id: str
    delivery: str
    method: str
    url: str = field(repr=False)
    attempt: int
    attempts: int
    body: Body
    status: int | None
    reply: Body | None
    latency_ms: int
    problem: str | None = None
    next_in_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CallbackWithheld:
    """A callback was owed and is not sent; `why` says what to do about it."""

    reference_id: str
    delivery: str
    why: str


@dataclass(frozen=True, slots=True)
class GateHeld:
    """A gate holds something at its point: a request, a reply, a callback."""

    gate: str
    point: str
    operation: str | None
    reference_id: str | None


@dataclass(frozen=True, slots=True)
class GateReleased:
    """What a gate held goes on."""

    gate: str
    point: str
    operation: str | None
    reference_id: str | None


@dataclass(frozen=True, slots=True)
class DriverAnswered:
    """What a client's driver said to one operation of the examiner."""

    op: str
    key: str | None
    answer: dict[str, Json]


Detail = (
    ExchangeBegan
    | ExchangeEnded
    | ClientAborted
    | RequestUnparsable
    | FaultConsumed
    | ClockMoved
    | NamespaceDescribed
    | NamespaceReset
    | PaymentSettled
    | CallbackAttempted
    | CallbackWithheld
    | GateHeld
    | GateReleased
    | DriverAnswered
)

KINDS: dict[type[Detail], str] = {
    ExchangeBegan: "exchange_began",
    ExchangeEnded: "exchange_ended",
    ClientAborted: "client_aborted",
    RequestUnparsable: "request_unparsable",
    FaultConsumed: "fault_consumed",
    ClockMoved: "clock_moved",
    NamespaceDescribed: "namespace_described",
    NamespaceReset: "namespace_reset",
    PaymentSettled: "payment_settled",
    CallbackAttempted: "callback_attempted",
    CallbackWithheld: "callback_withheld",
    GateHeld: "gate_held",
    GateReleased: "gate_released",
    DriverAnswered: "driver_answered",
}


@dataclass(frozen=True, slots=True)
class Event:
    """`at_ms` is namespace time, `wall_ms` the machine's; ids are None outside an exchange.

    `seq` counts up by one within a namespace: a gap means that events were lost.
    """

    seq: int
    namespace: str
    at_ms: int
    wall_ms: int
    detail: Detail
    connection_id: int | None = None
    exchange_id: int | None = None
