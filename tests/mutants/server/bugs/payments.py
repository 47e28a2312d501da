"""How payments come to be and are found, wrongly."""

from dataclasses import replace

from mock_momo.core import engine, wallet
from mock_momo.core.commands import CreatePayment
from mock_momo.core.engine import Engine
from mock_momo.core.payments import Payment
from mock_momo.core.rendered import Rendered
from mock_momo.core.replies import Accepted, Refusal, Refused, StatusFound
from mock_momo.edge.wire import exchanges
from momo_contracts.lifecycle import State
from momo_contracts.wire_errors import BAD_REQUEST, INTERNAL_PROCESSING_ERROR, NOT_FOUND
from tests.mutants.server.bugs import Decision, bug, wrap


@bug("MOMO-SRV-04", "a status is 404 at first", says="404 though its create was answered 202")
def _a_status_is_404_at_first() -> None:
    def around(read: Decision) -> Decision:
        def answered(self: Engine, operation: object, reference_id: str, now_ms: int) -> object:
            found = self.payments.get(reference_id)
            if found is not None and not found.polls:
                self.payments[reference_id] = replace(found, polls=1)
                return Refusal(NOT_FOUND, "not yet")
            return read(self, operation, reference_id, now_ms)

        return answered

    wrap(Engine, "_read_status", around)


@bug("MOMO-SRV-04", "202 with a body", says="the 202 has a body")
def _202_with_a_body() -> None:
    def around(render: Decision) -> Decision:
        def rendered(reply: object, settings: object) -> Rendered:
            done: Rendered = render(reply, settings)
            return replace(done, body=b"{}") if isinstance(reply, Accepted) else done

        return rendered

    wrap(exchanges, "render", around)


@bug("MOMO-SRV-04", "transfers break down", says="was answered 500 INTERNAL_PROCESSING_ERROR")
def _transfers_break_down() -> None:
    def around(create: Decision) -> Decision:
        def created(self: Engine, command: CreatePayment, now_ms: int) -> object:
            if command.order.made_by.resource.name == "transfer":
                return Refusal(INTERNAL_PROCESSING_ERROR, "it broke down")
            return create(self, command, now_ms)

        return created

    wrap(Engine, "_create_payment", around)


@bug("MOMO-SRV-05", "no 409", says="accepted a second time")
def _no_409() -> None:
    wrap(Engine, "_is_taken", lambda _: lambda _self, _reference_id: False)


@bug("MOMO-SRV-05", "a repeat is taken for the first", says="accepted a second time")
def _a_repeat_is_taken_for_the_first() -> None:
    wrap(engine, "duplicate", lambda _: lambda _reference_id: Accepted())


@bug("MOMO-SRV-05", "409 and overwritten", says="the first payment is another")
def _409_and_overwritten() -> None:
    def around(create: Decision) -> Decision:
        def created(self: Engine, command: CreatePayment, now_ms: int) -> object:
            known = self.payments.get(command.reference_id)
            if known is not None:
                self.payments[command.reference_id] = replace(known, order=command.order)
            return create(self, command, now_ms)

        return created

    wrap(Engine, "_create_payment", around)


@bug("MOMO-SRV-05", "409 without its code", says="the 409 says nothing")
def _409_without_its_code() -> None:
    bare = replace(BAD_REQUEST, status=409)
    wrap(engine, "duplicate", lambda _: lambda reference_id: Refusal(bare, reference_id))


@bug("MOMO-SRV-06", "any id will do", says="was accepted")
def _any_id_will_do() -> None:
    wrap(wallet, "_uuid", lambda _: lambda text, _where: text or "")


@bug("MOMO-SRV-06", "no id, one is made up", says="no reference id was accepted")
def _no_id_one_is_made_up() -> None:
    made_up = "11111111-1111-4111-8111-111111111111"
    wrap(wallet, "_uuid", lambda parse: lambda text, where: parse(text or made_up, where))


@bug("MOMO-SRV-06", "a bad id is a 500", says="was answered 500, not 400")
def _a_bad_id_is_a_500() -> None:
    def around(parse: Decision) -> Decision:
        def parsed(text: str | None, where: str) -> object:
            try:
                return parse(text, where)
            except Refused as refused:
                if where != "X-Reference-Id":
                    raise
                raise Refused(INTERNAL_PROCESSING_ERROR, refused.refusal.why) from None

        return parsed

    wrap(wallet, "_uuid", around)


@bug("MOMO-SRV-07", "an unknown id is pending", says="an unknown id was answered 200")
def _an_unknown_id_is_pending() -> None:
    def around(read: Decision) -> Decision:
        known: list[Payment] = []

        def answered(self: Engine, operation: object, reference_id: str, now_ms: int) -> object:
            known.extend(list(self.payments.values())[:1])
            reply = read(self, operation, reference_id, now_ms)
            if isinstance(reply, Refusal) and known:
                return StatusFound(replace(known[0], state=State.PENDING))
            return reply

        return answered

    wrap(Engine, "_read_status", around)


@bug("MOMO-SRV-07", "404 for a malformed id", says="a malformed id was answered 404")
def _404_for_a_malformed_id() -> None:
    def around(parse: Decision) -> Decision:
        def parsed(text: str | None, where: str) -> object:
            return text if "path" in where else parse(text, where)

        return parsed

    wrap(wallet, "_uuid", around)


@bug("MOMO-SRV-07", "an empty 404", says="the 404 has no body")
def _an_empty_404() -> None:
    bare = replace(BAD_REQUEST, status=404)
    wrap(engine, "unknown", lambda _: lambda reference_id, _=None: Refusal(bare, reference_id))


@bug("MOMO-SRV-12", "the same order again is a 202", says="creates with one id were accepted")
def _the_same_order_again_is_a_202() -> None:
    def around(create: Decision) -> Decision:
        def created(self: Engine, command: CreatePayment, now_ms: int) -> object:
            known = self.payments.get(command.reference_id)
            if known is not None and known.order == command.order:
                return Accepted()
            return create(self, command, now_ms)

        return created

    wrap(Engine, "_create_payment", around)


@bug("MOMO-SRV-12", "nobody wins the race", says="of 16 creates with one id 0 were accepted")
def _nobody_wins_the_race() -> None:
    wrap(Engine, "_is_taken", lambda _: lambda _self, _reference_id: True)
