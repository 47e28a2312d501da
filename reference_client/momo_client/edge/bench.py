"""The test bench of the driver: one configured client under a clock that the examiner moves."""

import asyncio
from collections.abc import Awaitable
from typing import Any
from uuid import uuid4

from momo_client.core.bookings import WALLET
from momo_client.core.flows import Round
from momo_client.core.payments import Payment, PaymentStatus
from momo_client.edge.asyncio_shell import MomoClient
from momo_client.edge.checker import Checker
from momo_client.edge.clock import ManualClock
from momo_client.errors import InvalidRequest, LedgerError, MomoClientError, TokenError

Message = dict[str, Any]


class Bench:
    """A configured client on its ledger, with the clock and the checker's timetable."""

    def __init__(self, client: MomoClient, clock: ManualClock) -> None:
        self.client = client
        self.clock = clock
        self._checker = Checker(client)
        self._last_round_at_ms = clock.now_ms()

    async def request_to_pay(self, request: Message) -> Message:
        """Pay. Without a token nothing was sent, so that is a definite no.

        A key that has a payment which is open or completed gets that one, not another.
        """
        if request["currency"] != self.client.settings.currency:
            return {"fail": {"code": "INVALID_CURRENCY", "reference_id": None}}
        reference_id = str(uuid4())
        payment = self.client.request_to_pay(
            request["amount"], request["payer"], request["key"], reference_id=reference_id
        )
        try:
            return await _told(payment, reference_id, request, undecided=(LedgerError,))
        except InvalidRequest as error:
            if error.code != "EXTERNAL_ID_TAKEN" or error.reference_id is None:
                raise
            return _state_of(self.client.ledger.find(error.reference_id))

    async def status(self, request: Message) -> Message:
        """The client's view of one payment, after asking the provider unless it is final."""
        reference_id = request["reference_id"]
        payment = self.client.check_payment_status(reference_id)
        return await _told(payment, reference_id, request, undecided=(LedgerError, TokenError))

    async def reconcile(self, _request: Message) -> Message:
        """One checker round over what is due now."""
        return {"ok": _counts(await self._checker.check_now())}

    async def advance(self, request: Message) -> Message:
        """Move the clock on, then run the rounds that fell due on the way, until one finds nothing.

        They run late, at the end of the leap, as after a machine's sleep: the provider's clock is
        there already, and a round at an instant that it has left would see nothing new.
        """
        now_ms, interval_ms = self.clock.now_ms() + request["ms"], self.client.policy.interval_ms
        self.clock.move_to(now_ms)
        missed = (now_ms - self._last_round_at_ms) // interval_ms
        self._last_round_at_ms += missed * interval_ms
        for _ in range(missed):
            if not (await self._checker.check_now()).checked:
                break
        return {"ok": {}}

    async def ledger(self, _request: Message) -> Message:
        """The books as they are."""
        ledger = self.client.ledger
        payments = [
            {
                "reference_id": payment.reference_id,
                "key": payment.external_id,
                "state": _state(payment),
                "amount": payment.money.wire,
                "currency": payment.money.currency.code,
            }
            for payment in ledger.payments()
        ]
        entries = [
            {
                "reference_id": entry.reference_id,
                "account": entry.posting.account,
                "amount": entry.posting.money.wire,
                "currency": entry.posting.money.currency.code,
            }
            for entry in ledger.entries()
        ]
        balance = {code: money.wire for code, money in ledger.balance(WALLET).items()}
        return {"ok": {"payments": payments, "entries": entries, "balance": balance}}


def _state(payment: Payment) -> str:
    return PaymentStatus.PENDING.value if payment.is_undecided else payment.status.value


def _state_of(payment: Payment) -> Message:
    if payment.is_undecided:
        return {"unknown": {"reference_id": payment.reference_id, "why": payment.reason}}
    return {"ok": {"reference_id": payment.reference_id, "state": _state(payment)}}


def _counts(summary: Round) -> Message:
    return {name: getattr(summary, name) for name in ("checked", "completed", "failed", "pending")}


async def _told(
    payment: Awaitable[Payment],
    reference_id: str,
    request: Message,
    undecided: tuple[type[MomoClientError], ...],
) -> Message:
    """The answer about a payment; unknown when `deadline_ms` of wall time pass before it."""
    deadline_ms = request.get("deadline_ms")
    try:
        async with asyncio.timeout(deadline_ms and deadline_ms / 1000):
            return _state_of(await payment)
    except TimeoutError:
        why = "timeout"
    except undecided as error:
        why = error.code
    return {"unknown": {"reference_id": reference_id, "why": why}}
