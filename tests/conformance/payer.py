"""A client as a command, after the contract of docs/adapters.md: `python payer.py HABIT URL`."""

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from momo_client import BlockingMomoClient, Ledger, MomoClientError, Settings

Clients = Callable[[], BlockingMomoClient]
HABIT, URL = sys.argv[1:]
told = json.loads(os.environ["MOCK_MOMO_CONTEXT"])


def pay(client: Clients) -> list[str]:
    """Ask for each order; the reference ids of those that may have been accepted."""
    sent = []
    for order in told["orders"]:
        try:
            payment = client().request_to_pay(
                order["amount"], order["payer"], order["key"], payer_message=order["note"]
            )
        except MomoClientError:
            continue
        sent.append(payment.reference_id)
    return sent


def look(client: Clients, reference_id: str) -> None:
    for _ in range(told["polls"]):
        if client().check_payment_status(reference_id).is_final:
            return


def main(folder: str) -> None:
    settings = Settings(base_url=URL, timeout_s=told["request_timeout_ms"] / 1000, calls_per_s=0)
    ledger = Ledger.create(f"sqlite:///{Path(folder) / 'ledger.sqlite3'}")
    kept = BlockingMomoClient(settings, ledger)
    is_forgetful = HABIT == "logs in for each call"
    client = partial(BlockingMomoClient, settings, ledger) if is_forgetful else lambda: kept
    for reference_id in pay(client):
        look(client, reference_id)
    if HABIT == "shows its key":
        print("key", os.environ["MTN_API_KEY"])  # noqa: T201  # it is what is wrong with it
    ledger.close()


if HABIT == "hangs":
    time.sleep(3600)
if HABIT != "sends nothing":
    with TemporaryDirectory() as place:
        main(place)
