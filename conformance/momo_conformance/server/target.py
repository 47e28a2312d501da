"""The server that is examined, and what opens it."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from momo_conformance.errors import InvalidTarget
from momo_contracts.profiles import LOOPBACK_HOSTS
from momo_contracts.redaction import conceal_target
from momo_contracts.values import CURRENCIES, Product

SANDBOX_HOSTS = ("sandbox.momodeveloper.mtn.com", "ericssonbasicapi2.azure-api.net")
"""Where MTN's sandbox answers: the second is its older name."""

_SCHEME_FIRST = "https://host, or http://127.0.0.1:8046 on this machine"


@dataclass(frozen=True, slots=True)
class Target:
    """A server. Raises InvalidTarget for an address that keys must not be sent to.

    `subscription_keys` are by product; a product without one is left out of the examination.
    """

    base_url: str
    api_user: str
    api_key: str = field(repr=False)
    subscription_keys: Mapping[Product, str] = field(repr=False)
    target_environment: str = "sandbox"
    currency: str = "EUR"

    def __post_init__(self) -> None:
        refuse_malformed(self.base_url)
        if self.parts.username or self.parts.password:
            raise InvalidTarget("the base URL holds a user or password: give keys by their options")
        if self.parts.scheme == "http" and not self.is_loopback:
            raise InvalidTarget(f"keys are not sent to {self.host} in the clear: use https")
        if Product.COLLECTION not in self.subscription_keys:
            raise InvalidTarget("a subscription key of collection is needed")

    @property
    def secrets(self) -> tuple[str, ...]:
        """All that is sent and that nobody else may see, tokens apart; the login first."""
        login = b64encode(f"{self.api_user}:{self.api_key}".encode()).decode()
        return login, self.api_key, *self.subscription_keys.values()

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.base_url)

    @property
    def host(self) -> str:
        """The host's name, without a port; empty where the URL has none."""
        return self.parts.hostname or ""

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK_HOSTS

    @property
    def moves_no_money(self) -> bool:
        """True where that is known by the host: this machine, or MTN's sandbox."""
        return self.is_loopback or self.host in SANDBOX_HOSTS

    @property
    def has_test_numbers(self) -> bool:
        """True where the sandbox's test numbers mean something."""
        return self.target_environment == "sandbox"

    @property
    def products(self) -> tuple[Product, ...]:
        """Those that can be called, collection first."""
        return tuple(product for product in Product if product in self.subscription_keys)

    @property
    def decimals(self) -> int:
        """How many the amounts may have."""
        known = CURRENCIES.get(self.currency)
        return known.scale if known else 0


def refuse_malformed(url: str) -> None:
    """Raises InvalidTarget, naming the URL, where it is no http(s) URL with a host."""
    shown = repr(conceal_target(url))
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as problem:
        raise InvalidTarget(f"{shown} is no URL: {problem}") from None
    if not is_whole:
        hint = "" if "://" in url else f": write it as {_SCHEME_FIRST}"
        raise InvalidTarget(f"{shown} is no http(s) URL with a host{hint}")
