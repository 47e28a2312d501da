"""A merchant's process: one client on one ledger, against one namespace of a running fake."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

from mock_momo.testing import Control, World
from momo_client import (
    BlockingChecker,
    BlockingMomoClient,
    Clock,
    InvalidRequest,
    Ledger,
    ManualClock,
    Payment,
    Settings,
    Transport,
)
from momo_client.edge.transport import SocketTransport

PAYER = "46733120001"
NEVER, LATER = "46733123450", "46733123454"
"""Test numbers: the first fails, the second succeeds after 25 s."""

EVER = "46733123453"
"""The number whose payments stay pending."""

TIMEOUT_S = 20.0
Pace = Mapping[str, int]
STEADY: Pace = MappingProxyType({})
"""Settings of the checker: none but their defaults."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a shop is, for a process that has yet to open it."""

    fake_url: str
    namespace: str
    ledger_url: str
    folder: Path

    @property
    def log(self) -> Path:
        """Where a process names the boundaries that it has reached."""
        return self.folder / "boundaries"

    @property
    def orders(self) -> Path:
        """Where a busy shop notes an order before it takes it."""
        return self.folder / "orders"


class Shop:
    """The shop at a site, opened by this process. Its ledger is made when it is first used.

    Its clock is the world's, which stands still, unless another is given; `pace` are settings.
    """

    def __init__(self, site: Site, clock: Clock | None = None, pace: Pace = STEADY) -> None:
        self.site = site
        self.world: World = Control(site.fake_url).find(site.namespace)
        self.clock = clock or ManualClock(self.world.freeze().now_ms)
        self._pace = pace
        self.transport: Transport = SocketTransport(self.world.base_url, TIMEOUT_S)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger.create(self.site.ledger_url)

    @cached_property
    def client(self) -> BlockingMomoClient:
        settings = _settings(self.world, self._pace)
        return BlockingMomoClient(settings, self.ledger, clock=self.clock, transport=self.transport)

    def ask(self, order: int, msisdn: str = PAYER) -> Payment:
        """A request to pay, under ids of its own."""
        own_id = reference_of(order)
        return self.client.request_to_pay("12.50", msisdn, str(order), reference_id=own_id)

    def send(self, order: int, msisdn: str = PAYER) -> Payment:
        """A transfer, likewise."""
        return self.client.transfer("7.25", msisdn, str(order), reference_id=reference_of(order))

    def refund(self, order: int, original: int) -> Payment:
        """A refund of another order's payment, likewise."""
        paid, own_id = reference_of(original), reference_of(order)
        return self.client.refund(paid, "5", str(order), reference_id=own_id)

    def ask_again(self, order: int) -> None:
        """As a job does that knows nothing of the first time: with a new reference id."""
        with known():
            self.client.request_to_pay("12.50", PAYER, str(order))

    def refund_again(self, order: int, original: int) -> None:
        """Likewise."""
        with known():
            self.client.refund(reference_of(original), "5", str(order))

    def wait(self, seconds: int) -> None:
        """Let the shop's time and the provider's go by."""
        assert isinstance(self.clock, ManualClock)
        self.clock.move_to(self.world.advance(seconds).now_ms)

    def check(self) -> None:
        """Rounds of the checker until one finds nothing due."""
        checker = BlockingChecker(self.client)
        while checker.check_now().checked:
            pass

    def close(self) -> None:
        if "ledger" in self.__dict__:
            self.ledger.close()


def reference_of(order: int) -> UUID:
    """The reference id of an order's first payment."""
    return UUID(f"00000000-0000-4000-8000-{order:012}")


@contextmanager
def known() -> Iterator[None]:
    """The ledger may say that it has this payment."""
    try:
        yield
    except InvalidRequest as refused:
        if refused.code != "EXTERNAL_ID_TAKEN":
            raise


def _settings(world: World, pace: Pace) -> Settings:
    keys = world.subscription_keys
    return Settings(
        base_url=world.base_url,
        api_user=world.api_user,
        api_key=world.api_key,
        subscription_key=keys["collection"],
        disbursement_subscription_key=keys["disbursement"],
        target_environment=world.target_environment,
        currency=world.currency,
        calls_per_s=0,
        timeout_s=TIMEOUT_S,
        **pace,
    )
