"""The control client that blocks: a fake, and a namespace of it."""

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
from mock_momo.testing.asynchronous import AsyncControl, AsyncWorld
from mock_momo.testing.question import Question
from mock_momo.testing.questions import FakeQuestions, NamespaceQuestions
from mock_momo.testing.transports import HttpTransport, Transport

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class World(Access):
    """A namespace of a running fake: what a client needs to use it, and how to steer it.

    Instants are whole milliseconds since the epoch in namespace time. Every method raises
    UnknownNamespace when the namespace is gone and FakeUnavailable when the fake is; one that
    takes something raises InvalidSetting, which says what was expected.
    """

    control: "Control" = field(repr=False)

    @property
    def aio(self) -> AsyncWorld:
        """The same namespace for coroutines: each method is to be awaited."""
        return AsyncWorld(**self.facts, control=self.control.aio)

    def configure(self, **settings: object) -> None:
        """Give it other settings, as `Control.namespace` takes them but for rules; the rest stays.

        What this object says of its currency and environment is that of before.
        """
        return self._ask(self._about.configure(settings))

    def reset(self) -> None:
        """Empty the namespace; its settings, rules and credentials stay."""
        return self._ask(self._about.reset())

    def delete(self) -> None:
        """Take the namespace away."""
        return self._ask(self._about.delete())

    def verify(
        self, expect: Sequence[Mapping[str, object]] = (), wait_s: float = 0
    ) -> Verification:
        """Whether all of `expect` happened, no request was unknown and no callback undelivered.

        Waits at most `wait_s` seconds of wall time for that to become true.
        """
        return self._ask(self._about.verify(expect, wait_s))

    def state(self) -> Found:
        """Everything but the event log, as JSON, to be put back later, here or in another fake."""
        return self._ask(self._about.state())

    def openapi(self, product: str) -> Found:
        """The OpenAPI 3.1 document of what it serves: of a product, or of provisioning."""
        return self._ask(self._about.openapi(product))

    def set_state(self, state: Mapping[str, object]) -> None:
        """Give the namespace this state instead of its own; its credentials stay."""
        return self._ask(self._about.set_state(state))

    def freeze(self, at_ms: int | None = None) -> Moved:
        """Stop the clock, here or at a later instant."""
        return self._ask(self._about.freeze(at_ms))

    def advance(self, seconds: float | Decimal) -> Moved:
        """Move the clock on; all that comes due has happened, callbacks included, on return."""
        return self._ask(self._about.advance(seconds))

    def run(self) -> Moved:
        """Let the clock run again from where it stands."""
        return self._ask(self._about.run())

    def run_until_idle(self) -> Moved:
        """Move the clock on until nothing more will happen by itself."""
        return self._ask(self._about.run_until_idle())

    def books(self) -> Books:
        """Balance, payments by state, requests by operation."""
        return self._ask(self._about.books())

    def payments(self) -> list[PaymentRow]:
        """Every payment, oldest first."""
        return self._ask(self._about.payments())

    def approve(self, reference_id: str) -> PaymentRow:
        """The payer approves: the payment ends as planned, one that never would in SUCCESSFUL."""
        return self._ask(self._about.decide(reference_id, "approve"))

    def reject(self, reference_id: str) -> PaymentRow:
        """The payer says no: REJECTED."""
        return self._ask(self._about.decide(reference_id, "reject"))

    def expire(self, reference_id: str) -> PaymentRow:
        """The payer has not answered in time: TIMEOUT."""
        return self._ask(self._about.decide(reference_id, "expire"))

    def rules(self) -> list[RuleRow]:
        """The rules in force, and how often each has struck."""
        return self._ask(self._about.rules())

    def set_rules(self, wanted: Sequence[Mapping[str, object]]) -> list[RuleRow]:
        """Put other rules in force; what has arrived before is forgotten."""
        return self._ask(self._about.set_rules(wanted))

    def gates(self) -> list[GateRow]:
        """The closed gates and what each holds."""
        return self._ask(self._about.gates())

    def close_gate(
        self,
        gate: str,
        point: str,
        match: Mapping[str, object] | None = None,
        times: int | None = None,
    ) -> GateRow:
        """Hold what matches at a point, `times` of it in all (None: everything).

        Points: request_received, before_reply, callback_before_send, callback_after_ack.
        """
        return self._ask(self._about.close_gate(gate, point, match, times))

    def wait_held(self, gate: str, count: int = 1, wait_s: float = 10) -> GateRow:
        """Wait until a gate holds so much, at most `wait_s` seconds. Raises NothingHeld."""
        return self._ask(self._about.wait_held(gate, count, wait_s))

    def release_gate(self, gate: str, count: int | None = None) -> int:
        """Let so much go on, None: all that is held; the gate stays closed. Returns how much."""
        return self._ask(self._about.release_gate(gate, count))

    def open_gate(self, gate: str) -> int:
        """Let all go on, and hold nothing more. Returns how much went on."""
        return self._ask(self._about.open_gate(gate))

    def callbacks(self, reference_id: str | None = None) -> CallbackReport:
        """All deliveries, or those of one payment and, if it has none, why."""
        return self._ask(self._about.callbacks(reference_id))

    def pause_callbacks(self) -> None:
        """Queue what comes due from now on."""
        return self._ask(self._about.pause_callbacks())

    def resume_callbacks(self) -> int:
        """Send what is queued, in order, and go on. Returns how many were sent."""
        return self._ask(self._about.resume_callbacks())

    def step_callbacks(self) -> list[DeliveryRow]:
        """Send the first of the queue; it is alone in the list, which is empty if the queue is."""
        return self._ask(self._about.step_callbacks())

    def reorder_callbacks(self, deliveries: Sequence[str]) -> CallbackReport:
        """Put these queued deliveries first, in this order."""
        return self._ask(self._about.reorder_callbacks(deliveries))

    def resend_callback(self, delivery: str) -> DeliveryRow:
        """One more attempt, now."""
        return self._ask(self._about.resend_callback(delivery))

    def duplicate_callback(self, delivery: str) -> DeliveryRow:
        """The same callback in one more delivery, now; returns that one."""
        return self._ask(self._about.duplicate_callback(delivery))

    def drop_callback(self, delivery: str) -> DeliveryRow:
        """Never send it, or not again."""
        return self._ask(self._about.drop_callback(delivery))

    def delay_callback(self, delivery: str, seconds: float | Decimal) -> DeliveryRow:
        """Send it so much later, in namespace time."""
        return self._ask(self._about.delay_callback(delivery, seconds))

    def events(
        self,
        after: int = 0,
        *,
        kind: str | None = None,
        operation: str | None = None,
        reference_id: str | None = None,
        status: int | None = None,
    ) -> list[dict[str, Any]]:
        """The kept events that came after `seq`; see `momo_contracts.events` for their schema."""
        wanted = {"kind": kind, "operation": operation, "reference_id": reference_id}
        return self._ask(self._about.events(after, **wanted, status=status))

    @property
    def _about(self) -> NamespaceQuestions:
        return NamespaceQuestions(self.name)

    def _ask(self, question: Question[T]) -> T:
        return self.control.pose(question)


@dataclass(frozen=True, slots=True)
class Control:
    """The control API of a running fake at `url`, reached by HTTP unless another way is given."""

    url: str
    transport: Transport | None = field(default=None, repr=False)

    @property
    def aio(self) -> AsyncControl:
        """The same fake for coroutines, over HTTP."""
        return AsyncControl(self.url)

    def namespace(self, name: str, **settings: object) -> World:
        """A fresh namespace of this name, emptied when it was there before.

        Settings: profile, outcome, expires_in_s, opening_balance, seed, rate_limit, switches,
        allowed_ips, people, rules. Raises InvalidSetting.
        """
        access = self.pose(FakeQuestions(self.url).create(name, settings))
        return World(**access.facts, control=self)

    def find(self, name: str) -> World:
        """The namespace of this name as it stands. Raises UnknownNamespace."""
        access = self.pose(FakeQuestions(self.url).describe(name))
        return World(**access.facts, control=self)

    def names(self) -> list[str]:
        """The names of all namespaces."""
        return self.pose(FakeQuestions(self.url).names())

    def fidelity(self) -> list[Found]:
        """Each behaviour of the fake: what it rests on, and who says so."""
        return self.pose(FakeQuestions(self.url).fidelity())

    def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Found:
        """One call of the control API, below `/_mock/v1/`. Raises MockMomoError."""
        return self.pose(FakeQuestions(self.url).other(method, path, body))

    def ask_text(self, method: str, path: str, body: Mapping[str, object] | None = None) -> str:
        """Likewise, for an answer that is not JSON."""
        return self.pose(FakeQuestions(self.url).other_text(method, path, body))

    def pose(self, question: Question[T]) -> T:
        """Take a question to the fake and read its answer. Raises MockMomoError."""
        transport = self.transport or HttpTransport(self.url)
        return question.answered(transport.send(question), self.url)
