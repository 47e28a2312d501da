"""The doctor's rounds: reads the configuration, opens the ledger, calls the API."""

from momo_client.core.diagnosis import (
    Finding,
    Subject,
    diagnose_access,
    diagnose_currency,
    diagnose_settings,
)
from momo_client.edge.ledger import Ledger
from momo_client.edge.settings import Settings
from momo_client.edge.transport import SocketTransport
from momo_client.errors import ConfigurationError, LedgerError


def examine(*, offline: bool) -> tuple[Finding, ...]:
    """Everything that can be known about this configuration; `offline` makes no call."""
    try:
        settings = Settings()
    except ConfigurationError as error:
        return tuple(Finding(Subject.CONFIGURATION, False, *problem) for problem in error.problems)
    findings: tuple[Finding, ...] = (
        diagnose_settings(settings.merchant()),
        diagnose_currency(settings.currency, settings.target_environment),
        _examine_ledger(settings.ledger_url),
    )
    if offline:
        return findings
    transport = SocketTransport(settings.base_url, settings.timeout_s)
    merchant = settings.merchant()
    for product in settings.products():
        findings += diagnose_access(merchant, product, transport.send)
    return findings


def _examine_ledger(url: str) -> Finding:
    try:
        Ledger.open(url).close()
    except LedgerError as error:
        return Finding(Subject.LEDGER, False, error.message, error.remedy)
    return Finding(Subject.LEDGER, True, "the ledger is there and of this version")
