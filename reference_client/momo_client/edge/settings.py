"""The client's configuration, from `MTN_*` variables or from keyword arguments.

Source of the names: mission. Every problem is reported at once, with the variable and the remedy.
"""

from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_address
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from momo_client.core.policy import Policy
from momo_client.core.requests import Credentials, Merchant, StatusView
from momo_client.edge.phone import read_country
from momo_client.errors import ConfigurationError
from momo_contracts.values import Currency, Product, TargetEnvironment

REMEDIES = {
    "MTN_BASE_URL": "Set it to the API's address, such as https://sandbox.momodeveloper.mtn.com.",
    "MTN_SUBSCRIPTION_KEY": "Set it to the Collection product's primary key, from your profile "
    "on the developer portal; another product has its own, MTN_DISBURSEMENT_SUBSCRIPTION_KEY.",
    "MTN_API_USER": "Set it to the UUID of your API user.",
    "MTN_API_KEY": "Set it to the key that was made for your API user.",
    "MTN_TARGET_ENVIRONMENT": "Set it to 'sandbox' or to your country's environment.",
    "MTN_CURRENCY": "Set it to the target environment's currency, such as EUR for the sandbox.",
    "MTN_COUNTRY": "Set it to a two-letter country code such as UG, or leave it out.",
    "MTN_LEDGER_URL": "Set it to, say, sqlite:///momo-ledger.sqlite3.",
    "MTN_CHECK_BATCH": "Set it to a whole number from 1 to 10000, or leave it out for 10.",
    "MTN_CHECK_INTERVAL_S": "Set it to seconds from 1 to 86400, or leave it out for 30.",
    "MTN_CHECK_PACE": "Set it to 'steady' or 'adaptive', or leave it out for steady.",
    "MTN_ATTEMPTS": "Set it to a whole number from 1 to 10, or leave it out for 4.",
    "MTN_CALLS_PER_S": "Set it to calls from 0 to 1000, 0 for no limit, or leave it out for 10.",
    "MTN_CALLBACK_URL": "Set it to the address that your callbacks reach, such as "
    "https://shop.example/momo, without a query; or leave it out and let the checker ask.",
    "MTN_TIMEOUT_S": "Set it to seconds from 0.1 to 600, or leave it out for 30.",
    "MTN_STATUS_VIEW": "Set it to 'payment' or 'request_to_pay', or leave it out.",
    "MTN_ALLOW_HTTP": "Set it to 1 for a test server without TLS, or leave it out.",
    "MTN_ACCESS_TOKEN": "Remove it, and set MTN_API_USER and MTN_API_KEY instead: tokens expire "
    "after an hour, so the client asks for its own.",
}

DEFAULT_LEDGER_URL = "sqlite:///momo-ledger.sqlite3"


_CREDENTIALS = ("subscription_key", "api_user", "api_key")
_OF_PRODUCTS = tuple(f"{product}_{name}" for product in Product for name in _CREDENTIALS)


class Pace(StrEnum):
    """Whether the checker asks as often for an old payment as for a young one."""

    STEADY = "steady"
    ADAPTIVE = "adaptive"


class Settings(BaseSettings):
    """What the client must know. Raises ConfigurationError naming every variable at fault.

    `timeout_s` bounds one HTTP exchange. Secrets are not shown by `repr`.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="MTN_",
        env_ignore_empty=True,
        populate_by_name=True,
        frozen=True,
        extra="ignore",
        validate_default=False,
        hide_input_in_errors=True,
    )

    allow_http: bool = False
    base_url: str
    collection_subscription_key: SecretStr | None = None
    collection_api_user: str | None = None
    collection_api_key: SecretStr | None = None
    disbursement_subscription_key: SecretStr | None = None
    disbursement_api_user: str | None = None
    disbursement_api_key: SecretStr | None = None
    remittance_subscription_key: SecretStr | None = None
    remittance_api_user: str | None = None
    remittance_api_key: SecretStr | None = None
    subscription_key: SecretStr | None = Field(default=None, validate_default=True)
    api_user: str | None = Field(default=None, validate_default=True)
    api_key: SecretStr | None = Field(default=None, validate_default=True)
    target_environment: str
    currency: str
    country: str | None = None
    ledger_url: str = Field(default=DEFAULT_LEDGER_URL, repr=False)
    check_batch: int = Field(default=10, ge=1, le=10_000)
    check_interval_s: float = Field(default=30, ge=1, le=86_400)
    check_pace: Pace = Pace.STEADY
    attempts: int = Field(default=4, ge=1, le=10)
    calls_per_s: float = Field(default=10, ge=0, le=1000)
    timeout_s: float = Field(default=30, ge=0.1, le=600)
    callback_url: str = ""
    status_view: StatusView = StatusView.PAYMENT
    access_token: SecretStr | None = None

    def __init__(self, **values: Any) -> None:  # noqa: ANN401  # pydantic checks them
        problems = []
        try:
            super().__init__(**values)
        except ValidationError as error:
            problems = [_problem(detail) for detail in error.errors(include_input=False)]
        if problems:
            raise ConfigurationError(*problems)

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Self:
        """The settings in these `MTN_*` variables; what they leave out comes from the environment.

        Raises ConfigurationError.
        """
        return cls(**{name.removeprefix("MTN_").lower(): text for name, text in variables.items()})

    @field_validator("base_url")
    @classmethod
    def _check_base_url(cls, url: str, info: ValidationInfo) -> str:
        url = url.strip()
        if any(mark in url for mark in "?#@"):
            raise ValueError("has a query, a fragment or a user name in it")
        scheme, host = _read_address(url)
        is_private = scheme == "https" or _is_loopback(host)
        if not (is_private or info.data.get("allow_http")):
            raise ValueError("sends credentials unencrypted: use https, or set MTN_ALLOW_HTTP=1")
        return url.rstrip("/")

    @field_validator(*_CREDENTIALS, *_OF_PRODUCTS, mode="before")
    @classmethod
    def _check_credential(cls, value: object) -> object:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not isinstance(text, str):
            return value
        text = text.strip()
        if not text:
            raise ValueError("is blank")
        if not _is_plain(text):
            raise ValueError("holds a character that no credential has: paste it again")
        return text

    @field_validator(*_CREDENTIALS)
    @classmethod
    def _check_presence(cls, value: object, info: ValidationInfo) -> object:
        """A general credential may be left out where a product has its own."""
        own = (info.data.get(f"{product}_{info.field_name}") for product in Product)
        if value is None and not any(own):
            raise PydanticCustomError("missing", "is not set")
        return value

    @field_validator("callback_url")
    @classmethod
    def _check_callback_url(cls, url: str) -> str:
        if not url:
            return url  # a caller asks for no callbacks, whatever the environment says
        url = url.strip().rstrip("/")
        if any(mark in url for mark in "?#@"):
            raise ValueError("has a query, a fragment or a user name in it")
        _read_address(url)
        return url

    @field_validator("target_environment")
    @classmethod
    def _check_environment(cls, name: str) -> str:
        return TargetEnvironment.of(name).name

    @field_validator("currency")
    @classmethod
    def _check_currency(cls, code: str) -> str:
        return Currency.of(code).code

    @field_validator("country")
    @classmethod
    def _check_country(cls, code: str) -> str:
        return read_country(code)

    @field_validator("access_token")
    @classmethod
    def _refuse_access_token(cls, _token: SecretStr) -> None:
        raise ValueError("is set, but a static token is never used")

    def merchant(self) -> Merchant:
        """Who asks, with the credentials of each product that has all three."""
        credentials = {product: self._credentials(product) for product in Product}
        return Merchant(
            target_environment=self.target_environment,
            credentials={product: own for product, own in credentials.items() if own},
            status_view=self.status_view,
            callback_url=self.callback_url,
        )

    def products(self) -> tuple[Product, ...]:
        """The products that are configured: those with a credential of their own, and collection.

        The general credentials are collection's; elsewhere they only stand in for what is missing.
        """
        named = {name for name in _OF_PRODUCTS if getattr(self, name)}
        own = {product for product in Product if any(name.startswith(product) for name in named)}
        merchant = self.merchant()
        wanted = own | ({Product.COLLECTION} if self.subscription_key else set())
        return tuple(product for product in merchant.credentials if product in wanted)

    def policy(self) -> Policy:
        """How often to send, and the checker's batch and interval."""
        interval_ms = round(self.check_interval_s * 1000)
        is_adaptive = self.check_pace is Pace.ADAPTIVE
        return Policy(self.attempts, self.check_batch, interval_ms, is_adaptive)

    def _credentials(self, product: Product) -> Credentials | None:
        """A product's own credentials; the general ones stand in for those that it lacks."""
        user, key, subscription = (
            getattr(self, f"{product}_{name}") or getattr(self, name)
            for name in ("api_user", "api_key", "subscription_key")
        )
        if not (user and key and subscription):
            return None
        return Credentials(user, key.get_secret_value(), subscription.get_secret_value())


def _is_plain(text: str) -> bool:
    """True for what can stand in a header or a URL; a blank inside comes from pasting."""
    return text.isascii() and text.isprintable() and " " not in text


def _read_address(url: str) -> tuple[str, str]:
    """The scheme and the host of an address that can be called. Raises ValueError."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        host.encode("idna")
        is_callable = bool(host) and parts.port != 0 and _is_plain(url)
    except ValueError:  # its own words quote the address
        is_callable = False
    if not is_callable or parts.scheme not in ("http", "https"):
        raise ValueError("is not an address that begins with https://")
    return parts.scheme, host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _problem(detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong and what to do; never the value itself, which may be a secret."""
    place = str(detail["loc"][0])
    variable = place if place.startswith("MTN_") else f"MTN_{place.upper()}"
    product = next((f"{name.upper()}_" for name in Product if place.startswith(f"{name}_")), "")
    match detail["type"]:
        case "missing":
            what = "is not set"
        case "value_error":
            what = str(detail["ctx"]["error"])
        case _:
            what = f"is wrong: {detail['msg']}"
    return f"{variable} {what}", REMEDIES[variable.replace(product, "")]
