"""The doctor's rounds: reads the configuration, audits the ledger, calls the API and ourselves."""

from uuid import uuid4

from momo_client.core.diagnosis import (
    Finding,
    Subject,
    diagnose_access,
    diagnose_books,
    diagnose_callbacks,
    diagnose_currency,
    diagnose_settings,
)
from momo_client.core.http import Answer
from momo_client.edge.audit import audit
from momo_client.edge.clock import SYSTEM_CLOCK, Clock
from momo_client.edge.ledger import Ledger
from momo_client.edge.settings import Settings
from momo_client.edge.transport import SocketTransport
from momo_client.errors import ConfigurationError, LedgerError

_CALLBACK = b'{"status":"PENDING"}'
"""Asks nobody for anything, and of no payment: the receiver acknowledges it and forgets it."""


def examine(*, offline: bool, clock: Clock = SYSTEM_CLOCK) -> tuple[Finding, ...]:
    """Everything that can be known about this configuration; `offline` makes no call."""
    try:
        settings = Settings()
    except ConfigurationError as error:
        return tuple(Finding(Subject.CONFIGURATION, False, *problem) for problem in error.problems)
    findings: tuple[Finding, ...] = (
        diagnose_settings(settings.merchant()),
        diagnose_currency(settings.currency, settings.target_environment),
        *_examine_ledger(settings.ledger_url),
    )
    if offline:
        return findings
    transport = SocketTransport(settings.base_url, settings.timeout_s)
    merchant = settings.merchant()
    for product in settings.products():
        findings += diagnose_access(merchant, product, transport.send, clock.now_ms)
    findings += (diagnose_callbacks(_call_back(settings)),)
    return tuple(dict.fromkeys(findings))


def _examine_ledger(url: str) -> tuple[Finding, ...]:
    try:
        ledger = Ledger.open(url)
    except LedgerError as error:
        return (Finding(Subject.LEDGER, False, error.message, error.remedy),)
    found = Finding(Subject.LEDGER, True, "the ledger is there and of this version")
    try:
        return found, *diagnose_books(audit(ledger))
    except LedgerError as error:
        return found, Finding(Subject.BOOKS, False, error.message, error.remedy)
    finally:
        ledger.close()


def _call_back(settings: Settings) -> Answer | None:
    """Send our own address a callback about a payment that does not exist."""
    if not settings.callback_url:
        return None
    transport = SocketTransport(settings.callback_url, settings.timeout_s)
    headers = (("Content-Type", "application/json"),)
    return transport.exchange("PUT", f"/{uuid4()}", headers, _CALLBACK)
