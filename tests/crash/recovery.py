"""After a restart: the checker goes on, in virtual time, until nothing is left to learn."""

from tests.crash.shop import Shop

STEPS_S = (*[30] * 30, *[3600] * 24, *[24 * 3600] * 9)
"""Past a dead worker's lease and the last sending again, then the deadline, then the watch."""


def reconcile(shop: Shop) -> None:
    """Check as time goes by, as long as the provider has still to be asked for anything."""
    shop.check()
    for step_s in STEPS_S:
        if all(payment.next_check_at_ms is None for payment in shop.ledger.payments()):
            return
        shop.wait(step_s)
        shop.check()
