"""The client for asyncio, on aiohttp. The ledger runs in one worker thread beside the loop."""

import asyncio
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack
from uuid import UUID

import aiohttp

from momo_client.core.attempts import fetch_token
from momo_client.core.effects import DropToken, Effect, Flow, GetToken, Pause, RunAll, Send
from momo_client.core.events import TokenFailed, TokenTaken
from momo_client.core.http import Answer, HttpReply, HttpRequest, NoAnswer
from momo_client.core.payments import Payment
from momo_client.core.reads import Balance, Person
from momo_client.edge.base import BaseClient
from momo_client.edge.clock import SYSTEM_CLOCK, Clock
from momo_client.edge.intake import Amount, Options
from momo_client.edge.ledger import Ledger
from momo_client.edge.listeners import Listener
from momo_client.edge.settings import Settings
from momo_client.edge.transport import REPLY_LIMIT, problem_of
from momo_client.errors import MomoClientError, TokenError
from momo_contracts.values import Product

T = TypeVar("T")


class MomoClient(BaseClient):
    """One merchant's client. Use it as `async with MomoClient(settings, ledger) as client:`."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        *,
        clock: Clock = SYSTEM_CLOCK,
        listeners: Sequence[Listener] = (),
    ) -> None:
        super().__init__(settings, ledger, clock, listeners)
        self._token_locks = {product: asyncio.Lock() for product in Product}
        self._session: aiohttp.ClientSession
        self._ledger_thread: ThreadPoolExecutor

    async def request_to_pay(
        self, amount: Amount, msisdn: str, external_id: str, **options: Unpack[Options]
    ) -> Payment:
        """Ask a payer for money, in the settings' currency; `options` as in `Options`.

        The payment is in the ledger before the first byte leaves. It returns PENDING when the
        provider accepted it, final when that is known already, CREATED when nobody can tell
        (`reason` says why; the checker will find out: do not pay again).

        `external_id` is your own name for it: while a payment under it is open or completed,
        another one is refused unless it comes `again`.

        Raises InvalidRequest before any I/O; PaymentRefused when the provider said no and
        TokenError when it was never asked, both with `reference_id`; LedgerError, which carries
        one when the payment may have been sent: do not pay again.
        """
        name = "collection.requesttopay.create"
        return await self.drive(self._intake.pay(name, amount, msisdn, external_id, options))

    async def request_to_withdraw(
        self, amount: Amount, msisdn: str, external_id: str, **options: Unpack[Options]
    ) -> Payment:
        """Take money from a payer who wants cash; as `request_to_pay`."""
        name = "collection.requesttowithdraw.create"
        return await self.drive(self._intake.pay(name, amount, msisdn, external_id, options))

    async def transfer(
        self,
        amount: Amount,
        msisdn: str,
        external_id: str,
        product: Product = Product.DISBURSEMENT,
        **options: Unpack[Options],
    ) -> Payment:
        """Send money to a payee, by disbursement or remittance; as `request_to_pay`.

        It leaves our wallet before it is sent and comes back once if it fails.
        """
        name = f"{product}.transfer.create"
        return await self.drive(self._intake.pay(name, amount, msisdn, external_id, options))

    async def deposit(
        self, amount: Amount, msisdn: str, external_id: str, **options: Unpack[Options]
    ) -> Payment:
        """Put money into a payee's account; as `transfer`."""
        name = "disbursement.deposit.create"
        return await self.drive(self._intake.pay(name, amount, msisdn, external_id, options))

    async def refund(
        self,
        original_id: UUID | str,
        amount: Amount,
        external_id: str,
        **options: Unpack[Options],
    ) -> Payment:
        """Give a completed payment back, or a part of it; as `transfer`.

        Raises also UnknownPayment, and InvalidRequest for a payment that is not completed.
        """
        return await self.drive(self._intake.refund(original_id, amount, external_id, options))

    async def check_payment_status(self, reference_id: UUID | str) -> Payment:
        """What became of a payment. The provider is asked unless it is final, and settles it.

        Raises InvalidRequest, UnknownPayment, TokenError, LedgerError. When the provider does not
        answer, the payment comes back as it was, with the `reason`.
        """
        return await self.drive(self._intake.read_payment(reference_id))

    async def balance(self, product: Product = Product.COLLECTION) -> Balance:
        """What the provider says we have. Raises CallRefused, CallUnanswered, TokenError."""
        return await self.drive(self._intake.read_balance(product))

    async def is_active(self, msisdn: str, product: Product = Product.COLLECTION) -> bool:
        """Whether a number is an active account holder. Raises as `balance`, InvalidRequest."""
        return await self.drive(self._intake.read_active(msisdn, product))

    async def person(self, msisdn: str, product: Product = Product.COLLECTION) -> Person:
        """Who an account holder is. Raises as `is_active`."""
        return await self.drive(self._intake.read_person(msisdn, product))

    async def notify(self, reference_id: UUID | str, message: str) -> None:
        """Send the payer of a successful request to pay a text, once.

        Raises as `is_active`, and UnknownPayment. After CallUnanswered it may have gone out.
        """
        await self.drive(self._intake.notify(reference_id, message))

    async def drive(self, flow: Flow[T]) -> T:
        """Run a flow to its end, performing each effect that it asks for."""
        step = partial(flow.send, None)
        while True:
            try:
                effect = step()
            except StopIteration as end:
                result: T = end.value
                return result
            try:
                step = partial(flow.send, await self._perform(effect))
            except MomoClientError as error:
                step = partial(flow.throw, error)

    async def _perform(self, effect: Effect) -> Any:  # noqa: ANN401  # each effect names its answer
        match effect:
            case Send(request):
                return await self._send(request)
            case GetToken(product):
                return await self._get_token(product)
            case DropToken(product, value):
                return self._tokens[product].drop(value)
            case Pause(least_s, most_s):
                return await self.clock.sleep(random.uniform(least_s, most_s))  # noqa: S311  # spreads retries
            case RunAll(side_by_side):
                return await self._run_all(side_by_side)
            case _:
                loop = asyncio.get_running_loop()
                work = partial(self.ledger.perform, effect)
                result = await loop.run_in_executor(self._ledger_thread, work)
                return self._booked(effect, result)

    async def _send(self, request: HttpRequest) -> Answer:
        if wait_s := self._wait_s():
            await asyncio.sleep(wait_s)
        self.calls = self.calls.plus(request)
        began_s = monotonic()
        answer = await self._exchange(request)
        self._tell_of_call(request, answer, began_s)
        return answer

    async def _exchange(self, request: HttpRequest) -> Answer:
        try:
            async with self._session.request(
                request.method,
                self.settings.base_url + request.path,
                data=request.body or None,
                headers=dict(request.headers),
                allow_redirects=False,
            ) as reply:
                body = await _read_body(reply.content)
                if len(body) > REPLY_LIMIT:
                    return NoAnswer("reply too long")
                return HttpReply(reply.status, tuple(reply.headers.items()), body)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return NoAnswer(_problem_of(error))

    async def _get_token(self, product: Product) -> str:
        cache = self._tokens[product]
        noted_fetches = cache.fetches
        async with self._token_locks[product]:
            now_ms = self.clock.now_ms()
            try:
                cached = cache.take(now_ms, noted_fetches)
                value = cached or cache.keep(
                    await self.drive(fetch_token(self.merchant, product, now_ms, self.policy))
                )
            except TokenError as error:
                self.tell(TokenFailed(product, error.code))
                raise
        self.tell(TokenTaken(product, is_cached=cached is not None))
        return value

    async def _run_all(self, side_by_side: tuple[Flow[Payment], ...]) -> tuple[Payment, ...]:
        # All end before the first error is raised: none is left running behind the caller's back.
        results = await asyncio.gather(*map(self.drive, side_by_side), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return tuple(result for result in results if not isinstance(result, BaseException))

    async def __aenter__(self) -> Self:
        self._ledger_thread = ThreadPoolExecutor(1, thread_name_prefix="momo-ledger")
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self.settings.timeout_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Content-Type",),
        )
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self._session.close()
        self._ledger_thread.shutdown()


async def _read_body(content: aiohttp.StreamReader) -> bytes:
    """The body; of one that is too long just enough to tell."""
    body = bytearray()
    async for part in content.iter_any():
        body += part
        if len(body) > REPLY_LIMIT:
            break
    return bytes(body)


def _problem_of(error: Exception) -> str:
    match error:
        case aiohttp.ClientConnectorError():
            return problem_of(error.os_error)
        case aiohttp.ServerDisconnectedError():
            return "connection lost"
        case aiohttp.ClientPayloadError():
            return "truncated reply"
        case _:
            return problem_of(error)
