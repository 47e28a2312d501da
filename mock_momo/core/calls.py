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
    """The body of a request to pay as it came."""

    amount: str | None
    currency: str | None
    external_id: str | None
    payer: PartyFacts | None
    payer_message: str | None
    payee_note: str | None


@dataclass(frozen=True, slots=True)
class ApiUserFacts:
    """The body of an API user's creation as it came."""

    callback_host: str | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A body that is not what the operation wants. `problem` says where and why."""

    problem: str


@dataclass(frozen=True, slots=True)
class Oversized:
    """A body that is longer than `limit` bytes, however much of it has come."""

    limit: int


BodyFacts = OrderFacts | ApiUserFacts | Unreadable | Oversized | None
"""None for an operation that reads no body."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` has neither query nor namespace prefix; `resource_id` is its {id}.

    Both may be told: a secret in the path is concealed. Ids that are UUIDs are in lower case.
    """

    method: str
    path: str
    operation: Operation | None
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
