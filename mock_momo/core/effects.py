"""What the engine wants done, as values: whoever runs it writes down and sends."""

from dataclasses import field

from mock_momo.core.payments import Payment
from momo_contracts.events import CallbackAttempted, CallbackWithheld, PaymentSettled
from momo_contracts.frozen import dataclass
from momo_contracts.switches import Switches


@dataclass(frozen=True, slots=True)
class Happened:
    """Something happened by itself, at this instant; for the event log."""

    at_ms: int
    detail: PaymentSettled | CallbackAttempted | CallbackWithheld


@dataclass(frozen=True, slots=True)
class SendCallback:
    """Send attempt number `attempt` of a delivery: `told` is the payment as the callback tells it.

    An early one must be answered before the reply to the create is handed over. `world` is who
    wants to know the answer: the `Callbacks` that it comes from, and no later one.
    """

    at_ms: int
    delivery_id: str
    attempt: int
    method: str
    url: str
    told: Payment
    switches: Switches
    is_early: bool = False
    world: object = field(default=None, repr=False, compare=False)


Effect = Happened | SendCallback
