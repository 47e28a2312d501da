"""The client for synchronous code: plain scripts, threads, and gevent once it has patched."""

import random
import threading
import time
from decimal import Decimal
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

from momo_client.core import flows
from momo_client.core.effects import DropToken, Effect, Flow, GetToken, Pause, RunAll, Send
from momo_client.core.http import Answer, HttpRequest
from momo_client.core.payments import Payment
from momo_client.core.token_cache import TokenCache
from momo_client.edge.calls import Calls
from momo_client.edge.clock import SYSTEM_CLOCK, Clock
from momo_client.edge.intake import Intake, read_reference_id
from momo_client.edge.ledger import Ledger
from momo_client.edge.settings import Settings
from momo_client.edge.transport import SocketTransport, Transport
from momo_client.errors import MomoClientError

T = TypeVar("T")


class BlockingMomoClient:
    """One merchant's client; safe for many threads or greenlets.

    The ledger stays the caller's: closing the client does not close it. `calls` counts requests.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        *,
        clock: Clock = SYSTEM_CLOCK,
        transport: Transport | None = None,
    ) -> None:
        self.settings = settings
        self.ledger = ledger
        self.clock = clock
        self.merchant = settings.merchant()
        self.policy = settings.check_policy()
        self.calls = Calls()
        self._transport = transport or SocketTransport(settings.base_url, settings.timeout_s)
        self._intake = Intake(settings)
        self._tokens = TokenCache()
        self._token_lock = threading.Lock()
        self._count_lock = threading.Lock()

    def request_to_pay(
        self,
        amount: Decimal | int | str,
        msisdn: str,
        external_id: str,
        *,
        payer_message: str = "",
        payee_note: str = "",
        reference_id: UUID | str | None = None,
    ) -> Payment:
        """Ask a payer for money; see `MomoClient.request_to_pay`."""
        payment = self._intake.payment(
            amount,
            msisdn,
            external_id,
            (payer_message, payee_note),
            reference_id,
            self.clock.now_ms(),
        )
        return self.drive(flows.request_to_pay(self.merchant, payment))

    def check_payment_status(self, reference_id: UUID | str) -> Payment:
        """What became of a payment; see `MomoClient.check_payment_status`."""
        reference = read_reference_id(reference_id).text
        now_ms = self.clock.now_ms()
        return self.drive(flows.read_payment(self.merchant, reference, now_ms, self.policy))

    def drive(self, flow: Flow[T]) -> T:
        """Run a flow to its end, performing each effect that it asks for."""
        step = partial(flow.send, None)
        while True:
            try:
                effect = step()
            except StopIteration as end:
                result: T = end.value
                return result
            try:
                step = partial(flow.send, self._perform(effect))
            except MomoClientError as error:
                step = partial(flow.throw, error)

    def _perform(self, effect: Effect) -> Any:  # noqa: ANN401  # each effect names its answer
        match effect:
            case Send(request):
                return self._send(request)
            case GetToken():
                return self._get_token()
            case DropToken(value):
                return self._tokens.drop(value)
            case Pause(least_s, most_s):
                return self._pause(least_s, most_s)
            case RunAll(side_by_side):
                return self._run_all(side_by_side)
            case _:
                return self.ledger.perform(effect)

    def _send(self, request: HttpRequest) -> Answer:
        with self._count_lock:
            self.calls = self.calls.plus(request)
        return self._transport.send(request)

    def _get_token(self) -> str:
        noted_fetches = self._tokens.fetches
        with self._token_lock:
            now_ms = self.clock.now_ms()
            value = self._tokens.take(now_ms, noted_fetches)
            if value is None:
                outcome = self.drive(flows.fetch_token(self.merchant, now_ms))
                value = self._tokens.keep(outcome)
            return value

    def _pause(self, least_s: float, most_s: float) -> bool:
        if self.clock.runs:
            time.sleep(random.uniform(least_s, most_s))  # noqa: S311  # spreads retries, no secret
        return self.clock.runs

    def _run_all(self, side_by_side: tuple[Flow[Payment], ...]) -> tuple[Payment, ...]:
        payments: list[Payment] = []
        errors: list[Exception] = []
        for flow in side_by_side:
            try:
                payments.append(self.drive(flow))
            except Exception as error:  # noqa: BLE001  # raised when each flow has had its turn
                errors.append(error)
        if errors:
            raise errors[0]
        return tuple(payments)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Nothing is held open; `with` is there so that both clients are used alike."""
