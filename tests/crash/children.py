"""What the processes do."""

from tests.crash.boundaries import Boundaries, WatchedTransport
from tests.crash.recovery import reconcile
from tests.crash.scenarios import SCENARIOS
from tests.crash.shop import Shop, Site
from tests.crash.trade import PACE, Trade


def act(site: Site, number: int, fatal: str) -> None:
    """Play a scenario up to the fatal boundary, or to its end if it is never reached."""
    scenario = SCENARIOS[number]
    before = Shop(site)
    scenario.prepare(before)
    before.close()
    boundaries = Boundaries(site.log, fatal)
    boundaries.watch_databases()
    shop = Shop(site)
    shop.transport = WatchedTransport(shop.transport, boundaries)
    scenario.act(shop)
    boundaries.close()


def recover(site: Site, number: int) -> None:
    """Start again, and go on until nothing is left to learn or to decide."""
    scenario, shop = SCENARIOS[number], Shop(site)
    scenario.again(shop)
    reconcile(shop)
    scenario.decide(shop)
    shop.close()


def trade(site: Site, generation: int) -> None:
    """Be busy until killed."""
    Trade(site, generation).run()


def recover_trade(site: Site) -> None:
    """As `recover`, after many processes."""
    shop = Shop(site, pace=PACE)
    reconcile(shop)
    shop.close()
