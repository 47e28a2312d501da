"""What the control API answers, as values; and how each is read from a reply's body.

Keys that a reply has beyond these are left alone, so that an older client can ask a newer fake.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Access:
    """What a client needs to use a namespace of a running fake."""

    name: str
    base_url: str
    api_user: str
    api_key: str = field(repr=False)
    subscription_keys: Mapping[str, str] = field(repr=False)
    target_environment: str
    currency: str

    @property
    def variables(self) -> dict[str, str]:
        """The `MTN_*` variables that point a client at this namespace."""
        return {
            "MTN_BASE_URL": self.base_url,
            "MTN_SUBSCRIPTION_KEY": self.subscription_keys["collection"],
            "MTN_DISBURSEMENT_SUBSCRIPTION_KEY": self.subscription_keys["disbursement"],
            "MTN_REMITTANCE_SUBSCRIPTION_KEY": self.subscription_keys["remittance"],
            "MTN_API_USER": self.api_user,
            "MTN_API_KEY": self.api_key,
            "MTN_TARGET_ENVIRONMENT": self.target_environment,
            "MTN_CURRENCY": self.currency,
        }

    @property
    def facts(self) -> Found:
        """The fields above by name, for another view of the same namespace."""
        return {row.name: getattr(self, row.name) for row in fields(Access)}


@dataclass(frozen=True, slots=True)
class Books:
    """The fake's books of one namespace. Counts are by state and by operation."""

    currency: str
    opening: Decimal
    credited: Decimal
    debited: Decimal
    balance: Decimal
    payments: Mapping[str, int]
    calls: Mapping[str, int]

    @staticmethod
    def of(found: Found) -> "Books":
        sums = ("opening", "credited", "debited", "balance")
        amounts = {name: Decimal(found[name]) for name in sums}
        return Books(**_known(Books, found | amounts))


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment as the fake's books have it. `state` may be TIMEOUT or REJECTED."""

    reference_id: str
    external_id: str | None
    amount: Decimal
    currency: str
    operation: str
    party: str | None
    state: str
    reason: str | None
    plan: str
    created_at_ms: int

    @staticmethod
    def of(found: Found) -> "PaymentRow":
        return PaymentRow(**_known(PaymentRow, found | {"amount": Decimal(found["amount"])}))


@dataclass(frozen=True, slots=True)
class FiredRow:
    """Something that came due: a payment settled, a callback attempted or withheld.

    `kind` is that of the event log; what does not belong to the kind is None.
    """

    at_ms: int
    kind: str
    reference_id: str
    state: str | None = None
    reason: str | None = None
    delivery: str | None = None
    attempt: int | None = None
    status: int | None = None
    problem: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a namespace's clock stands after a move, and what came due on the way, in order.

    `mode` is frozen or real; `is_idle`: nothing more will happen by itself.
    """

    now_ms: int
    mode: str
    is_idle: bool
    fired: tuple[FiredRow, ...]

    @staticmethod
    def of(found: Found) -> "Moved":
        fired = tuple(FiredRow(**_known(FiredRow, row)) for row in found["fired"])
        return Moved(found["now_ms"], found["mode"], found["idle"], fired)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule in force, and how often it has struck."""

    name: str
    match: Mapping[str, Any]
    outcome: list[Mapping[str, Any]] | None
    fault: Mapping[str, Any] | None
    probability: float
    skip_first: int
    times: int | None
    scope: str
    strikes: int

    @staticmethod
    def of(found: Found) -> "RuleRow":
        return RuleRow(**_known(RuleRow, found))


@dataclass(frozen=True, slots=True)
class HeldRow:
    """Something that a gate holds."""

    operation: str | None
    reference_id: str | None


@dataclass(frozen=True, slots=True)
class GateRow:
    """A closed gate: where it is, how much it holds in all (None: everything), what it holds."""

    name: str
    point: str
    times: int | None
    held: tuple[HeldRow, ...]

    @staticmethod
    def of(found: Found) -> "GateRow":
        held = tuple(HeldRow(**_known(HeldRow, row)) for row in found["held"])
        return GateRow(**_known(GateRow, found | {"held": held}))


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt: the body that was sent, and the answer within `latency_ms` of wall time.

    `status` and `reply` are None when no answer came, which `problem` explains.
    """

    at_ms: int
    sent: str
    status: int | None
    reply: str | None
    latency_ms: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A callback that is owed or was; `why` says why it was withheld or dropped.

    `stage`: waiting, queued (callbacks are paused), in_hand, acknowledged, failed, dropped or
    withheld. `due_at_ms` is when its next attempt is due, or its last one was.
    """

    id: str
    reference_id: str
    stage: str
    due_at_ms: int
    why: str | None
    attempts: tuple[AttemptRow, ...]

    @staticmethod
    def of(found: Found) -> "DeliveryRow":
        attempts = tuple(AttemptRow(**_known(AttemptRow, row)) for row in found["attempts"])
        return DeliveryRow(**_known(DeliveryRow, found | {"attempts": attempts}))


@dataclass(frozen=True, slots=True)
class CallbackReport:
    """Deliveries, oldest first; `why` says why a payment that was asked for has none."""

    is_paused: bool
    deliveries: tuple[DeliveryRow, ...]
    why: str | None = None

    @staticmethod
    def of(found: Found) -> "CallbackReport":
        deliveries = tuple(DeliveryRow.of(row) for row in found["deliveries"])
        return CallbackReport(found["paused"], deliveries, found.get("why"))


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of an expectation: `status` is met, unmet or incomplete (events were lost)."""

    name: str
    status: str
    why: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What nobody expects: `kind` is unmatched_request or undelivered_callback."""

    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether all that was expected happened, and nothing was left over."""

    is_ok: bool
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]

    @staticmethod
    def of(found: Found) -> "Verification":
        return Verification(
            found["ok"],
            tuple(Finding(**_known(Finding, row)) for row in found["findings"]),
            tuple(Problem(**_known(Problem, row)) for row in found["problems"]),
        )


def access_of(found: Found, url: str) -> Access:
    """The namespace that the fake at `url` described."""
    return Access(**_known(Access, found | {"base_url": url + found["prefix"]}))


def _known(kind: type[Any], found: Found) -> Found:
    return {row.name: found[row.name] for row in fields(kind) if row.name in found}
