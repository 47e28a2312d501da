"""What happened, in one order: traffic, what the client's driver said, what its ledger showed.

Judgement reads nothing else. A history is made of one list of events: the fake's log alone, or
that with the examiner's own events in between.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from momo_conformance.calls import KILLED, Call
from momo_conformance.exchanges import Event, Exchange, read_object
from momo_conformance.ledger import Ledger, read_ledger
from momo_conformance.plans import Settings
from momo_conformance.protocol import Ok


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt of the fake at a callback; `status` is None without an answer."""

    position: int
    at_ms: int
    reference_id: str
    method: str
    url: str
    body: str
    status: int | None
    latency_ms: int
    namespace: str = ""

    def __str__(self) -> str:
        answer = "no answer" if self.status is None else self.status
        return f"callback {self.method} about {self.reference_id} → {answer}"


@dataclass(frozen=True, slots=True)
class News:
    """Something that told the client about a payment: a status read, or a callback.

    `word` is the status that it showed, of any type; `is_forged`: the fake never said so.
    """

    position: int
    source: str
    word: object
    at_ms: int
    is_forged: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What the client says of a payment: in an answer, or in its ledger."""

    position: int
    reference_id: str
    state: str
    source: str


URLS = "URLs"
"""The place of a search that stands for every URL that was asked."""


def url_place(namespace: str, number: int) -> str:
    """Where something is that was found in the URL of one exchange."""
    return f"URL {namespace}/{number}"


@dataclass(frozen=True, slots=True)
class Search:
    """Where secrets were looked for, and what was found: "bearer in stderr", and the like."""

    position: int
    places: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def is_of_output(self) -> bool:
        """True when something was searched that the client has written."""
        return self.places != (URLS,)

    def in_output(self) -> Iterator[str]:
        """What was found that is not in a URL."""
        return (what for what in self.found if " in URL " not in what)

    def __str__(self) -> str:
        found = ", ".join(self.found) or "nothing"
        return f"secrets were looked for in {', '.join(self.places)}: {found}"


@dataclass(frozen=True, slots=True)
class Trapped:
    """Something that reached a place which must not be trusted: `trap` says which.

    `target` and the names of the headers are the request's; both are empty for a connection that
    was given up before one was sent.
    """

    position: int
    trap: str
    target: str
    headers: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.trap}: {self.target or 'the connection was given up before a request'}"


@dataclass(frozen=True, slots=True)
class Order:
    """What a user has asked for under one key: the calls about it, and what was sent for it."""

    key: str
    calls: tuple[Call, ...]
    attempts: tuple[Exchange, ...]


@dataclass(frozen=True, eq=False)  # without slots, for the cached properties
class History:
    """The whole of one run. Positions are indices into `events`.

    `settings` are those of the plan, None for a run without one; `worlds` are the facts of every
    namespace seen: profile, target_environment, currency, callback_host, expires_in_s. `has_gap`:
    the log has lost events.
    """

    events: tuple[Event, ...]
    exchanges: tuple[Exchange, ...]
    calls: tuple[Call, ...] = ()
    settings: Settings | None = None
    caps: Mapping[str, Any] = field(default_factory=dict)
    worlds: Mapping[str, Event] = field(default_factory=dict)
    deliveries: tuple[Delivery, ...] = ()
    searches: tuple[Search, ...] = ()
    trapped: tuple[Trapped, ...] = ()
    has_gap: bool = False

    @property
    def is_driven(self) -> bool:
        """True when a driver was asked, so that causes are known."""
        return bool(self.calls)

    @property
    def has_clock(self) -> bool:
        """True when the client's clock is the examiner's, so that namespace time is its own."""
        return self.caps.get("clock") == "inject"

    @property
    def deaths(self) -> tuple[str, ...]:
        """Each time that the driver died by itself: how, and the last line of its stderr."""
        ends = (row for row in self.events if row["kind"] == "driver_ended")
        return tuple(
            ": ".join(filter(None, (row["how"], row.get("last_words"))))
            for row in ends
            if row["how"] != KILLED
        )

    @cached_property
    def creates(self) -> tuple[Exchange, ...]:
        """Everything sent that would move money."""
        return tuple(row for row in self.exchanges if row.is_create)

    @cached_property
    def tokens(self) -> tuple[Exchange, ...]:
        """Every call for a token."""
        return tuple(row for row in self.exchanges if row.is_token)

    @cached_property
    def business(self) -> tuple[Exchange, ...]:
        """Every call that carries a token."""
        return tuple(row for row in self.exchanges if row.is_business)

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """Every order that the driver was asked for, in order; a key is sent as external id."""
        keys = dict.fromkeys(call.key for call in self.calls if call.creates and call.key)
        return tuple(
            Order(
                key,
                tuple(call for call in self.calls if call.key == key),
                tuple(row for row in self.creates if row.key == key),
            )
            for key in keys
            if key is not None
        )

    @cached_property
    def ledgers(self) -> tuple[tuple[int, Ledger], ...]:
        """Every look into the client's ledger, with its position."""
        return tuple(
            (call.answered, read_ledger(call.answer.value))
            for call in self.calls
            if call.op == "ledger" and isinstance(call.answer, Ok) and call.answered is not None
        )

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """All that the client has said of payments, in order."""
        found = [
            Claim(call.answered, call.reference_id, call.state, call.op)
            for call in self.calls
            if call.reference_id and call.state and call.answered is not None
        ]
        for position, ledger in self.ledgers:
            found += [
                Claim(position, row.reference_id, row.state, "ledger") for row in ledger.payments
            ]
        return tuple(sorted(found, key=lambda claim: claim.position))

    def reads(self, reference_id: str) -> tuple[Exchange, ...]:
        """Every status read of a payment, answered or not."""
        return tuple(
            row for row in self.exchanges if row.is_read and row.reference_id == reference_id
        )

    def attempts(self, reference_id: str) -> tuple[Exchange, ...]:
        """Everything sent under a reference id that would move money."""
        return tuple(row for row in self.creates if row.reference_id == reference_id)

    def news(self, reference_id: str) -> tuple[News, ...]:
        """What has told the client about a payment, in order: answered reads, callbacks."""
        reads = [
            News(row.ended, "read", row.word, row.ended_at_ms)
            for row in self.reads(reference_id)
            if row.is_success
        ]
        callbacks = [
            News(call.asked, "callback", _word_in(call), call.at_ms, is_forged=call.is_forged)
            for call in self.calls
            if call.op == "deliver_callback" and call.about == reference_id
        ]
        return tuple(sorted(reads + callbacks, key=lambda row: row.position))

    def during(self, call: Call) -> tuple[Exchange, ...]:
        """The exchanges that began while a call was open."""
        end = len(self.events) if call.answered is None else call.answered
        return tuple(row for row in self.exchanges if call.asked < row.began < end)

    def open_at(self, position: int) -> tuple[Call, ...]:
        """What the driver had been asked and had not answered yet."""
        return tuple(call for call in self.calls if call.is_open_at(position))

    def asked_at(self, position: int) -> int:
        """Where the call was asked whose answer is at a position; that itself without one."""
        return next((call.asked for call in self.calls if call.answered == position), position)

    def accepted(self) -> Iterator[Exchange]:
        """The first create of each reference id that the fake has carried out."""
        seen: set[str] = set()
        for row in self.creates:
            if row.is_accepted and row.reference_id and row.reference_id not in seen:
                seen.add(row.reference_id)
                yield row


def positions(rows: Iterable[Exchange | Call]) -> tuple[int, ...]:
    """Where these are in the history, for a trace."""
    return tuple(row.began if isinstance(row, Exchange) else row.asked for row in rows)


def _word_in(call: Call) -> object:
    return read_object(str(call.fields["body"])).get("status")
