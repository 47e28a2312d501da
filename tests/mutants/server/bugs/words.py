"""What a server says of its payments, wrongly."""

from dataclasses import replace
from decimal import Decimal

from mock_momo.core import wallet
from mock_momo.core.effects import SendCallback
from mock_momo.core.engine import Engine
from mock_momo.core.payments import Payment
from mock_momo.core.replies import Refused
from mock_momo.edge import courier
from mock_momo.edge.courier import Courier
from mock_momo.edge.wire import render
from momo_contracts.lifecycle import State
from momo_contracts.wire_errors import BAD_REQUEST, INTERNAL_PROCESSING_ERROR
from tests.mutants.server.bugs import Decision, bug, wrap

Shown = dict[str, object]


def _shown(name: str, value: object) -> None:
    """Every status has this value under a name that it has already, or has it beside the others."""

    def around(show: Decision) -> Decision:
        return lambda payment, switches: {**show(payment, switches), name: value}

    wrap(render, "show_status", around)


@bug("MOMO-SRV-08", "an undeclared key", says="'fee' was unexpected")
def _an_undeclared_key() -> None:
    _shown("fee", "0")


@bug("MOMO-SRV-08", "null where nothing is", says="the body of")
def _null_where_nothing_is() -> None:
    _shown("payeeNote", None)


@bug("MOMO-SRV-08", "the amount as a number", says="$.amount: 100 is not of type 'string'")
def _the_amount_as_a_number() -> None:
    def around(show: Decision) -> Decision:
        def shown(payment: Payment, switches: object) -> Shown:
            found: Shown = show(payment, switches)
            is_whole = str(found.get("amount", "")).isdigit()
            return {**found, "amount": int(str(found["amount"]))} if is_whole else found

        return shown

    wrap(render, "show_status", around)


@bug("MOMO-SRV-08", "callbacks in another case", says="a callback is not as it should be")
def _callbacks_in_another_case() -> None:
    def around(show: Decision) -> Decision:
        return lambda told, switches: {**show(told, switches), "Status": "Successful"}

    wrap(courier, "show_callback", around)


@bug("MOMO-SRV-09", "PENDING after SUCCESSFUL", says="SUCCESSFUL")
def _pending_after_successful() -> None:
    def around(look: Decision) -> Decision:
        def looked(self: Engine, payment: Payment, now_ms: int) -> Payment:
            if payment.state is State.SUCCESSFUL:
                self.payments[payment.reference_id] = replace(payment, state=State.PENDING)
                return payment
            seen: Payment = look(self, payment, now_ms)
            return seen

        return looked

    wrap(Engine, "_look_at", around)


@bug("MOMO-SRV-09", "FAILED becomes SUCCESSFUL", says="FAILED")
def _failed_becomes_successful() -> None:
    def around(look: Decision) -> Decision:
        def looked(self: Engine, payment: Payment, now_ms: int) -> Payment:
            seen: Payment = look(self, payment, now_ms)
            if seen.state is State.FAILED:
                self.payments[seen.reference_id] = replace(seen, state=State.SUCCESSFUL)
            return seen

        return looked

    wrap(Engine, "_look_at", around)


@bug("MOMO-SRV-10", "the amount is rounded", says="the amount is")
def _the_amount_is_rounded() -> None:
    def around(show: Decision) -> Decision:
        def shown(payment: Payment, switches: object) -> Shown:
            order = replace(payment.order, amount=payment.order.amount.quantize(Decimal(1)))
            found: Shown = show(replace(payment, order=order), switches)
            return found

        return shown

    wrap(render, "show_status", around)


@bug("MOMO-SRV-10", "no externalId", says="externalId is None")
def _no_external_id() -> None:
    def around(show: Decision) -> Decision:
        def shown(payment: Payment, switches: object) -> Shown:
            found: Shown = show(payment, switches)
            return {name: value for name, value in found.items() if name != "externalId"}

        return shown

    wrap(render, "show_status", around)


@bug("MOMO-SRV-10", "the payer is masked", says="the payer is")
def _the_payer_is_masked() -> None:
    _shown("payer", {"partyIdType": "MSISDN", "partyId": "467*****499"})


def _sent(change: Decision) -> None:
    """Every callback is sent as this makes it."""

    def around(send: Decision) -> Decision:
        return lambda self, effect, now: send(self, change(effect), now)

    wrap(Courier, "send", around)


@bug("MOMO-SRV-11", "callbacks to another path", says="a callback went to")
def _callbacks_to_another_path() -> None:
    def elsewhere(effect: SendCallback) -> SendCallback:
        return replace(effect, url=f"{effect.url}/status")

    _sent(elsewhere)


@bug("MOMO-SRV-11", "callbacks say SUCCESSFUL", says="the callback's status is 'SUCCESSFUL'")
def _callbacks_say_successful() -> None:
    def around(show: Decision) -> Decision:
        def shown(told: Payment, switches: object) -> Shown:
            found: Shown = show(told, switches)
            return {**found, "status": "SUCCESSFUL"}

        return shown

    wrap(courier, "show_callback", around)


@bug("MOMO-SRV-11", "callbacks without the fee", says="the callback's amount is")
def _callbacks_without_the_fee() -> None:
    def around(show: Decision) -> Decision:
        def shown(told: Payment, switches: object) -> Shown:
            found: Shown = show(told, switches)
            return {**found, "amount": "99"} if "amount" in found else found

        return shown

    wrap(courier, "show_callback", around)


@bug("MOMO-SRV-13", "test numbers mean nothing", says="SUCCESSFUL, not FAILED")
def _test_numbers_mean_nothing() -> None:
    wrap(wallet, "plan_by_order", lambda _: lambda *_: None)


@bug("MOMO-SRV-13", "another reason", says="not FAILED PAYER_NOT_FOUND")
def _another_reason() -> None:
    def around(choose: Decision) -> Decision:
        def chosen(*order: object) -> object:
            plan = choose(*order)
            is_failed = plan is not None and plan.reason == "PAYER_NOT_FOUND"
            return replace(plan, reason="PAYEE_NOT_FOUND") if is_failed else plan

        return chosen

    wrap(wallet, "plan_by_order", around)


@bug("MOMO-SRV-13", "everybody is active", says="is answered 200 true, not")
def _everybody_is_active() -> None:
    from mock_momo.core import engine  # noqa: PLC0415  # where it is looked up

    wrap(engine, "active_answer", lambda _: lambda *_: True)


@bug("MOMO-SRV-13", "bad input is a 500", says="invalid input was answered 500")
def _bad_input_is_a_500() -> None:
    def around(read: Decision) -> Decision:
        def ordered(*request: object) -> object:
            try:
                return read(*request)
            except Refused as refused:
                if refused.refusal.error is not BAD_REQUEST:
                    raise
                raise Refused(INTERNAL_PROCESSING_ERROR, refused.refusal.why) from None

        return ordered

    wrap(wallet, "read_order", around)


@bug("MOMO-SRV-13", "long notes are taken", says="invalid input was answered 202")
def _long_notes_are_taken() -> None:
    from mock_momo.core import orders  # noqa: PLC0415  # likewise

    wrap(orders, "_check_notes", lambda _: lambda *_: None)
