"""A shop that pays and is paid: a client, its ledger and a world, on one clock that is moved."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from mock_momo.testing import Control, PaymentRow
from momo_client import BlockingChecker, BlockingMomoClient, Ledger, ManualClock, Payment, Round
from momo_client.core.effects import Flow
from momo_client.core.requests import StatusView
from momo_client.edge.transport import SocketTransport
from tests.momo_client.conftest import settings_for
from tests.momo_client.rough_road import RoughRoad

BEGIN_MS = 2_000_000_000_000
PLANS = (
    "SUCCESSFUL; after=40s",
    "SUCCESSFUL; after_polls=2",
    "SUCCESSFUL; on_approval=2h",
    "SUCCESSFUL; after=25h",
    "SUCCESSFUL; after=72h",
    "FAILED; after=10m",
    "FAILED; after=25h",
    "REJECTED; after_polls=1",
    "TIMEOUT; after=5m",
    "PENDING",
)
RULES = [
    {"name": f"amount {10 + n}", "match": {"amount": str(10 + n)}, "outcome": plan}
    for n, plan in enumerate(PLANS)
]
"""Of 10 and more the amount chooses the plan; below, the payer's number."""

CALLBACK_URL = "http://localhost:9/momo"
"""Nobody is there, nor needs to be: callbacks are queued in the fake and carried by hand."""


class PunctualClient(BlockingMomoClient):
    """Waits on the shop's clock, and looks at one payment after another: examples repeat."""

    shop: "Shop"

    def _pause(self, _least_s: float, most_s: float) -> bool:
        self.shop.pass_time(most_s)
        return True

    def _run_all(self, side_by_side: tuple[Flow[Payment], ...]) -> tuple[Payment, ...]:
        return tuple(map(self.drive, side_by_side))


class Shop:
    """One merchant in a world of its own."""

    def __init__(self, fake: Control, ledger: Path, view: StatusView) -> None:
        self.world = fake.namespace("shop", rules=RULES)
        self.clock = ManualClock(self.world.freeze(BEGIN_MS).now_ms)
        self.world.pause_callbacks()
        self.settings = settings_for(self.world, callback_url=CALLBACK_URL, status_view=view)
        self.road = RoughRoad(SocketTransport(self.world.base_url, timeout_s=10))
        self.faults: list[dict[str, object]] = []
        self._url = f"sqlite:///{ledger}"
        self._made = 0
        self.ledger = Ledger.create(self._url)
        self.client = self._open_client(self.road)

    def restart(self) -> None:
        """As after the process has ended, however it ended."""
        self.ledger.close()
        self.ledger = Ledger.open(self._url)
        self.client = self._open_client(self.road)

    def close(self) -> None:
        self.ledger.close()
        self.world.delete()

    def pass_time(self, seconds: float) -> None:
        self.clock.move_to(self.world.advance(seconds).now_ms)

    def new_reference_id(self) -> str:
        """The next one: examples repeat to the letter."""
        self._made += 1
        return str(UUID(int=self._made, version=4))

    def check(self) -> Round:
        """One round of the checker."""
        return BlockingChecker(self.client).check_now()

    def let_colleague_check(self) -> None:
        """A round of another process on the same ledger, whose way to the provider is smooth."""
        colleague = self._open_client(SocketTransport(self.world.base_url, timeout_s=10))
        BlockingChecker(colleague).check_now()

    def misbehave(self, **rule: object) -> None:
        """One more fault at the provider; of more than three the oldest goes."""
        self.faults = [*self.faults[-2:], rule]
        named = [fault | {"name": f"fault {n}"} for n, fault in enumerate(self.faults)]
        self.world.set_rules([*RULES, *named])

    def behave(self) -> None:
        """No more faults at the provider, and none on the road."""
        self.faults = []
        self.world.set_rules(RULES)
        self.road.be_smooth()

    def undecided(self) -> list[PaymentRow]:
        """What the provider may still decide."""
        return [row for row in self.world.payments() if row.state in ("CREATED", "PENDING")]

    def _open_client(self, road: Any) -> PunctualClient:
        client = PunctualClient(self.settings, self.ledger, clock=self.clock, transport=road)
        client.shop = self
        return client
