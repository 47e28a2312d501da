"""What the shells share: settings, ledger, clock, tokens, and who is told what happens."""

from collections.abc import Sequence
from time import monotonic

from momo_client.core.classification import read_refusal
from momo_client.core.effects import LedgerEffect, Record
from momo_client.core.events import (
    CallEnded,
    Event,
    PaymentRecorded,
    PaymentSettled,
)
from momo_client.core.http import Answer, HttpRequest, NoAnswer
from momo_client.core.rate_limit import RateLimit
from momo_client.core.settlement import Change
from momo_client.core.token_cache import TokenCache
from momo_client.edge.calls import Calls
from momo_client.edge.clock import Clock
from momo_client.edge.intake import Intake
from momo_client.edge.ledger import Ledger
from momo_client.edge.listeners import Listener, Listeners
from momo_client.edge.settings import Settings
from momo_contracts.values import Product


class BaseClient:
    """One merchant's client, without the way to the network.

    The ledger stays the caller's: closing the client does not close it. `calls` counts requests;
    `listeners` are told every event.
    """

    def __init__(
        self, settings: Settings, ledger: Ledger, clock: Clock, listeners: Sequence[Listener]
    ) -> None:
        self.settings = settings
        self.ledger = ledger
        self.clock = clock
        self.merchant = settings.merchant()
        self.policy = settings.policy()
        self.calls = Calls()
        self._intake = Intake(settings, clock)
        self._tokens = {product: TokenCache() for product in Product}
        self._limit = RateLimit(settings.calls_per_s)
        self._listeners = Listeners(listeners)

    def tell(self, event: Event) -> None:
        """Tell the listeners."""
        self._listeners.tell(event)

    def _wait_s(self) -> float:
        """How long the rate limit lets the next call wait; on a clock that stands, never."""
        return self._limit.reserve(monotonic()) if self.clock.runs else 0.0

    def _tell_of_call(self, request: HttpRequest, answer: Answer, began_s: float) -> None:
        duration_s = monotonic() - began_s
        operation, reference_id = request.operation, request.reference_id
        if isinstance(answer, NoAnswer):
            problem = answer.problem
            self.tell(CallEnded(operation, reference_id, 0, "", problem, duration_s))
            return
        code = read_refusal(answer).code if answer.status >= 400 else ""
        self.tell(CallEnded(operation, reference_id, answer.status, code, "", duration_s))

    def _booked(self, effect: LedgerEffect, result: object) -> object:
        """Tell of what was written; what the flow is to be answered."""
        match effect, result:
            case Record(payment), _:
                self.tell(PaymentRecorded(payment))
            case _, Change(before, after):
                self.tell(PaymentSettled(after, before))
                return after
        return result
