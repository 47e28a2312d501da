"""What happens in a client, as values in the past tense: for logs, metrics and alarms.

No event holds a secret, a text or a whole phone number. `reference_id` is the one correlation id of
a payment; it is empty where there is no payment.
"""

from dataclasses import dataclass

from momo_client.core.flows import Round
from momo_client.core.payments import Payment
from momo_contracts.operations import Operation
from momo_contracts.values import Product


@dataclass(frozen=True, slots=True)
class CallEnded:
    """One attempt of a request. `status` is 0 and `problem` says why when no answer came."""

    operation: Operation
    reference_id: str
    status: int
    code: str
    problem: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class TokenTaken:
    """A call got its token: from the cache, or fetched for it."""

    product: Product
    is_cached: bool


@dataclass(frozen=True, slots=True)
class TokenFailed:
    """A call got no token; `code` says why."""

    product: Product
    code: str


@dataclass(frozen=True, slots=True)
class PaymentRecorded:
    """A payment was written down."""

    payment: Payment


@dataclass(frozen=True, slots=True)
class PaymentSettled:
    """A look at a payment, or an answer to its create, was noted: `before` became `payment`."""

    payment: Payment
    before: Payment

    @property
    def is_end(self) -> bool:
        """True where the payment became final: of all looks at it, in any process, at one."""
        return self.payment.is_final and not self.before.is_final


@dataclass(frozen=True, slots=True)
class CallbackTaken:
    """A callback came in. `word` is what it claims; `is_known` is False for a foreign payment."""

    reference_id: str
    is_known: bool
    word: str


@dataclass(frozen=True, slots=True)
class CallbackRefused:
    """Something came in that was not taken; `why` says what was wrong with it, or with us."""

    why: str


@dataclass(frozen=True, slots=True)
class CallbackContradicted:
    """A callback claims another end than its `payment` has: nothing was changed by it."""

    payment: Payment
    word: str


@dataclass(frozen=True, slots=True)
class CallbackUnconfirmed:
    """What a callback claims could not be looked into, `problem` says why: the checker will."""

    reference_id: str
    problem: str


@dataclass(frozen=True, slots=True)
class RoundEnded:
    """A checker round ended."""

    summary: Round
    duration_s: float


@dataclass(frozen=True, slots=True)
class RoundLost:
    """A checker round ended with an error of the ledger; its payments stay due."""

    problem: str


@dataclass(frozen=True, slots=True)
class AlarmRaised:
    """A threshold is exceeded: `share` of `total`, both over the alarm's window."""

    name: str
    share: float
    total: int
    threshold: float


Event = (
    CallEnded
    | TokenTaken
    | TokenFailed
    | PaymentRecorded
    | PaymentSettled
    | CallbackTaken
    | CallbackRefused
    | CallbackContradicted
    | CallbackUnconfirmed
    | RoundEnded
    | RoundLost
    | AlarmRaised
)
