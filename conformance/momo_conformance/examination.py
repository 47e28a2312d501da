"""Run one plan against a client, wait until all has come to rest, and hand over the evidence."""

from dataclasses import dataclass, field
from typing import assert_never

from mock_momo.testing import World
from momo_conformance.driver import Driver
from momo_conformance.errors import DriverError
from momo_conformance.evidence import Evidence, order_key
from momo_conformance.history import Turn, exchanges_in
from momo_conformance.ledger import Ledger, read_ledger
from momo_conformance.plans import (
    Advance,
    AskStatus,
    ExamplePlan,
    Pay,
    Reconcile,
    Settings,
    Step,
)
from momo_conformance.protocol import Answer, Fail, Fields, Ok, Unknown, Unsupported

START_MS = 2_208_988_800_000
"""Every example begins on 2040-01-01T00:00:00Z: a frozen clock can only be set forward."""

PAY_DEADLINE_MS = 4000

REST_S = (*(31,) * 8, 3600, 43_200, 39_600, 61)
"""The steps to quiescence: as a checker of 30 s wakes, to mid-way, just past the 24 h deadline."""

REST = (
    "then, as after every plan, until nothing is pending: reconcile, and let time pass by\n"
    f"{', '.join(map(str, REST_S))} s, with a reconcile after each"
)
"""The same for people: what findings cite beyond the steps of the plan."""


@dataclass(slots=True)
class Examination:
    """One example in a fresh world. The driver is configured anew, so its past does not count."""

    plan: ExamplePlan
    world: World
    driver: Driver
    ledger_url: str
    _now_ms: int = field(default=START_MS, init=False)
    _seq: int = field(default=0, init=False)
    _turns: list[Turn] = field(default_factory=list, init=False)
    _references: list[str | None] = field(default_factory=list, init=False)

    def run(self) -> Evidence:
        """Carry the whole plan out. Raises DriverError, IncompleteEvents and MockMomoError."""
        self.world.freeze(START_MS)
        self._seq = self.world.events()[-1]["seq"]  # what the world was before is its own affair
        self._must("configure", **self._configuration())
        for step in self.plan.steps:
            self._take(step)
        ledger = self._come_to_rest()
        return Evidence(
            plan=self.plan,
            currency=self.world.currency,
            turns=tuple(self._turns),
            ledger=ledger,
            rows=tuple(self.world.payments()),
            credited=self.world.books().credited,
        )

    def _configuration(self) -> dict[str, object]:
        return {
            "base_url": self.world.base_url,
            "api_user": self.world.api_user,
            "api_key": self.world.api_key,
            "subscription_key": self.world.subscription_keys["collection"],
            "target_environment": self.world.target_environment,
            "currency": self.world.currency,
            "now_ms": START_MS,
            "ledger_url": self.ledger_url,
            "resume": False,
            "status_view": self.plan.settings.status_view,
        }

    def _take(self, step: Step) -> None:
        match step:
            case Pay():
                self._pay(step)
            case Advance(seconds):
                self._advance(seconds)
                self._read_ledger()  # what the client makes of it now, not only in the end
            case Reconcile():
                self._reconcile()
            case AskStatus(payment):
                self._ask_status(payment)
            case _:
                assert_never(step)

    def _pay(self, pay: Pay) -> None:
        number = len(self._references) + 1
        answer = self._turn(
            "request_to_pay",
            number,
            key=order_key(number),
            amount=pay.amount,
            currency=self.world.currency,
            payer=pay.payer,
            deadline_ms=PAY_DEADLINE_MS,
        )
        self._references.append(_reference_in(answer))

    def _ask_status(self, payment: int) -> None:
        known = self._references[payment - 1 : payment]
        if known and known[0] is not None:
            self._turn("status", payment, reference_id=known[0])

    def _advance(self, seconds: int) -> None:
        self._now_ms = self.world.advance(seconds).now_ms
        self._must("clock.advance", ms=seconds * 1000)

    def _come_to_rest(self) -> Ledger:
        """Let time pass until the client has nothing pending, or has had its last chance."""
        ledger = self._reconcile()
        for seconds in REST_S:
            if ledger.is_at_rest:
                break
            self._advance(seconds)
            ledger = self._reconcile()
        return ledger

    def _reconcile(self) -> Ledger:
        self._must("reconcile")
        return self._read_ledger()

    def _read_ledger(self) -> Ledger:
        return read_ledger(self._must("ledger"))

    def _must(self, op: str, **fields: object) -> Fields:
        """Ask for something that a driver cannot refuse."""
        answer = self._turn(op, **fields)
        if not isinstance(answer, Ok):
            raise DriverError(f"the driver must answer {op!r} with ok; it said {answer}")
        return answer.value

    def _turn(self, op: str, payment: int | None = None, /, **fields: object) -> Answer:
        from_ms = self._turns[-1].to_ms if self._turns else self._now_ms
        answer = self.driver.ask(op, **fields)
        if isinstance(answer, Unsupported):
            raise DriverError(f"an examination needs {op!r}, which the driver does not support")
        events = self.world.events(self._seq)
        exchanges = exchanges_in(events, self._seq)
        self._seq += len(events)
        self._turns.append(
            Turn(op, fields, answer, from_ms, self._now_ms, exchanges, payment=payment)
        )
        return answer


def world_settings(settings: Settings) -> dict[str, object]:
    """The settings of the fake's namespace that a plan asks for."""
    return {"outcome": str(settings.outlook), "expires_in_s": settings.expires_in_s}


def _reference_in(answer: Answer) -> str | None:
    match answer:
        case Ok({"reference_id": str(reference_id)}):
            return reference_id
        case Fail(_, reference_id) | Unknown(reference_id, _):
            return reference_id
        case Ok() | Unsupported():
            return None
