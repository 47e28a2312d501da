"""The facts of one request, read tolerantly: each may be absent or wrong. Nothing is judged yet."""

from collections.abc import Mapping
from dataclasses import field

from momo_contracts.frozen import dataclass
from momo_contracts.operations import Operation


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """A party as it came; None where a field is missing."""

    id_type: str | None
    id: str | None


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The body of a new payment as it came. `refunds` is the reference id of what it pays back."""

    amount: str | None
    currency: str | None
    external_id: str | None
    party: PartyFacts | None = None
    payer_message: str | None = None
    payee_note: str | None = None
    refunds: str | None = None


@dataclass(frozen=True, slots=True)
class ApiUserFacts:
    """The body of an API user's creation as it came."""

    callback_host: str | None


@dataclass(frozen=True, slots=True)
class NotificationFacts:
    """The body of a delivery notification as it came."""

    message: str | None


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What came to the token operation, which wants no body."""

    is_empty: bool
    is_form: bool


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A body that is not what the operation wants. `problem` says where and why."""

    problem: str
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class Oversized:
    """A body that is longer than `limit` bytes, however much of it has come."""

    limit: int


BodyFacts = (
    OrderFacts | ApiUserFacts | NotificationFacts | TokenFacts | Unreadable | Oversized | None
)
"""None for an operation that reads no body."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` has neither query nor namespace prefix; `names` are its parameters.

    Both may be told: a secret in the path is concealed. Ids that are UUIDs are in lower case.
    """

    method: str
    path: str
    operation: Operation | None
    names: tuple[str, ...]
    resource_id: str | None
    has_length: bool
    body: BodyFacts
    subscription_key: str | None = field(repr=False)
    authorization: str | None = field(repr=False)
    reference_id: str | None
    target_environment: str | None
    callback_url: str | None
    outcome: str | None
    headers: Mapping[str, str] = field(repr=False)
    client_ip: str = "127.0.0.1"

    @property
    def holder(self) -> PartyFacts | None:
        """The account holder that the path names."""
        if self.operation is None or "{holder_id}" not in self.operation.path or not self.names:
            return None
        return PartyFacts(self.names[0] if len(self.names) > 1 else "msisdn", self.names[-1])
