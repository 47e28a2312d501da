"""The client for asyncio, on aiohttp. The ledger runs in one worker thread beside the loop."""

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

import aiohttp

from momo_client.core import flows
from momo_client.core.effects import DropToken, Effect, Flow, GetToken, Pause, RunAll, Send
from momo_client.core.http import Answer, HttpReply, HttpRequest, NoAnswer
from momo_client.core.payments import Payment
from momo_client.core.token_cache import TokenCache
from momo_client.edge.calls import Calls
from momo_client.edge.clock import SYSTEM_CLOCK, Clock
from momo_client.edge.intake import Intake, read_reference_id
from momo_client.edge.ledger import Ledger
from momo_client.edge.settings import Settings
from momo_client.edge.transport import REPLY_LIMIT, problem_of
from momo_client.errors import MomoClientError

T = TypeVar("T")


class MomoClient:
    """One merchant's client. Use it as `async with MomoClient(settings, ledger) as client:`.

    The ledger stays the caller's: closing the client does not close it. `calls` counts requests.
    """

    def __init__(self, settings: Settings, ledger: Ledger, *, clock: Clock = SYSTEM_CLOCK) -> None:
        self.settings = settings
        self.ledger = ledger
        self.clock = clock
        self.merchant = settings.merchant()
        self.policy = settings.check_policy()
        self.calls = Calls()
        self._intake = Intake(settings)
        self._tokens = TokenCache()
        self._token_lock = asyncio.Lock()
        self._session: aiohttp.ClientSession
        self._ledger_thread: ThreadPoolExecutor

    async def request_to_pay(
        self,
        amount: Decimal | int | str,
        msisdn: str,
        external_id: str,
        *,
        payer_message: str = "",
        payee_note: str = "",
        reference_id: UUID | str | None = None,
    ) -> Payment:
        """Ask a payer for money, in the settings' currency.

        The payment is in the ledger before the first byte leaves. It returns PENDING when the
        provider accepted it, CREATED when nobody can tell (`reason` says why; the checker will
        find out: do not pay again). A caller who may be cancelled passes a `reference_id` of its
        own, a UUID version 4, and so knows it in any case.

        `external_id` is your own name for it. It is not checked: payments may share one
        (documented), so calling again pays again. `Ledger.find_by_external_id` tells.

        Raises InvalidRequest before any I/O; PaymentRefused when the provider said no and
        TokenError when it was never asked, both with `reference_id`; LedgerError, which carries
        one when the payment may have been sent: do not pay again.
        """
        payment = self._intake.payment(
            amount,
            msisdn,
            external_id,
            (payer_message, payee_note),
            reference_id,
            self.clock.now_ms(),
        )
        return await self.drive(flows.request_to_pay(self.merchant, payment))

    async def check_payment_status(self, reference_id: UUID | str) -> Payment:
        """What became of a payment. The provider is asked unless it is final, and settles it.

        Raises InvalidRequest, UnknownPayment, TokenError, LedgerError. When the provider does not
        answer, the payment comes back as it was, with the `reason`.
        """
        reference = read_reference_id(reference_id).text
        now_ms = self.clock.now_ms()
        return await self.drive(flows.read_payment(self.merchant, reference, now_ms, self.policy))

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
            case GetToken():
                return await self._get_token()
            case DropToken(value):
                return self._tokens.drop(value)
            case Pause(least_s, most_s):
                return await self._pause(least_s, most_s)
            case RunAll(side_by_side):
                return await self._run_all(side_by_side)
            case _:
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._ledger_thread, self.ledger.perform, effect)

    async def _send(self, request: HttpRequest) -> Answer:
        self.calls = self.calls.plus(request)
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

    async def _get_token(self) -> str:
        noted_fetches = self._tokens.fetches
        async with self._token_lock:
            now_ms = self.clock.now_ms()
            value = self._tokens.take(now_ms, noted_fetches)
            if value is None:
                outcome = await self.drive(flows.fetch_token(self.merchant, now_ms))
                value = self._tokens.keep(outcome)
            return value

    async def _pause(self, least_s: float, most_s: float) -> bool:
        if self.clock.runs:
            await asyncio.sleep(random.uniform(least_s, most_s))  # noqa: S311  # spreads retries
        return self.clock.runs

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
