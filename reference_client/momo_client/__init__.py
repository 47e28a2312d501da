"""The model customer: a client for MTN MoMo that neither loses nor doubles money.

    async with MomoClient(Settings(), Ledger.create("sqlite:///ledger.sqlite3")) as client:
        payment = await client.request_to_pay("100", "+46733120001", "order-7")
        payment = await client.check_payment_status(payment.reference_id)

Names are loaded when they are first used: importing this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from momo_client.core.bookings import IN_TRANSIT as IN_TRANSIT
    from momo_client.core.bookings import PARTIES as PARTIES
    from momo_client.core.bookings import WALLET as WALLET
    from momo_client.core.flows import Round as Round
    from momo_client.core.http import HttpReply as HttpReply
    from momo_client.core.http import HttpRequest as HttpRequest
    from momo_client.core.http import NoAnswer as NoAnswer
    from momo_client.core.payments import Cause as Cause
    from momo_client.core.payments import Payment as Payment
    from momo_client.core.payments import PaymentStatus as PaymentStatus
    from momo_client.core.payments import Review as Review
    from momo_client.core.reads import Balance as Balance
    from momo_client.core.reads import Person as Person
    from momo_client.core.settlement import Accept as Accept
    from momo_client.core.settlement import Dismiss as Dismiss
    from momo_client.edge.asyncio_shell import MomoClient as MomoClient
    from momo_client.edge.blocking_shell import BlockingMomoClient as BlockingMomoClient
    from momo_client.edge.callbacks import callback_app as callback_app
    from momo_client.edge.calls import Calls as Calls
    from momo_client.edge.checker import BlockingChecker as BlockingChecker
    from momo_client.edge.checker import Checker as Checker
    from momo_client.edge.clock import Clock as Clock
    from momo_client.edge.clock import ManualClock as ManualClock
    from momo_client.edge.clock import SystemClock as SystemClock
    from momo_client.edge.ledger import Ledger as Ledger
    from momo_client.edge.session_transport import SessionTransport as SessionTransport
    from momo_client.edge.settings import Settings as Settings
    from momo_client.edge.transport import Transport as Transport
    from momo_client.errors import CallRefused as CallRefused
    from momo_client.errors import CallUnanswered as CallUnanswered
    from momo_client.errors import ConfigurationError as ConfigurationError
    from momo_client.errors import Fault as Fault
    from momo_client.errors import InvalidRequest as InvalidRequest
    from momo_client.errors import LedgerError as LedgerError
    from momo_client.errors import MomoClientError as MomoClientError
    from momo_client.errors import PaymentRefused as PaymentRefused
    from momo_client.errors import TokenError as TokenError
    from momo_client.errors import TokenRefused as TokenRefused
    from momo_client.errors import TokenUnavailable as TokenUnavailable
    from momo_client.errors import UnknownPayment as UnknownPayment

_HOMES = {
    "core.bookings": ("IN_TRANSIT", "PARTIES", "WALLET"),
    "core.flows": ("Round",),
    "core.http": ("HttpReply", "HttpRequest", "NoAnswer"),
    "core.payments": ("Cause", "Payment", "PaymentStatus", "Review"),
    "core.reads": ("Balance", "Person"),
    "core.settlement": ("Accept", "Dismiss"),
    "edge.asyncio_shell": ("MomoClient",),
    "edge.blocking_shell": ("BlockingMomoClient",),
    "edge.callbacks": ("callback_app",),
    "edge.calls": ("Calls",),
    "edge.checker": ("BlockingChecker", "Checker"),
    "edge.clock": ("Clock", "ManualClock", "SystemClock"),
    "edge.ledger": ("Ledger",),
    "edge.session_transport": ("SessionTransport",),
    "edge.settings": ("Settings",),
    "edge.transport": ("Transport",),
    "errors": (
        "CallRefused",
        "CallUnanswered",
        "ConfigurationError",
        "Fault",
        "InvalidRequest",
        "LedgerError",
        "MomoClientError",
        "PaymentRefused",
        "TokenError",
        "TokenRefused",
        "TokenUnavailable",
        "UnknownPayment",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME_OF)  # noqa: PLE0605  # one table instead of the same names twice


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
