"""One step after another: what each does to the world and asks of the client."""

import json
from collections.abc import Mapping
from contextlib import suppress
from uuid import uuid4

from mock_momo.testing import InvalidSetting, World
from momo_conformance.asking import Asking
from momo_conformance.calls import CREATES
from momo_conformance.protocol import Answer, Ok
from momo_conformance.recorder import Recorder
from momo_conformance.relay import PATH
from momo_conformance.staging import perform_in
from momo_conformance.steps import (
    PAYER,
    Advance,
    AskBalance,
    AskStatus,
    Crash,
    Forge,
    Pay,
    Reconcile,
    Refund,
    Repeat,
    Settle,
    Single,
    Transfer,
)

DEADLINE_MS = 4000
"""How long a client may take to answer for a payment, in wall time."""

WITHIN_S = 2 * DEADLINE_MS / 1000 + 1
"""So long is waited for such an answer: a client that has none by then hangs."""

_UNAVAILABLE = 503

Fields = dict[str, object]


def order_key(number: int) -> str:
    """The key under which the driver is asked for the nth payment."""
    return f"order-{number}"


class Performer:
    """Takes the steps of one example. Its methods may run side by side."""

    def __init__(self, world: World, asking: Asking, recorder: Recorder) -> None:
        self._world = world
        self._asking = asking
        self._recorder = recorder
        self._orders: dict[int, tuple[str, Fields]] = {}
        self._references: dict[int, str] = {}

    def perform(self, step: Single, number: int | None) -> None:
        """Take one step; `number` is that of the payment that it makes."""
        match step:
            case Pay() | Transfer() | Refund():
                assert number is not None  # noqa: S101  # the plan counts them
                self._order(number, step)
            case Repeat(payment):
                self._ask_again(payment)
            case AskStatus(payment):
                self._ask_status(payment)
            case AskBalance():
                self._ask_if_known("balance")
            case Advance(seconds, times):
                self._pass_time(seconds, times)
            case Reconcile(times):
                self._reconcile(times)
            case Settle(payment, decision):
                self._settle(payment, decision)
            case Forge():
                self._forge(step)
            case Crash():
                self._asking.crash()
            case _:
                with self._recorder.touched():
                    perform_in(self._world, step)

    def advance(self, seconds: float) -> None:
        """Let time pass, first in the fake and then in the client."""
        before_ms = self._recorder.now_ms
        with self._recorder.touched():
            self._recorder.now_ms = self._world.advance(round(seconds, 3)).now_ms
        self._asking.ask("clock.advance", {"ms": self._recorder.now_ms - before_ms})

    def _pass_time(self, seconds: float, times: int) -> None:
        for _ in range(times):
            self.advance(seconds)
        self._ask_if_known("ledger")  # what the client makes of it now, not only in the end

    def _reconcile(self, times: int) -> None:
        for _ in range(times):
            self._ask_if_known("reconcile")
        self._ask_if_known("ledger")

    def ask_for_all(self) -> None:
        """Ask for the status of every payment."""
        for number in self._orders:
            self._ask_status(number)

    def relay(self, method: str, path: str, body: str) -> int:
        """Hand a callback that has arrived to the client; the status that it answers with."""
        about = self._recorder.reference_in(body)
        return self._hand_over(method, path, body, about, is_forged=False)

    def _order(self, number: int, step: Pay | Transfer | Refund) -> None:
        order = self._order_of(number, step)
        if order is None or not self._asking.supports(order[0]):
            return
        self._orders[number] = order
        self._ask_again(number)

    def _ask_again(self, number: int) -> None:
        if number not in self._orders:
            return
        op, fields = self._orders[number]
        answer = self._asking.ask(op, fields, within_s=WITHIN_S, payment=number)
        reference_id = _reference_in(answer) or self._recorder.reference_of(order_key(number))
        if reference_id:
            self._references[number] = reference_id

    def _order_of(self, number: int, step: Pay | Transfer | Refund) -> tuple[str, Fields] | None:
        fields: Fields = {
            "key": order_key(number),
            "amount": step.amount,
            "currency": self._world.currency,
            "deadline_ms": DEADLINE_MS,
        }
        match step:
            case Pay(_, payer, currency, note):
                given = {"currency": currency, "note": note}
                chosen = {name: value for name, value in given.items() if value}
                return CREATES[0], {**fields, "payer": payer, **chosen}
            case Transfer(_, payee):
                return CREATES[1], fields | {"payee": payee}
            case Refund(payment):
                original = self._references.get(payment)
                return (CREATES[2], fields | {"reference_id": original}) if original else None

    def _ask_status(self, number: int) -> None:
        reference_id = self._references.get(number)
        if reference_id:
            fields = {"reference_id": reference_id, "deadline_ms": DEADLINE_MS}
            self._asking.ask("status", fields, within_s=WITHIN_S, payment=number)

    def _ask_if_known(self, op: str) -> None:
        if self._asking.supports(op):
            self._asking.ask(op)

    def _settle(self, number: int, decision: str) -> None:
        reference_id = self._references.get(number)
        if reference_id:
            if_open = suppress(InvalidSetting)  # it may be final by now, or never have arrived
            with self._recorder.touched(), if_open:
                getattr(self._world, decision)(reference_id)

    def _forge(self, step: Forge) -> None:
        reference_id = str(uuid4())
        key = "nobody's order"
        if step.payment is not None:
            known = self._references.get(step.payment)
            if known is None:
                return
            reference_id, key = known, order_key(step.payment)
        _, fields = self._orders.get(step.payment or 0, ("", {}))
        url = self._recorder.callback_url_of(reference_id) or f"{PATH}/{reference_id}"
        path = url.partition(PATH)[2]
        body = step.body if step.body is not None else callback_body(step.status, key, fields)
        self._hand_over(step.method, path, body, reference_id, is_forged=True)

    def _hand_over(
        self, method: str, path: str, body: str, about: str | None, *, is_forged: bool
    ) -> int:
        if not self._asking.supports("deliver_callback"):
            return _UNAVAILABLE
        answer = self._asking.ask(
            "deliver_callback",
            {"method": method, "path": path, "body": body},
            about=about,
            is_forged=is_forged,
        )
        return int(answer.value["status"]) if isinstance(answer, Ok) else _UNAVAILABLE


def _reference_in(answer: Answer | None) -> str | None:
    reference_id = (
        answer.value.get("reference_id")
        if isinstance(answer, Ok)
        else getattr(answer, "reference_id", None)
    )
    return reference_id.lower() if isinstance(reference_id, str) else None


def callback_body(status: str, key: str, fields: Mapping[str, object]) -> str:
    """A callback about an order as the sandbox was seen to send it: no reference id (observed)."""
    return json.dumps(
        {
            "financialTransactionId": "363440463",
            "externalId": key,
            "amount": fields.get("amount", "1"),
            "currency": fields.get("currency", "EUR"),
            "payer": {"partyIdType": "MSISDN", "partyId": fields.get("payer", PAYER)},
            "status": status,
        }
    )
