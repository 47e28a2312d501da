"""What a server has made of its payments: each with all that was sent and said about it."""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field

from momo_conformance.exchanges import Exchange
from momo_conformance.history import Delivery, History
from momo_contracts.operations import READ_PAYMENT, REQUEST_TO_PAY

BUSY = (429, 502, 503, 504)
"""Statuses that say nothing about the contract: not now."""

_HARMLESS = frozenset({"plan", "latency", "slow_drip"})
"""Faults that change no reply."""

Era = tuple[str, int]
"""A namespace, and how often it was emptied before."""


@dataclass(slots=True)
class Course:
    """One payment: what tried to make it, what asked for it, what was told of it, in order."""

    reference_id: str
    creates: list[Exchange] = field(default_factory=list)
    reads: list[Exchange] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def first(self) -> Exchange | None:
        """The create that has made it; None where none was seen, or several at the same time."""
        accepted = [row for row in self.creates if row.is_accepted]
        if not accepted or any(row.began < accepted[0].ended for row in accepted[1:]):
            return None
        return accepted[0]

    @property
    def is_clean(self) -> bool:
        """False where a fault may have changed what becomes of it."""
        return not any(map(_spoils, self.creates))

    def own_reads(self) -> Iterator[Exchange]:
        """The clean reads by its own resource's operation."""
        first = self.first
        for row in self.reads:
            if first and is_clean(row) and is_own(first, row):
                yield row


def is_clean(row: Exchange) -> bool:
    """True for a whole reply that no fault has changed and that is none of BUSY."""
    return row.is_answered and not _spoils(row) and row.status not in BUSY


def is_own(create: Exchange, read: Exchange) -> bool:
    """True where a read is that of the create's own resource."""
    one, other = create.operation, read.operation
    return (
        one is not None
        and other is not None
        and (one.product, one.resource) == (other.product, other.resource)
    )


def is_shown_by_payment(history: History, create: Exchange, read: Exchange) -> bool:
    """True where v2_0/payment shows a request to pay too, as the world says."""
    world = history.worlds.get(create.namespace, {})
    return (
        create.operation is REQUEST_TO_PAY
        and read.operation is READ_PAYMENT
        and world.get("payment_scope") == "shared"
    )


def is_of_fake(history: History, row: Exchange) -> bool:
    """True where the fake has answered: it alone describes its worlds."""
    return row.namespace in history.worlds


def courses(history: History) -> Iterator[Course]:
    """Every payment that something was sent about, apart in each era."""
    found: dict[tuple[Era, str], Course] = {}
    resets = resets_of(history)

    def course(namespace: str, position: int, reference_id: str) -> Course:
        key = era_of(resets, namespace, position), reference_id
        return found.setdefault(key, Course(reference_id))

    for row in history.exchanges:
        if row.reference_id and (row.is_create or row.is_read):
            one = course(row.namespace, row.began, row.reference_id)
            (one.creates if row.is_create else one.reads).append(row)
    for delivery in history.deliveries:
        one = course(delivery.namespace, delivery.position, delivery.reference_id)
        one.deliveries.append(delivery)
    yield from found.values()


Resets = dict[str, list[int]]
"""By namespace, where in the history it was emptied."""


def resets_of(history: History) -> Resets:
    """When each namespace was emptied."""
    found: Resets = {}
    for position, event in enumerate(history.events):
        if event["kind"] == "namespace_reset":
            found.setdefault(event["namespace"], []).append(position)
    return found


def era_of(resets: Resets, namespace: str, position: int) -> Era:
    """The era of a position."""
    return namespace, bisect(resets.get(namespace, []), position)


def _spoils(row: Exchange) -> bool:
    return not _HARMLESS.issuperset(row.faults)
