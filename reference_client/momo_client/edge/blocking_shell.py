"""The client for synchronous code: plain scripts, threads, and gevent once it has patched."""

import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack
from uuid import UUID

from momo_client.core.attempts import fetch_token
from momo_client.core.effects import DropToken, Effect, Flow, GetToken, Pause, RunAll, Send
from momo_client.core.events import TokenFailed, TokenTaken
from momo_client.core.http import Answer, HttpRequest
from momo_client.core.payments import Payment
from momo_client.core.reads import Balance, Person
from momo_client.edge.base import BaseClient
from momo_client.edge.clock import SYSTEM_CLOCK, Clock
from momo_client.edge.intake import Amount, Options
from momo_client.edge.ledger import Ledger
from momo_client.edge.listeners import Listener
from momo_client.edge.settings import Settings
from momo_client.edge.transport import SocketTransport, Transport
from momo_client.errors import MomoClientError, TokenError
from momo_contracts.values import Product

T = TypeVar("T")

SIDE_BY_SIDE = 10
"""Assumed: how many payments of a checker's round are asked for at the same time."""


class BlockingMomoClient(BaseClient):
    """One merchant's client; safe for many threads or greenlets."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        *,
        clock: Clock = SYSTEM_CLOCK,
        transport: Transport | None = None,
        listeners: Sequence[Listener] = (),
    ) -> None:
        super().__init__(settings, ledger, clock, listeners)
        self._transport = transport or SocketTransport(settings.base_url, settings.timeout_s)
        self._token_locks = {product: threading.Lock() for product in Product}
        self._count_lock = threading.Lock()

    def request_to_pay(
        self, amount: Amount, msisdn: str, external_id: str, **options: Unpack[Options]
    ) -> Payment:
        """Ask a payer for money; see `MomoClient.request_to_pay`."""
        name = "collection.requesttopay.create"
        return self.drive(self._intake.pay(name, amount, msisdn, external_id, options))

    def request_to_withdraw(
        self, amount: Amount, msisdn: str, external_id: str, **options: Unpack[Options]
    ) -> Payment:
        """See `MomoClient.request_to_withdraw`."""
        name = "collection.requesttowithdraw.create"
        return self.drive(self._intake.pay(name, amount, msisdn, external_id, options))

    def transfer(
        self,
        amount: Amount,
        msisdn: str,
        external_id: str,
        product: Product = Product.DISBURSEMENT,
        **options: Unpack[Options],
    ) -> Payment:
        """See `MomoClient.transfer`."""
        name = f"{product}.transfer.create"
        return self.drive(self._intake.pay(name, amount, msisdn, external_id, options))

    def deposit(
        self, amount: Amount, msisdn: str, external_id: str, **options: Unpack[Options]
    ) -> Payment:
        """See `MomoClient.deposit`."""
        name = "disbursement.deposit.create"
        return self.drive(self._intake.pay(name, amount, msisdn, external_id, options))

    def refund(
        self,
        original_id: UUID | str,
        amount: Amount,
        external_id: str,
        **options: Unpack[Options],
    ) -> Payment:
        """See `MomoClient.refund`."""
        return self.drive(self._intake.refund(original_id, amount, external_id, options))

    def check_payment_status(self, reference_id: UUID | str) -> Payment:
        """See `MomoClient.check_payment_status`."""
        return self.drive(self._intake.read_payment(reference_id))

    def balance(self, product: Product = Product.COLLECTION) -> Balance:
        """See `MomoClient.balance`."""
        return self.drive(self._intake.read_balance(product))

    def is_active(self, msisdn: str, product: Product = Product.COLLECTION) -> bool:
        """See `MomoClient.is_active`."""
        return self.drive(self._intake.read_active(msisdn, product))

    def person(self, msisdn: str, product: Product = Product.COLLECTION) -> Person:
        """See `MomoClient.person`."""
        return self.drive(self._intake.read_person(msisdn, product))

    def notify(self, reference_id: UUID | str, message: str) -> None:
        """See `MomoClient.notify`."""
        self.drive(self._intake.notify(reference_id, message))

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
            case GetToken(product):
                return self._get_token(product)
            case DropToken(product, value):
                return self._tokens[product].drop(value)
            case Pause(least_s, most_s):
                return self._pause(least_s, most_s)
            case RunAll(side_by_side):
                return self._run_all(side_by_side)
            case _:
                return self._booked(effect, self.ledger.perform(effect))

    def _send(self, request: HttpRequest) -> Answer:
        with self._count_lock:
            wait_s = self._wait_s()
            self.calls = self.calls.plus(request)
        if wait_s:
            time.sleep(wait_s)
        began_s = time.monotonic()
        answer = self._transport.send(request)
        self._tell_of_call(request, answer, began_s)
        return answer

    def _get_token(self, product: Product) -> str:
        cache = self._tokens[product]
        noted_fetches = cache.fetches
        with self._token_locks[product]:
            now_ms = self.clock.now_ms()
            try:
                cached = cache.take(now_ms, noted_fetches)
                value = cached or cache.keep(
                    self.drive(fetch_token(self.merchant, product, now_ms, self.policy))
                )
            except TokenError as error:
                self.tell(TokenFailed(product, error.code))
                raise
        self.tell(TokenTaken(product, is_cached=cached is not None))
        return value

    def _pause(self, least_s: float, most_s: float) -> bool:
        if self.clock.runs:
            time.sleep(random.uniform(least_s, most_s))  # noqa: S311  # spreads retries, no secret
        return self.clock.runs

    def _run_all(self, side_by_side: tuple[Flow[Payment], ...]) -> tuple[Payment, ...]:
        # All end before the first error is raised: none is left running behind the caller's back.
        if not side_by_side:
            return ()
        with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(side_by_side))) as pool:
            running = [pool.submit(self.drive, flow) for flow in side_by_side]
        return tuple(done.result() for done in running)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Nothing is held open; `with` is there so that both clients are used alike."""
