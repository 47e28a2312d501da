"""What the fake answers, before anybody thinks of bytes."""

from dataclasses import field
from decimal import Decimal

from mock_momo.core.payments import Payment
from momo_contracts.frozen import dataclass
from momo_contracts.values import Party
from momo_contracts.wire_errors import WireError


@dataclass(frozen=True, slots=True)
class Refusal:
    """A definite no. `why` tells the integrator in one line what was wrong and what was wanted.

    `status` replaces the catalogue's where a switch says so. `is_ours`: only a fake knows such a
    mistake; `is_assumed`: that the real API says no to it is assumed. `incident` is what a reply
    that quotes an id for MTN's support makes it from.
    """

    error: WireError
    why: str
    status: int | None = None
    retry_after_s: int | None = None
    is_ours: bool = False
    incident: int = 0
    is_assumed: bool = False

    @property
    def explanation(self) -> str:
        """`why`, and what the real API answers to such a request."""
        if self.is_ours:
            return self.why
        known = not (self.is_assumed or self.error.provenance.startswith("assumed"))
        verb = "answers" if known else "is assumed to answer"
        said = self.error.code or self.error.message.partition(". ")[0] or "with an empty body"
        return f"{self.why}; the real API {verb} {self.status or self.error.status} {said}"


@dataclass(frozen=True, slots=True)
class Accepted:
    """202, empty. `why` says what is wrong with the payment all the same."""

    why: str | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """201, empty."""


@dataclass(frozen=True, slots=True)
class TokenIssued:
    """A bearer token and its life in seconds."""

    token: str = field(repr=False)
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class ApiUserFound:
    """An API user as provisioning shows it."""

    callback_host: str
    target_environment: str


@dataclass(frozen=True, slots=True)
class ApiKeyIssued:
    """A key that is shown once."""

    api_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StatusFound:
    """A payment, to be shown as its resource shows it."""

    payment: Payment


@dataclass(frozen=True, slots=True)
class MissionFound:
    """A request to pay as `v2_0/payment` shows it: in the mission's words, or the published."""

    payment: Payment
    published: bool


@dataclass(frozen=True, slots=True)
class BalanceFound:
    """The account's balance."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class ActiveFound:
    """Whether an account holder can pay and be paid."""

    is_active: bool


@dataclass(frozen=True, slots=True)
class PersonFound:
    """An account holder, at this instant of the namespace."""

    holder: Party
    now_ms: int


@dataclass(frozen=True, slots=True)
class Notified:
    """200, empty."""


Reply = (
    Refusal
    | Accepted
    | Created
    | Notified
    | TokenIssued
    | ApiUserFound
    | ApiKeyIssued
    | StatusFound
    | MissionFound
    | BalanceFound
    | ActiveFound
    | PersonFound
)


class Refused(Exception):
    """Raised by a check of the wallet layer; caught once, by the gateway."""

    def __init__(
        self,
        error: WireError,
        why: str,
        *,
        status: int | None = None,
        is_ours: bool = False,
        incident: int = 0,
        is_assumed: bool = False,
    ) -> None:
        super().__init__(why)
        self.refusal = Refusal(
            error, why, status, is_ours=is_ours, incident=incident, is_assumed=is_assumed
        )
