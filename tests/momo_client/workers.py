"""Processes that work on one ledger: `python -m tests.momo_client.workers check | gossip`."""

import random
import sys
import time

from momo_client import BlockingChecker, BlockingMomoClient, Ledger, LedgerError, Settings
from momo_client.core import flows
from momo_client.errors import TokenError


def check(client: BlockingMomoClient) -> None:
    """Round after round until nothing is open."""
    checker = BlockingChecker(client)
    while checker.check_now().checked or _is_any_open(client.ledger):
        pass


def gossip(client: BlockingMomoClient) -> None:
    """Callbacks, true and false, about every payment, twice and in any order."""
    rumours = [payment.reference_id for payment in client.ledger.payments()] * 2
    random.Random(7).shuffle(rumours)  # noqa: S311  # an order, no secret
    for reference_id in rumours:
        now_ms = client.clock.now_ms()
        client.drive(flows.take_hint(reference_id, now_ms))
        try:
            client.drive(flows.confirm(client.merchant, reference_id, now_ms, client.policy))
        except (TokenError, LedgerError):
            continue


def _is_any_open(ledger: Ledger) -> bool:
    time.sleep(0.2)  # this process is a service: what the others have claimed comes due again
    return any(not payment.is_final for payment in ledger.payments())


if __name__ == "__main__":
    settings = Settings()
    books = Ledger.open(settings.ledger_url)
    {"check": check, "gossip": gossip}[sys.argv[1]](BlockingMomoClient(settings, books))
    books.close()
