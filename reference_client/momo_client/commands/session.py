"""What most commands begin with: the settings, and the ledger that exists."""

from collections.abc import Iterator
from contextlib import contextmanager

from momo_client.edge.blocking_shell import BlockingMomoClient
from momo_client.edge.ledger import Ledger
from momo_client.edge.settings import Settings


@contextmanager
def configured_ledger() -> Iterator[tuple[Settings, Ledger]]:
    """The settings in the MTN_* variables and their ledger.

    Raises ConfigurationError, LedgerError.
    """
    settings = Settings()
    ledger = Ledger.open(settings.ledger_url)
    try:
        yield settings, ledger
    finally:
        ledger.close()


@contextmanager
def configured_client() -> Iterator[BlockingMomoClient]:
    """A client on them. Raises as `configured_ledger`."""
    with configured_ledger() as (settings, ledger):
        yield BlockingMomoClient(settings, ledger)
