"""The control client for coroutines: as `blocking`, method for method; the words are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from mock_momo.testing.answers import (
    Access,
    Books,
    CallbackReport,
    DeliveryRow,
    Found,
    GateRow,
    Moved,
    PaymentRow,
    RuleRow,
    Verification,
)
from mock_momo.testing.question import Question
from mock_momo.testing.questions import FakeQuestions, NamespaceQuestions
from mock_momo.testing.transports import AsyncHttpTransport, AsyncTransport

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AsyncWorld(Access):
    """A namespace of a running fake; each method does what that of `World` does."""

    control: "AsyncControl" = field(repr=False)

    async def configure(self, **settings: object) -> None:
        return await self._ask(self._about.configure(settings))

    async def reset(self) -> None:
        return await self._ask(self._about.reset())

    async def delete(self) -> None:
        return await self._ask(self._about.delete())

    async def verify(
        self, expect: Sequence[Mapping[str, object]] = (), wait_s: float = 0
    ) -> Verification:
        return await self._ask(self._about.verify(expect, wait_s))

    async def state(self) -> Found:
        return await self._ask(self._about.state())

    async def openapi(self, product: str) -> Found:
        return await self._ask(self._about.openapi(product))

    async def set_state(self, state: Mapping[str, object]) -> None:
        return await self._ask(self._about.set_state(state))

    async def freeze(self, at_ms: int | None = None) -> Moved:
        return await self._ask(self._about.freeze(at_ms))

    async def advance(self, seconds: float | Decimal) -> Moved:
        return await self._ask(self._about.advance(seconds))

    async def run(self) -> Moved:
        return await self._ask(self._about.run())

    async def run_until_idle(self) -> Moved:
        return await self._ask(self._about.run_until_idle())

    async def books(self) -> Books:
        return await self._ask(self._about.books())

    async def payments(self) -> list[PaymentRow]:
        return await self._ask(self._about.payments())

    async def approve(self, reference_id: str) -> PaymentRow:
        return await self._ask(self._about.decide(reference_id, "approve"))

    async def reject(self, reference_id: str) -> PaymentRow:
        return await self._ask(self._about.decide(reference_id, "reject"))

    async def expire(self, reference_id: str) -> PaymentRow:
        return await self._ask(self._about.decide(reference_id, "expire"))

    async def rules(self) -> list[RuleRow]:
        return await self._ask(self._about.rules())

    async def set_rules(self, wanted: Sequence[Mapping[str, object]]) -> list[RuleRow]:
        return await self._ask(self._about.set_rules(wanted))

    async def gates(self) -> list[GateRow]:
        return await self._ask(self._about.gates())

    async def close_gate(
        self,
        gate: str,
        point: str,
        match: Mapping[str, object] | None = None,
        times: int | None = None,
    ) -> GateRow:
        return await self._ask(self._about.close_gate(gate, point, match, times))

    async def wait_held(self, gate: str, count: int = 1, wait_s: float = 10) -> GateRow:
        return await self._ask(self._about.wait_held(gate, count, wait_s))

    async def release_gate(self, gate: str, count: int | None = None) -> int:
        return await self._ask(self._about.release_gate(gate, count))

    async def open_gate(self, gate: str) -> int:
        return await self._ask(self._about.open_gate(gate))

    async def callbacks(self, reference_id: str | None = None) -> CallbackReport:
        return await self._ask(self._about.callbacks(reference_id))

    async def pause_callbacks(self) -> None:
        return await self._ask(self._about.pause_callbacks())

    async def resume_callbacks(self) -> int:
        return await self._ask(self._about.resume_callbacks())

    async def step_callbacks(self) -> list[DeliveryRow]:
        return await self._ask(self._about.step_callbacks())

    async def reorder_callbacks(self, deliveries: Sequence[str]) -> CallbackReport:
        return await self._ask(self._about.reorder_callbacks(deliveries))

    async def resend_callback(self, delivery: str) -> DeliveryRow:
        return await self._ask(self._about.resend_callback(delivery))

    async def duplicate_callback(self, delivery: str) -> DeliveryRow:
        return await self._ask(self._about.duplicate_callback(delivery))

    async def drop_callback(self, delivery: str) -> DeliveryRow:
        return await self._ask(self._about.drop_callback(delivery))

    async def delay_callback(self, delivery: str, seconds: float | Decimal) -> DeliveryRow:
        return await self._ask(self._about.delay_callback(delivery, seconds))

    async def events(
        self,
        after: int = 0,
        *,
        kind: str | None = None,
        operation: str | None = None,
        reference_id: str | None = None,
        status: int | None = None,
    ) -> list[dict[str, Any]]:
        wanted = {"kind": kind, "operation": operation, "reference_id": reference_id}
        return await self._ask(self._about.events(after, **wanted, status=status))

    @property
    def _about(self) -> NamespaceQuestions:
        return NamespaceQuestions(self.name)

    async def _ask(self, question: Question[T]) -> T:
        return await self.control.pose(question)


@dataclass(frozen=True, slots=True)
class AsyncControl:
    """As `Control`, for coroutines: reached by HTTP unless another way is given."""

    url: str
    transport: AsyncTransport | None = field(default=None, repr=False)

    async def namespace(self, name: str, **settings: object) -> AsyncWorld:
        access = await self.pose(FakeQuestions(self.url).create(name, settings))
        return AsyncWorld(**access.facts, control=self)

    async def find(self, name: str) -> AsyncWorld:
        access = await self.pose(FakeQuestions(self.url).describe(name))
        return AsyncWorld(**access.facts, control=self)

    async def names(self) -> list[str]:
        return await self.pose(FakeQuestions(self.url).names())

    async def fidelity(self) -> list[Found]:
        return await self.pose(FakeQuestions(self.url).fidelity())

    async def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Found:
        return await self.pose(FakeQuestions(self.url).other(method, path, body))

    async def ask_text(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> str:
        return await self.pose(FakeQuestions(self.url).other_text(method, path, body))

    async def pose(self, question: Question[T]) -> T:
        transport = self.transport or AsyncHttpTransport(self.url)
        return question.answered(await transport.send(question), self.url)
