"""What the engine can be told to do. Everything in a command has been checked."""

from mock_momo.core.callback_terms import CallbackTerms
from mock_momo.core.payments import Order
from momo_contracts.frozen import dataclass
from momo_contracts.plans import Plan


@dataclass(frozen=True, slots=True)
class CreateApiUser:
    """Provision an API user whose callbacks go to `callback_host`."""

    reference_id: str
    callback_host: str


@dataclass(frozen=True, slots=True)
class ReadApiUser:
    """Ask for an API user."""

    reference_id: str


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """Make one more key for an API user."""

    reference_id: str


@dataclass(frozen=True, slots=True)
class IssueToken:
    """Issue a token to an API user that has proved itself."""

    api_user: str


@dataclass(frozen=True, slots=True)
class RequestToPay:
    """Ask the payer of the order for its amount."""

    reference_id: str
    order: Order
    plan: Plan
    callback: CallbackTerms | None


@dataclass(frozen=True, slots=True)
class ReadRequestToPay:
    """Ask for a request to pay by its own resource."""

    reference_id: str


@dataclass(frozen=True, slots=True)
class ReadPayment:
    """Ask for a payment by `v2_0/payment`."""

    reference_id: str


@dataclass(frozen=True, slots=True)
class ReadBalance:
    """Ask for the account's balance."""


Command = (
    CreateApiUser
    | ReadApiUser
    | CreateApiKey
    | IssueToken
    | RequestToPay
    | ReadRequestToPay
    | ReadPayment
    | ReadBalance
)
