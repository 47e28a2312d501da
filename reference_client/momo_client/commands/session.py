"""What most commands begin with: the configured client on the ledger that exists."""

from collections.abc import Iterator
from contextlib import contextmanager

from momo_client.edge.blocking_shell import BlockingMomoClient
from momo_client.edge.ledger import Ledger
from momo_client.edge.settings import Settings


@contextmanager
def configured_client() -> Iterator[BlockingMomoClient]:
    """A client from the MTN_* variables. Raises ConfigurationError, LedgerError."""
    settings = Settings()
    ledger = Ledger.open(settings.ledger_url)
    try:
        yield BlockingMomoClient(settings, ledger)
    finally:
        ledger.close()
