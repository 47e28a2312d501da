"""Where a driver is tried out: a world in which payments succeed, and a driver always at hand."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mock_momo.testing import World
from momo_conformance.driver import ANSWER_S, Client, Driver
from momo_conformance.errors import DriverError
from momo_conformance.examination import configuration_of
from momo_conformance.performing import callback_body
from momo_conformance.plans import VIEWS
from momo_conformance.protocol import Answer, Fields
from momo_conformance.steps import PAYER

ORDER = "order-1"

_NOBODYS = "00000000-0000-4000-8000-000000000000"
_DEADLINE_MS = 20_000


@dataclass(slots=True)
class DriverBench:
    """One command, tried out in one world.

    `client` is what `hello` has said, `reference_id` the payment that is asked about, `breaches`
    how often the protocol was broken. `within_s` is how long an answer may take in wall time.
    """

    command: str
    world: World
    folder: Path
    within_s: float
    client: Client | None = None
    reference_id: str = _NOBODYS
    breaches: int = 0
    _driver: Driver | None = field(default=None, repr=False)

    @property
    def driver(self) -> Driver:
        """A running driver, configured if `hello` is known. Raises InvalidCommand, DriverError."""
        if self._driver is None:
            self._driver = Driver(self.command)
            if self.client is not None:
                self._driver.ask("configure", ANSWER_S, **self.fields_of("configure"))
        return self._driver

    def ask(self, op: str, **others: object) -> Answer:
        """Ask with the usual fields of the op, and with these others. Raises DriverError."""
        return self.driver.ask(op, self.within_s, **{**self.fields_of(op), **others})

    def drop(self) -> None:
        """End the driver; the next question is for another one."""
        driver, self._driver = self._driver, None
        if driver is not None:
            driver.stop()

    def replace(self) -> None:
        """Kill a driver that has broken the protocol; another one pays what that had paid."""
        self.breaches += 1
        driver, self._driver = self._driver, None
        if driver is not None:
            driver.kill()
        if self.reference_id != _NOBODYS:
            with suppress(DriverError):
                answer = self.ask("request_to_pay")
                self.reference_id = getattr(answer, "value", {}).get("reference_id", _NOBODYS)
                self.ask("status")

    def crash(self) -> None:
        """Kill the driver, and have one that goes on with its ledger. Raises DriverError."""
        self.driver.kill()
        self._driver = Driver(self.command)
        self._driver.ask("configure", ANSWER_S, **{**self.fields_of("configure"), "resume": True})

    def sent(self, key: str) -> int:
        """How many payments the fake has been asked for under a key."""
        return sum(row.external_id == key for row in self.world.payments())

    def fields_of(self, op: str) -> Fields:
        """What an op is usually asked with."""
        order = {"amount": "12.50", "currency": self.world.currency, "deadline_ms": _DEADLINE_MS}
        about = {"reference_id": self.reference_id}
        body = callback_body("SUCCESSFUL", ORDER, order)
        callback = {"method": "POST", "path": f"/{self.reference_id}", "body": body}
        usual: Mapping[str, Fields] = {
            "configure": self._configuration(),
            "request_to_pay": {**order, "key": ORDER, "payer": PAYER},
            "transfer": {**order, "key": "payout-1", "payee": PAYER},
            "refund": {**order, **about, "key": "refund-1", "amount": "1.50"},
            "status": {**about, "deadline_ms": _DEADLINE_MS},
            "deliver_callback": callback,
            "clock.advance": {"ms": 1000},
        }
        return usual.get(op, {})

    def _configuration(self) -> Fields:
        views = self.client.caps.get("status_views", VIEWS) if self.client else VIEWS
        choices = {"status_view": views[0], "request_timeout_ms": _DEADLINE_MS}
        return configuration_of(self.world, self.folder, **choices)
