"""The test bench of the driver: one configured client under a clock that the examiner moves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, closing, suppress
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import uuid4

from momo_client.core.payments import Payment
from momo_client.edge import answers
from momo_client.edge.answers import WAITING, Message, payment_as_it_is, refusal, unknown
from momo_client.edge.callback_port import CallbackPort
from momo_client.edge.checker import Checker
from momo_client.edge.clock import SteppedClock
from momo_client.edge.errands import Errand, FollowedClient
from momo_client.edge.intake import Options, read_reference_id
from momo_client.edge.ledger import Ledger
from momo_client.edge.settings import Settings
from momo_client.errors import (
    CallUnanswered,
    InvalidRequest,
    LedgerError,
    MomoClientError,
    TokenError,
    UnknownPayment,
)
from momo_contracts.values import Product

T = TypeVar("T")
Order = Callable[..., Coroutine[Any, Any, Payment]]
"""A payment but for its options."""

_KEYS = (
    "base_url",
    "api_user",
    "api_key",
    "target_environment",
    "currency",
    "ledger_url",
    "status_view",
)
"""The settings that `configure` has under the client's own names."""


class WaitsForClock(Exception):  # nothing is wrong
    """A piece of work goes on when the clock has moved."""


class Bench:
    """A configured client on its ledger, with the clock and the checker's timetable."""

    def __init__(self, client: FollowedClient, clock: SteppedClock) -> None:
        self._client = client
        self._clock = clock
        self._checker = Checker(client)
        self._last_round_at_ms = clock.now_ms()
        self._callbacks = CallbackPort(client)
        self._waiting: set[Errand[Any]] = set()

    @classmethod
    @asynccontextmanager
    async def opened(cls, request: Message) -> AsyncIterator["Bench"]:
        """A bench as `configure` asks for it. Raises ConfigurationError, LedgerError."""
        settings = _settings(request)
        with closing(Ledger.create(settings.ledger_url)) as ledger:
            if not request["resume"]:
                ledger.clear()
            clock = SteppedClock(request["now_ms"])
            async with FollowedClient(settings, ledger, clock) as client:
                bench = cls(client, clock)
                try:
                    yield bench
                finally:
                    await bench.close()

    async def close(self) -> None:
        """Cancel what waits for the clock, and stop listening."""
        tasks = [errand.task for errand in self._waiting]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._clock.stop()
        await self._callbacks.close()

    async def answer(self, op: str, request: Message) -> Message:
        """Do what a request asks for. Raises MomoClientError for a definite no."""
        return await _OPERATIONS[op](self, request)

    async def request_to_pay(self, request: Message) -> Message:
        """Ask a payer for money."""
        order = partial(self._client.request_to_pay, request["amount"], request["payer"])
        return await self._pay(order, request)

    async def transfer(self, request: Message) -> Message:
        """Send money to a payee, by disbursement."""
        order = partial(self._client.transfer, request["amount"], request["payee"])
        return await self._pay(order, request)

    async def refund(self, request: Message) -> Message:
        """Give a completed payment back, or a part of it."""
        order = partial(self._client.refund, request["reference_id"], request["amount"])
        return await self._pay(order, request)

    async def status(self, request: Message) -> Message:
        """The client's view of one payment, after asking the provider unless it is final."""
        reference_id = read_reference_id(request["reference_id"]).text
        look = self._client.check_payment_status(reference_id)
        try:
            return await self._told(look, reference_id, request)
        except TokenError as error:
            return unknown(reference_id, error.code)

    async def balance(self, _request: Message) -> Message:
        """What the provider says we have."""
        try:
            return answers.balance(await self._run(self._client.balance()))
        except CallUnanswered as error:
            return unknown(None, error.code)
        except WaitsForClock:
            return unknown(None, WAITING)

    async def deliver_callback(self, request: Message) -> Message:
        """Hand a callback to the client's receiver; what it confirms, it confirms later."""
        status = await self._callbacks.deliver(request["method"], request["path"], request["body"])
        return {"ok": {"status": status}} if status else unknown(None, "no answer")

    async def reconcile(self, _request: Message) -> Message:
        """One checker round over what is due now, after the looks that callbacks asked for."""
        await self._rest()
        try:
            return answers.counts(await self._run(self._checker.check_now()))
        except WaitsForClock:
            return unknown(None, WAITING)

    async def advance(self, request: Message) -> Message:
        """Move the clock on, wake who waits, then run the rounds that fell due on the way.

        All that runs late, at the end of the leap, as after a machine's sleep: the provider's
        clock is there already, and a round at an instant that it has left would see nothing new.
        The first round that finds nothing, or waits itself, is the last.
        """
        now_ms, interval_ms = self._clock.now_ms() + request["ms"], self._client.policy.interval_ms
        self._clock.move_to(now_ms)
        await self._rest()
        missed = (now_ms - self._last_round_at_ms) // interval_ms
        self._last_round_at_ms += missed * interval_ms
        with suppress(WaitsForClock):
            for _ in range(missed):
                if not (await self._run(self._checker.check_now())).checked:
                    break
        await self._rest()
        return {"ok": {}}

    async def ledger(self, _request: Message) -> Message:
        """The books as they are."""
        return answers.books(self._client.ledger)

    async def _pay(self, order: Order, request: Message) -> Message:
        """Pay. A key that has a payment which is open or completed gets that one, not another.

        Without a token nothing was sent, so that is a definite no.
        """
        if request["currency"] != self._client.settings.currency:
            return refusal("INVALID_CURRENCY", None)
        options = Options(reference_id=str(uuid4()))
        if "note" in request:
            options |= Options(payer_message=request["note"], payee_note=request["note"])
        try:
            payment = order(request["key"], **options)
            return await self._told(payment, str(options["reference_id"]), request)
        except (InvalidRequest, UnknownPayment) as error:
            if error.code == "EXTERNAL_ID_TAKEN" and error.reference_id:
                return self._known(error.reference_id)
            return refusal(error.code, None, str(error))

    async def _told(
        self, work: Coroutine[Any, Any, Payment], reference_id: str, request: Message
    ) -> Message:
        """The answer about a payment; unknown when `deadline_ms` of wall time pass before it."""
        deadline_ms = request.get("deadline_ms")
        try:
            async with asyncio.timeout(deadline_ms and deadline_ms / 1000):
                return payment_as_it_is(await self._run(work))
        except WaitsForClock:
            return self._known(reference_id)
        except TimeoutError:
            return unknown(reference_id, "timeout")
        except LedgerError as error:
            return unknown(reference_id, error.code)

    def _known(self, reference_id: str) -> Message:
        return payment_as_it_is(self._client.ledger.find(reference_id))

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """What a piece of work comes to. Raises WaitsForClock and lets it wait."""
        errand = self._client.begin(work)
        try:
            await self._client.until_still(errand)
        except asyncio.CancelledError:
            errand.task.cancel()
            await asyncio.wait({errand.task})
            raise
        if errand.task.done():
            return errand.task.result()
        self._waiting.add(errand)
        raise WaitsForClock

    async def _rest(self) -> None:
        """Return when nothing that has been begun can go on before the clock moves."""
        await asyncio.sleep(0)  # who has just been woken takes a first step
        await self._client.until_still(self._client.background, *self._waiting)
        ended = {errand for errand in self._waiting if errand.task.done()}
        self._waiting -= ended
        for errand in ended:
            error = errand.task.exception()
            if error is not None and not isinstance(error, MomoClientError):
                raise error  # the others are in the ledger: they were answered when they began


def _settings(request: Message) -> Settings:
    """The client's settings. Raises ConfigurationError."""
    keys = request["subscription_keys"]
    return Settings(
        **{name: request[name] for name in _KEYS},
        **{f"{product}_subscription_key": keys.get(product) for product in Product},
        callback_url=request["callback_url"] or "",
        timeout_s=request["request_timeout_ms"] / 1000,
    )


_OPERATIONS: Mapping[str, Callable[[Bench, Message], Awaitable[Message]]] = MappingProxyType(
    {
        "request_to_pay": Bench.request_to_pay,
        "transfer": Bench.transfer,
        "refund": Bench.refund,
        "status": Bench.status,
        "balance": Bench.balance,
        "deliver_callback": Bench.deliver_callback,
        "reconcile": Bench.reconcile,
        "clock.advance": Bench.advance,
        "ledger": Bench.ledger,
    }
)
