"""What the engine can be told to do. Everything in a command has been checked."""

from mock_momo.core.callback_terms import CallbackTerms
from mock_momo.core.payments import Order
from momo_contracts.frozen import dataclass
from momo_contracts.operations import Operation
from momo_contracts.plans import Plan
from momo_contracts.values import Party, Product


@dataclass(frozen=True, slots=True)
class CreateApiUser:
    """Provision an API user whose callbacks go to `callback_host`.

    `product` is the only one that it serves, if so.
    """

    reference_id: str
    callback_host: str
    product: Product | None = None


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
class CreatePayment:
    """Make a payment of the order's kind. `remark` is what is odd about it, for people."""

    reference_id: str
    order: Order
    plan: Plan
    callback: CallbackTerms | None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class ReadStatus:
    """Ask for a payment by the status operation of a resource."""

    operation: Operation
    reference_id: str


@dataclass(frozen=True, slots=True)
class Notify:
    """Have the payer told that what was paid for has been delivered."""

    operation: Operation
    reference_id: str


@dataclass(frozen=True, slots=True)
class ReadBalance:
    """Ask for the account's balance."""


@dataclass(frozen=True, slots=True)
class ReadPerson:
    """Ask who an account holder is."""

    holder: Party


@dataclass(frozen=True, slots=True)
class ReadActive:
    """Ask whether an account holder can pay and be paid."""

    holder: Party


Command = (
    CreateApiUser
    | ReadApiUser
    | CreateApiKey
    | IssueToken
    | CreatePayment
    | ReadStatus
    | Notify
    | ReadBalance
    | ReadPerson
    | ReadActive
)
