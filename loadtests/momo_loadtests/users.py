"""The users. Locust loads this file; it reads the `MTN_*` variables as the client itself does.

One client per process, shared by its users, as an application shares it: one token for all.
"""

import itertools
import os

from locust import FastHttpUser, between, task

from momo_client import BlockingMomoClient, Ledger, SessionTransport, Settings

PAYERS = (
    "46733120001",
    "46733120002",
    "46733120003",
    "46733123450",
    "46733123451",
    "46733123452",
    "46733123453",
    "46733123454",
)
"""Three payers that pay, then the sandbox's five test numbers: all five outcomes."""

_SETTINGS = Settings()
_TRANSPORT = SessionTransport()
_CLIENT = BlockingMomoClient(_SETTINGS, Ledger.create(_SETTINGS.ledger_url), transport=_TRANSPORT)
_ORDERS = itertools.count(1)


class Payer(FastHttpUser):
    """Pays, then looks once at what became of it; the checker does the rest."""

    host = _SETTINGS.base_url
    wait_time = between(0.0, 0.02)

    def on_start(self) -> None:
        _TRANSPORT.use(self.client)

    @task
    def pay(self) -> None:
        number = next(_ORDERS)
        payer = PAYERS[number % len(PAYERS)]
        payment = _CLIENT.request_to_pay("12.50", payer, f"order-{os.getpid()}-{number}")
        _CLIENT.check_payment_status(payment.reference_id)
